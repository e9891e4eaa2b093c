import { createServer, type RequestListener } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { httpProber } from '../../../functions/aws/prober.ts'

const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  stops.push(() => server.close().closeAllConnections())
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return `http://127.0.0.1:${address.port}/`
}

const probe = (url: string, more: object = {}) =>
  httpProber().probe({ name: 'front', url, expectStatus: 200, timeoutMs: 2_000, ...more })

describe('6.1 probes by HTTP', () => {
  it('calls the expected status healthy, and says how long it took', async () => {
    const methods: (string | undefined)[] = []
    const url = await serve((request, response) => {
      methods.push(request.method)
      response.end('fine')
    })
    expect(await probe(url)).toEqual({ isHealthy: true, elapsedMs: expect.any(Number) })
    expect(methods).toEqual(['GET'])
  })

  it('calls any other status unhealthy', async () => {
    const url = await serve((_, response) => response.writeHead(503).end())
    expect(await probe(url)).toEqual({ isHealthy: false, because: 'status 503, expected 200' })
    expect(await probe(url, { expectStatus: 503 })).toMatchObject({ isHealthy: true })
  })

  it('follows no redirect', async () => {
    const url = await serve((_, response) => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end())
    expect(await probe(url)).toEqual({ isHealthy: false, because: 'status 302, expected 200' })
  })

  it('F34: calls an answer that is too slow unhealthy', async () => {
    const url = await serve(() => undefined)
    expect(await probe(url, { timeoutMs: 50 })).toEqual({ isHealthy: false, because: 'no answer within 50 ms' })
  })

  it.each([
    ['a port nobody listens on', 'http://127.0.0.1:9/'],
    ['an address that is none', 'nonsense'],
    ['a scheme that is not HTTP', 'ftp://127.0.0.1/'],
  ])('never throws: %s is an unhealthy result', async (_, url) => {
    const result = await probe(url)
    expect(result.isHealthy).toBe(false)
    expect('because' in result && result.because.length).toBeGreaterThan(3)
  })
})
