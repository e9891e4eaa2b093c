import { createServer, type RequestListener, type Server } from 'node:http'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { feedUrl, httpFeedSource } from '../../../functions/aws/feed-source.ts'
import { storedIntel } from '../../../functions/intel/lookup.ts'
import { run } from '../../../functions/intel/refresh-feed.ts'
import { type FeedServer, startFeedServer } from '../../../local/feed-server.ts'
import { anyFinding } from '../finding/any-finding.ts'
import { recordFindings, refreshPorts } from './any-feeds.ts'

const servers: (Server | FeedServer)[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) {
    if ('closeAllConnections' in server) server.closeAllConnections()
    await server.close()
  }
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  return typeof address === 'object' ? `http://127.0.0.1:${address?.port}` : ''
}

const text = (body: Uint8Array) => new TextDecoder().decode(body)

describe('3.6 httpFeedSource', () => {
  it('unpacks gzip by its first bytes and leaves the rest as it is', async () => {
    const base = await serve((request, response) => response.end(request.url === '/gz' ? gzipSync('packed') : 'plain'))
    expect(text((await httpFeedSource().fetch(`${base}/gz`)).body)).toBe('packed')
    expect(text((await httpFeedSource().fetch(`${base}/csv.gz`)).body)).toBe('plain')
  })

  it('follows one redirect and no second one', async () => {
    const base = await serve((request, response) => {
      if (request.url === '/end') return response.end('here')
      return response.writeHead(302, { location: request.url === '/one' ? '/end' : '/one' }).end()
    })
    expect(text((await httpFeedSource().fetch(`${base}/one`)).body)).toBe('here')
    expect((await httpFeedSource().fetch(`${base}/two`)).status).toBe(302)
  })

  it.each(['http://example.com/kev.json', 'ftp://127.0.0.1/kev', 'file:///etc/passwd', 'kev.json', ''])(
    'refuses the address "%s"',
    async (address) => {
      await expect(httpFeedSource().fetch(address)).rejects.toMatchObject({ code: 'DD1202' })
    },
  )

  it('refuses a redirect to what is not https', async () => {
    const base = await serve((_, response) => response.writeHead(302, { location: 'http://example.com/kev' }).end())
    await expect(httpFeedSource().fetch(base)).rejects.toMatchObject({ code: 'DD1202' })
  })

  it.each([
    ['https://example.com/kev', 'http://127.0.0.1/kev', false],
    ['https://example.com/kev', 'https://localhost/kev', false],
    ['https://example.com/kev', 'http://169.254.169.254/latest', false],
    ['https://example.com/kev', 'https://mirror.example.com/kev', true],
    ['https://example.com/kev', '/other', true],
    ['http://127.0.0.1:1/kev', '/other', true],
  ])('from %s a redirect to %s is allowed: %s', (from, to, isAllowed) => {
    const follow = () => feedUrl(to, new URL(from))
    if (isAllowed) expect(follow().href).toContain(to)
    else expect(follow).toThrow('DD1202')
  })

  it.each([
    ['plain', 'x'.repeat(2000)],
    ['that says no length', undefined],
  ])('I16 refuses an answer %s that is too large', async (_, body) => {
    const base = await serve((_, response) => {
      if (body !== undefined) return response.end(body)
      for (let part = 0; part < 20; part++) response.write('x'.repeat(100))
      return response.end()
    })
    const source = httpFeedSource({ timeoutMs: 5_000, bytesMax: 1_000 })
    await expect(source.fetch(base)).rejects.toMatchObject({ code: 'DD1202' })
  })

  it('I16 refuses gzip that unpacks to too much', async () => {
    const base = await serve((_, response) => response.end(gzipSync('x'.repeat(100_000))))
    await expect(httpFeedSource({ timeoutMs: 5_000, bytesMax: 10_000 }).fetch(base)).rejects.toThrow()
  })

  it('refuses gzip that is cut off', async () => {
    const base = await serve((_, response) => response.end(gzipSync('x'.repeat(1000)).subarray(0, 20)))
    await expect(httpFeedSource().fetch(base)).rejects.toThrow('unexpected end')
  })

  it('gives up on a server that does not answer in time', async () => {
    const base = await serve(() => undefined)
    await expect(httpFeedSource({ timeoutMs: 50, bytesMax: 10 }).fetch(base)).rejects.toThrow(/timeout/i)
  })
})

describe('3.6 startFeedServer', () => {
  it('serves three feeds that a refresh takes, and a new KEV row wakes its finding', async () => {
    const feeds = await startFeedServer({})
    servers.push(feeds)
    const addressOf = (feed: string) =>
      `${feeds.address}/${{ kev: 'kev.json', epss: 'epss.csv.gz' }[feed] ?? 'vulnrichment'}`
    const ports = { ...refreshPorts(), source: httpFeedSource(), addressOf }
    ports.clock.set(Date.now() + 1000)
    await recordFindings(ports.ledger, [anyFinding({ vulnerabilityId: 'CVE-2024-6387' })])
    for (const feed of ['kev', 'epss', 'vulnrichment'] as const)
      expect(await run({ feed }, ports)).toMatchObject({ outcome: 'refreshed' })
    expect(await run({ feed: 'kev' }, ports)).toEqual({ outcome: 'unchanged' })
    expect(await storedIntel(ports.ledger, ports.store).lookup('CVE-2024-6387')).toMatchObject({
      epss: { probability: 0.42113 },
      vulnrichment: { automatable: 'no', technicalImpact: 'total', exploitation: 'poc' },
    })
    ports.nudges.sent.length = 0
    feeds.setKev([
      { cveID: 'CVE-2024-29069', dateAdded: '2026-10-01', forensicTriage: 'No' },
      { cveID: 'CVE-2024-6387', dateAdded: '2026-10-02', forensicTriage: 'Yes' },
    ])
    expect(await run({ feed: 'kev' }, ports)).toEqual({ outcome: 'refreshed', woken: 1 })
    expect((await storedIntel(ports.ledger, ports.store).lookup('CVE-2024-6387')).kev?.forensicTriage).toBe(true)
  })
})
