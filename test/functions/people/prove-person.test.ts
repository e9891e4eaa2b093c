import { describe, expect, it } from 'vitest'
import { peopleOf } from '../../../functions/people/people.ts'
import { normalisedCode, run } from '../../../functions/people/prove-person.ts'
import { anyPerson } from './any-people.ts'
import { anySpotCheck, hostId, stewards } from './spot-check.ts'

const people = peopleOf([
  ...stewards,
  anyPerson('stella-admin', { email: 'adm@example.com', aliases: ['stella@example.com'] }),
])

async function proofOf(more: { code?: string; sessionAddress?: string }) {
  const { ports, followUp, linkOf } = await anySpotCheck()
  await followUp()
  const who = await run(linkOf('stella', more), ports)
  return 'refused' in who ? who : { personId: who.personId, proof: who.proof(people) }
}

describe('2.1 normalisedCode', () => {
  it.each([
    ['abcd-efgh', 'ABCDEFGH'],
    [' ABCD EFGH\n', 'ABCDEFGH'],
    ['oO0iIlL1', '00011111'],
  ])('reads "%s" as Crockford does', (typed, code) => {
    expect(normalisedCode(typed)).toBe(code)
  })
})

describe('2.1 run of prove-person', () => {
  it.each([
    ['the right code', {}, 'code'],
    ['a wrong code', { code: 'ZZZZZZZZ' }, 'wrong-code'],
    ['their own session, whatever the code', { code: 'ZZZZZZZZ', sessionAddress: 'stella@example.com' }, 'session'],
    ['a session of another entry of theirs', { sessionAddress: 'adm@example.com' }, 'session'],
    ['a session of someone else', { sessionAddress: 'dora@example.com' }, 'other-session'],
    ['a session of nobody known', { sessionAddress: 'nobody@example.com' }, 'other-session'],
  ])('B28 proves the holder of a link by %s', async (_, more, proof) => {
    expect(await proofOf(more)).toEqual({ personId: 'stella', proof })
  })

  it('refuses a session that looked at another subject than there is now', async () => {
    const { ports } = await anySpotCheck()
    const name = {
      by: 'session',
      purpose: 'spot-check',
      subject: hostId,
      sessionAddress: 'stella@example.com',
    } as const
    expect(await run({ ...name, subjectHash: 'd'.repeat(64) }, ports)).toEqual({ refused: 'superseded' })
    expect(await run({ ...name, subjectHash: 'c'.repeat(64) }, ports)).toMatchObject({ personId: 'stella' })
  })

  it('refuses a link that is none', async () => {
    const { ports } = await anySpotCheck()
    const link = { by: 'link', linkId: 'x', secret: 'y', code: 'z' } as const
    expect(await run(link, ports)).toEqual({ refused: 'unknown-link' })
  })
})
