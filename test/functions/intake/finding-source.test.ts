import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Inspector2Client } from '@aws-sdk/client-inspector2'
import { afterEach, describe, expect, it } from 'vitest'
import { inspectorFindings } from '../../../functions/aws/finding-source.ts'
import { normaliseDocument } from '../../../functions/intake/normalise.ts'
import { context, fixture } from './intake-fixtures.ts'

interface Answer {
  readonly status: number
  readonly error?: string
  readonly body: unknown
}

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** Inspector's protocol: POST /findings/list, instants as epoch seconds. */
async function inspector(answers: readonly Answer[], maxAttempts = 1) {
  const asked: unknown[] = []
  const left = [...answers]
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    asked.push([request.url, JSON.parse(Buffer.concat(chunks).toString() || '{}')])
    const { status, error, body } = left.shift() ?? { status: 500, body: {} }
    response.writeHead(status, { 'content-type': 'application/json', ...(error ? { 'x-amzn-errortype': error } : {}) })
    response.end(JSON.stringify(body))
  })
  servers.push(server)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = Object(server.address()) satisfies AddressInfo
  const client = new Inspector2Client({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    maxAttempts,
  })
  return { source: inspectorFindings(client), asked }
}

const epochs = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (name, entry) =>
    name.endsWith('At') && typeof entry === 'string' && !Number.isNaN(Date.parse(entry))
      ? Date.parse(entry) / 1000
      : entry,
  )
const window = { from: '2026-10-04T00:00:00.000Z', until: '2026-10-05T00:00:00.000Z' }
const throttled = { status: 429, error: 'ThrottlingException', body: { message: 'slow down' } }

describe('I6 findings by ListFindings', () => {
  it('reads a page into what intake reads, and asks by the window and the token', async () => {
    const exported = Object(fixture('findings/listfindings-export.json'))
    const { source, asked } = await inspector([{ status: 200, body: { ...Object(epochs(exported)), nextToken: 'n' } }])
    const page = await source.page({ ...window, token: 'm' })
    if ('refused' in page) throw new Error(page.detail)
    expect(page.token).toBe('n')
    const ids = (items: ReturnType<typeof normaliseDocument>) =>
      items.map((item) => ('finding' in item ? [item.finding.findingId, item.finding.updatedAt] : item))
    expect(ids(page.findings.flatMap((one) => normaliseDocument(one, context)))).toEqual(
      ids(normaliseDocument(exported, context)),
    )
    expect(asked).toEqual([
      [
        '/findings/list',
        {
          maxResults: 100,
          nextToken: 'm',
          filterCriteria: { updatedAt: [{ startInclusive: 1791072000, endInclusive: 1791158400 }] },
        },
      ],
    ])
  })

  it('first asks for everything active', async () => {
    const { source, asked } = await inspector([{ status: 200, body: { findings: [] } }])
    expect(await source.page({ until: window.until })).toEqual({ findings: [] })
    expect(asked).toMatchObject([
      ['/findings/list', { filterCriteria: { findingStatus: [{ comparison: 'EQUALS', value: 'ACTIVE' }] } }],
    ])
  })

  it.each([
    ['throttled', throttled, 'throttled'],
    ['bad-token', { status: 400, error: 'ValidationException', body: { message: 'token' } }, 'bad-token'],
    ['denied', { status: 403, error: 'AccessDeniedException', body: { message: 'no' } }, 'unavailable'],
    ['broken', { status: 500, error: 'InternalServerException', body: { message: 'oops' } }, 'unavailable'],
  ])('tells an answer that is %s', async (_, answer, refused) => {
    const { source } = await inspector([answer])
    expect(await source.page({ ...window, token: 'm' })).toMatchObject({ refused })
  })

  it('F24 tries a throttled call again', async () => {
    const { source, asked } = await inspector([throttled, { status: 200, body: { findings: [] } }], 3)
    expect(await source.page(window)).toEqual({ findings: [] })
    expect(asked).toHaveLength(2)
  })
})
