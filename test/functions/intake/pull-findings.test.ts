import { beforeEach, describe, expect, it } from 'vitest'
import { FindingRecord } from '../../../functions/finding/finding.ts'
import type { FindingSource } from '../../../functions/intake/ports.ts'
import { FindingPullRecord, run } from '../../../functions/intake/pull-findings.ts'
import { run as receive } from '../../../functions/intake/receive-findings.ts'
import type { Json } from '../../../functions/kit/json.ts'
import { keys, lists } from '../../../functions/kit/keys.ts'
import { changed, fixture, memoryPorts, nowMs } from './intake-fixtures.ts'

const minutes = 60_000
const iso = (ms: number) => new Date(ms).toISOString()
const raw = fixture('findings/inspector-raw-ec2.json')
/** Finding number `index`, as ListFindings gives it. */
const found = (index: number, over: Readonly<Record<string, Json>> = {}): Json =>
  JSON.parse(
    JSON.stringify({
      ...Object(raw),
      findingArn: `arn:aws:inspector2:${Reflect.get(Object(raw), 'findingArn').split(':')[3]}:${Reflect.get(Object(raw), 'awsAccountId')}:finding/${String(index).padStart(32, '0')}`,
      ...over,
    }),
  )

type Answer = Awaited<ReturnType<FindingSource['page']>>
function pullPorts() {
  const ports = memoryPorts()
  const asked: Parameters<FindingSource['page']>[0][] = []
  const answers: Answer[] = []
  const sent: string[] = []
  return {
    ...ports,
    region: 'eu-west-1',
    asked,
    answers,
    sent,
    source: {
      async page(query: Parameters<FindingSource['page']>[0]) {
        asked.push(query)
        return answers.shift() ?? { findings: [] }
      },
    },
    queue: { send: async (body: string) => void sent.push(body) },
  }
}
let ports = pullPorts()
beforeEach(() => {
  ports = pullPorts()
})
const pull = (...answers: readonly Answer[]) => {
  ports.answers.push(...answers)
  return run({}, ports)
}
/** What the queue's consumer makes of what was sent. */
const takeIn = async () => {
  for (const body of ports.sent.splice(0)) await receive(body, ports)
}
const stateOf = async () => (await ports.ledger.read(FindingPullRecord, keys.findingPull()))?.value
const recorded = async () => (await ports.ledger.list(FindingRecord, lists.findings)).length

describe('I6 F3 pullFindings', () => {
  it('first asks for everything that is active, page by page, and takes it in by the findings queue', async () => {
    const pages = [
      { findings: Array.from({ length: 100 }, (_, index) => found(index)), token: 'a' },
      { findings: Array.from({ length: 100 }, (_, index) => found(100 + index)), token: 'b' },
      { findings: [found(200)] },
    ]
    expect(await pull(...pages)).toEqual({ outcome: 'done', seen: 201, missed: 201 })
    expect(ports.asked.map(({ from, token }) => [from, token])).toEqual([
      [undefined, undefined],
      [undefined, 'a'],
      [undefined, 'b'],
    ])
    await takeIn()
    expect([await recorded(), ports.refusals.kept]).toEqual([201, []])
  })

  it('then asks for what was updated since the last good pull, with an overlap', async () => {
    await pull({ findings: [found(1)] })
    ports.clock.advance(10 * minutes)
    await pull({ findings: [] })
    expect(ports.asked[1]).toEqual({ from: iso(nowMs - 32 * minutes), until: iso(nowMs + 8 * minutes) })
  })

  it('sends only what the ledger does not have, or has older', async () => {
    await pull({ findings: [found(1), found(2)] })
    await takeIn()
    ports.clock.advance(10 * minutes)
    const newer = found(2, { updatedAt: '2026-10-04T00:00:00Z', status: 'CLOSED' })
    expect(await pull({ findings: [found(1), newer, found(3)] })).toMatchObject({ seen: 3, missed: 2 })
    await takeIn()
    expect(await recorded()).toBe(3)
    expect((await ports.ledger.list(FindingRecord, lists.findings)).map(({ value }) => value.status)).toEqual([
      'active',
      'active',
      'closed',
    ])
    expect([ports.counts.get('FindingsMissed'), ports.counts.get('FindingsPulled')]).toEqual([4, 5])
  })

  it('B1 sends what cannot be read, so that it is put aside with its reason', async () => {
    const bad = JSON.parse(
      JSON.stringify(
        changed(
          'findings/inspector-raw-ec2.json',
          'packageVulnerabilityDetails.vulnerablePackages.0.name',
          'foo; curl x|sh',
        ),
      ),
    )
    expect(await pull({ findings: [bad, found(1)] })).toMatchObject({ missed: 2 })
    await takeIn()
    expect(ports.refusals.kept).toMatchObject([{ reason: 'BAD_PACKAGE_NAME' }])
    expect(await recorded()).toBe(1)
  })

  it('a quiet pull writes nothing for six hours', async () => {
    await pull({ findings: [] })
    const leaves = ports.ledger.outbox().length
    ports.clock.advance(10 * minutes)
    await pull({ findings: [] })
    expect(ports.ledger.outbox()).toHaveLength(leaves)
    ports.clock.advance(360 * minutes)
    await pull({ findings: [] })
    expect(ports.ledger.outbox()).toHaveLength(leaves + 1)
  })
})

describe('I6 I16 a pull that Inspector does not let finish', () => {
  const throttled = { refused: 'throttled', detail: 'Rate exceeded' } as const

  it('F24 keeps the watermark and the page that it reached, is counted, and goes on from there', async () => {
    await pull({ findings: [] })
    ports.clock.advance(10 * minutes)
    expect(await pull({ findings: [found(1)], token: 'next' }, throttled)).toEqual({
      outcome: 'failed',
      seen: 1,
      missed: 1,
      because: 'throttled: Rate exceeded',
    })
    expect(await stateOf()).toMatchObject({
      doneUntil: iso(nowMs - 2 * minutes),
      open: { from: iso(nowMs - 32 * minutes), until: iso(nowMs + 8 * minutes), token: 'next' },
      failures: 1,
    })
    expect(ports.counts.get('FindingsPullFailed')).toBe(1)
    ports.clock.advance(10 * minutes)
    expect(await pull({ findings: [found(2)] })).toMatchObject({ outcome: 'done' })
    expect(ports.asked.at(-1)).toEqual({ ...(await lastWindow()), token: 'next' })
    expect(await stateOf()).toMatchObject({ doneUntil: iso(nowMs + 8 * minutes), failures: 0 })
    expect(await stateOf()).not.toHaveProperty('open')
  })
  const lastWindow = async () => ({ from: iso(nowMs - 32 * minutes), until: iso(nowMs + 8 * minutes) })

  it('starts the window again, once, when its token is no longer taken', async () => {
    const stale = { refused: 'bad-token', detail: 'expired' } as const
    await pull({ findings: [found(1)], token: 'old' }, throttled)
    expect(await pull(stale, { findings: [found(1)] })).toMatchObject({ outcome: 'done', seen: 1 })
    await pull({ findings: [], token: 'older' }, throttled)
    expect(await pull(stale, stale)).toMatchObject({ outcome: 'failed' })
  })

  it('ends itself before its time is over, and the next run goes on', async () => {
    const slow = {
      page: async (query: Parameters<FindingSource['page']>[0]) => {
        ports.clock.advance(3 * minutes)
        return query.token === 'b' ? { findings: [] } : { findings: [], token: query.token === 'a' ? 'b' : 'a' }
      },
    }
    expect(await run({}, { ...ports, source: slow })).toMatchObject({ outcome: 'more' })
    expect(await stateOf()).toMatchObject({ open: { token: 'b' } })
    expect(await run({}, { ...ports, source: slow })).toMatchObject({ outcome: 'done' })
  })

  it('I20 nothing counts as done when the queue takes nothing', async () => {
    const queue = { send: () => Promise.reject(new Error('SQS is away')) }
    ports.answers.push({ findings: [found(1)] })
    await expect(run({}, { ...ports, queue })).rejects.toThrow('SQS is away')
    expect(await stateOf()).toBeUndefined()
  })
})
