import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import * as z from 'zod'
import { keys } from '../../functions/kit/keys.ts'
import { anyService, catalogueOf } from '../functions/rollout/any-catalogue.ts'
import { runVerb } from './run-verb.ts'

const ics = [
  ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:x', 'BEGIN:VEVENT', 'UID:1', 'DTSTART;VALUE=DATE:20261224'],
  ...['DTEND;VALUE=DATE:20261227', 'END:VEVENT', 'END:VCALENDAR'],
].join('\n')
const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const everyDay = { days: weekdays, start: '00:00', durationMinutes: 1440, timeZone: 'Europe/Berlin' }
const catalogue = catalogueOf(
  [anyService('web', { windows: [everyDay] }), anyService('billing', { windows: [everyDay] }), anyService('free')],
  {
    freezes: [],
    calendars: [
      { name: 'holidays', services: ['web'], ics },
      { name: 'quarter-end', services: ['billing'], ssm: 'quarter-end' },
    ],
  },
)

const Asked = z.object({ CalendarNames: z.array(z.string()).optional(), AtTime: z.string().optional() })
type Answer = readonly [status: number, body: object]
let ssm: (atTime: string) => Answer = () => [500, {}]

/** A hub of one record, and an SSM of one calendar, on the wire. */
const answerTo = (target: string, { AtTime = '' }: z.infer<typeof Asked>): Answer => {
  if (target.endsWith('GetCalendarState')) return ssm(AtTime)
  if (!target.endsWith('GetItem')) return [400, { __type: 'UnknownOperationException' }]
  const { pk, sk } = keys.catalogue()
  return [200, { Item: { pk: { S: pk }, sk: { S: sk }, version: { N: '1' }, value: { S: JSON.stringify(catalogue) } } }]
}
const server = createServer(async (request, response) => {
  const body = (await request.setEncoding('utf8').toArray()).join('')
  const [status, answer] = answerTo(
    String(request.headers['x-amz-target'] ?? ''),
    Asked.parse(JSON.parse(body || '{}')),
  )
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(answer))
})
const folder = mkdtempSync(join(tmpdir(), 'drydock-service-'))
const session = join(folder, 'session.json')

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  const keysOf = { AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' }
  const environment = { ...keysOf, DRYDOCK_TABLE: 'ledger', DRYDOCK_EVIDENCE_BUCKET: 'evidence', AWS_ENDPOINT_URL: url }
  writeFileSync(session, JSON.stringify({ environment }))
})
afterAll(() => {
  server.close()
  rmSync(folder, { recursive: true })
})
afterEach(() => vi.unstubAllEnvs())

async function show(service: string, at: string, ...more: readonly string[]) {
  vi.stubEnv('DRYDOCK_TABLE', undefined)
  vi.stubEnv('DRYDOCK_SESSION', session)
  const { status, stdout, stderr } = await runVerb('calendar', 'show', '--service', service, '--at', at, ...more)
  return { status, stderr, answer: stdout.startsWith('{') ? JSON.parse(stdout) : stdout }
}

describe('2.3 drydock calendar show --service', () => {
  it('reads whole days of a calendar in the zone of the windows of the service that it concerns', async () => {
    const { status, answer } = await show('web', '2026-12-23T23:30:00Z', '--json')
    expect(status).toBe(6)
    expect(answer).toMatchObject({
      of: 'service web',
      verdict: 'hold',
      because: 'in calendar holidays',
      until: '2026-12-26T23:00:00.000Z',
      closed: [{ from: '2026-12-23T23:00:00.000Z', until: '2026-12-26T23:00:00.000Z', by: 'calendar holidays' }],
    })
  })

  it('shows neither another service’s calendar nor windows where there are none', async () => {
    const { status, answer } = await show('free', '2026-12-24T12:00:00Z', '--json')
    expect([status, answer.verdict, answer.closed]).toEqual([0, 'go', []])
    expect(answer).not.toHaveProperty('windows')
  })

  it('asks SSM of the hub’s own cloud, change by change, and holds where it says closed', async () => {
    const asked: string[] = []
    ssm = (atTime) => {
      asked.push(atTime)
      return atTime < '2026-12-31'
        ? [200, { State: 'CLOSED', NextTransitionTime: '2026-12-31T00:00:00Z' }]
        : [200, { State: 'OPEN' }]
    }
    const { status, answer } = await show('billing', '2026-12-30T12:00:00Z', '--json')
    expect(asked).toEqual(['2026-12-30T12:00:00Z', '2026-12-31T00:00:00Z'])
    expect([status, answer.verdict, answer.until]).toEqual([6, 'hold', '2026-12-31T00:00:00.000Z'])
    expect((await show('billing', '2026-12-31T12:00:00Z', '--json')).status).toBe(0)
  })

  it('holds where SSM does not know the calendar', async () => {
    ssm = () => [400, { __type: 'InvalidDocument', message: 'no such calendar' }]
    const { status, answer } = await show('billing', '2026-12-30T12:00:00Z', '--json')
    expect(status).toBe(6)
    expect(answer).toMatchObject({ verdict: 'hold', because: expect.stringContaining('no such calendar') })
  })

  it('names the service that was meant', async () => {
    const { status, stderr } = await show('wep', '2026-12-30T12:00:00Z')
    expect(status).toBe(64)
    expect(stderr).toContain('no service wep in the catalogue; did you mean web?')
  })
})
