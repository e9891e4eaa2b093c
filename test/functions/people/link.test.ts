import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { systemSecrets } from '../../../functions/aws/secrets.ts'
import { questionUrl } from '../../../functions/people/link.ts'
import { askIn } from '../../../local/scenario/approve.ts'

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const linkIds = fc.string({ unit: fc.constantFrom(...crockford), minLength: 26, maxLength: 26 })
const secrets = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('base64url'))
const consoles = fc
  .tuple(
    fc.constantFrom('http', 'https'),
    fc.domain(),
    fc.constantFrom('', ':8443'),
    fc.constantFrom('', '/', '//', '/dock/'),
  )
  .map(([scheme, host, port, path]) => `${scheme}://${host}${port}${path}`)
const settings = { seed: 20_261_124, numRuns: 200 }

/** As the approval page reads its own address. */
const readBack = (url: string) => new URL(url).hash.slice(1).split('.')

describe('2.1 questionUrl', () => {
  it('comes back as the same id and secret, whatever they are', () => {
    fc.assert(
      fc.property(consoles, linkIds, secrets, (consoleUrl, linkId, secret) => {
        expect(readBack(questionUrl(consoleUrl, linkId, secret))).toEqual([linkId, secret])
      }),
      settings,
    )
  })

  it('F17 puts id and secret where no browser sends them: the request holds neither', () => {
    fc.assert(
      fc.property(consoles, linkIds, secrets, (consoleUrl, linkId, secret) => {
        const { origin, pathname, search } = new URL(questionUrl(consoleUrl, linkId, secret))
        expect(`${origin}${pathname}${search}`.includes(linkId) || search !== '').toBe(false)
        expect(`${pathname}${search}`.includes(secret)).toBe(false)
        expect(pathname.endsWith('/approve')).toBe(true)
      }),
      settings,
    )
  })

  it('needs no escaping in a mail, and cut short it is another link', () => {
    fc.assert(
      fc.property(linkIds, secrets, fc.integer({ min: 1, max: 60 }), (linkId, secret, cut) => {
        const url = questionUrl('https://console.example', linkId, secret)
        expect(url).toMatch(/^[A-Za-z0-9:/.#_-]+$/)
        expect(readBack(url.slice(0, -cut))).not.toEqual([linkId, secret])
      }),
      settings,
    )
  })

  it('B23 a secret with one character more, less or other is another secret', () => {
    const { digest, isEqual } = systemSecrets()
    fc.assert(
      fc.property(secrets, fc.integer({ min: 0, max: 42 }), fc.constantFrom('A', 'b', '-', ''), (secret, at, other) => {
        const changed = secret.slice(0, at) + other + secret.slice(at + 1)
        fc.pre(changed !== secret)
        expect(isEqual(digest(changed), digest(secret))).toBe(false)
      }),
      settings,
    )
  })

  it('is what the local inbox finds in a mail', () => {
    const { linkSecret, code } = systemSecrets()
    const [secret, typed] = [linkSecret(), code()]
    const link = questionUrl('http://127.0.0.1:8080/', '01J00000000000000000000009', secret)
    const text = `Open this page:\n${link}\n\nYour code: ${typed.slice(0, 4)}-${typed.slice(4)}\n`
    expect(askIn({ to: 'olivia@example.com', subject: '', text, html: '' })).toMatchObject({
      linkId: '01J00000000000000000000009',
      secret,
      consoleUrl: 'http://127.0.0.1:8080',
    })
  })
})
