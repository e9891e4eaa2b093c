import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { serveApp } from '../../../functions/aws/serve-app.ts'

const address = 'https://console.example:8443'

/** What API Gateway's HTTP API sends (payload format 2.0). */
const anyEvent = (over: { readonly headers?: Record<string, string>; readonly domainName?: string } = {}) => ({
  version: '2.0',
  routeKey: '$default',
  rawPath: '/changes',
  rawQueryString: 'after=a',
  headers: over.headers ?? {},
  body: null,
  isBase64Encoded: false,
  requestContext: {
    accountId: '123456789012',
    apiId: 'api',
    authentication: null,
    authorizer: {},
    domainName: over.domainName ?? 'api.execute-api.eu-central-1.amazonaws.com',
    domainPrefix: 'api',
    http: { method: 'GET', path: '/changes', protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
    requestId: 'request',
    routeKey: '$default',
    stage: '$default',
    time: '01/Jan/2026:00:00:00 +0000',
    timeEpoch: 0,
  },
})

function served() {
  let builds = 0
  const handler = serveApp(() => {
    builds++
    const app = new Hono()
    app.get('/changes', (context) => context.json({ url: context.req.url, host: context.req.header('host') }))
    return { app, address }
  })
  return {
    ask: async (event: ReturnType<typeof anyEvent>) => JSON.parse((await handler(event)).body),
    builds: () => builds,
  }
}

describe('10.1 an app behind an HTTP API', () => {
  it.each([
    ['as API Gateway names it', anyEvent()],
    ['B36 with a Host of the caller’s', anyEvent({ headers: { host: 'evil.example' } })],
    ['B36 with a domain of the caller’s', anyEvent({ domainName: 'evil.example' })],
    [
      'B36 with forwarding headers',
      anyEvent({ headers: { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' } }),
    ],
  ])('sees its one configured address: %s', async (_, event) => {
    expect(await served().ask(event)).toEqual({
      url: 'https://console.example:8443/changes?after=a',
      host: 'console.example:8443',
    })
  })

  it('is built at the first request, and once', async () => {
    const { ask, builds } = served()
    expect(builds()).toBe(0)
    await ask(anyEvent())
    await ask(anyEvent())
    expect(builds()).toBe(1)
  })
})
