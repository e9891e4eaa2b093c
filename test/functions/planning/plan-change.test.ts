import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { CalendarReading } from '../../../functions/calendar/reading.ts'
import { ChangeRecord } from '../../../functions/changes/change.ts'
import { moveRecordedChange } from '../../../functions/changes/move-change.ts'
import { changeMove } from '../../../functions/changes/reducer.ts'
import { AssetRecord } from '../../../functions/inventory/asset.ts'
import type { Json } from '../../../functions/kit/json.ts'
import { canonicalJson } from '../../../functions/kit/json.ts'
import { keys, lists } from '../../../functions/kit/keys.ts'
import type { Ledger, Move, RecordKey } from '../../../functions/kit/ledger.ts'
import { PlanRecord } from '../../../functions/planning/plan.ts'
import { run } from '../../../functions/planning/plan-change.ts'
import { scenarioCatalogue, scenarioPolicy } from '../../../local/scenario/seed.ts'
import { memoryLedger } from '../../../simulator/ports/ledger.ts'
import { fixedClock, sequentialIds } from '../../../simulator/ports/time.ts'
import { anyChange } from '../changes/any-change.ts'
import { anyAsset } from './any-asset.ts'

const change = anyChange()
const { changeId } = change
const input = { changeId }
const freeze = { startMs: Date.UTC(2030, 0, 1), endMs: Date.UTC(2030, 0, 2) }
const stages = ['dev', 'staging', 'canary', 'production', 'production', 'production']

async function anyWorld(without: readonly ('change' | 'catalogue' | 'policy' | 'assets')[] = []) {
  const ledger = memoryLedger()
  const clock = fixedClock(Date.UTC(2026, 0, 1))
  const ids = sequentialIds()
  const world = { installed: new Map<string, Record<string, string>>(), hash: 'd'.repeat(64) }
  const overrides = new Map<string, string>()
  const put = (kind: string, key: RecordKey, value: Json, list?: Move['list']) =>
    ledger.commit({
      moves: [{ kind, key, from: 0, value, ...(list ? { list } : {}) }],
      evidence: [{ leafId: ids.next(), at: '', type: 'test', account: '', changeId: 'none', actor: 'test', body: {} }],
    })
  if (!without.includes('change'))
    await put('change', keys.change(changeId), change, changeMove(undefined, change).list)
  if (!without.includes('catalogue'))
    await put('catalogue', keys.catalogue(), scenarioCatalogue('http://127.0.0.1:1', freeze))
  if (!without.includes('policy')) await put('policy', keys.policy(), scenarioPolicy())
  if (!without.includes('assets'))
    for (const [index, stage] of stages.entries()) {
      const asset = anyAsset({ hostId: `i-0000000${index}`, stage, zone: `z${index % 3}` })
      await put(AssetRecord.kind, keys.asset(asset.hostId), asset, { pk: lists.assets, sk: asset.hostId })
    }
  const ports = {
    ledger,
    clock,
    ids,
    account: '123456789012',
    inventories: [
      {
        account: '123456789012',
        region: 'eu-central-1',
        nodes: { all: async () => [], installed: async () => world.installed },
      },
    ],
    metrics: { count: () => undefined },
    pins: { current: async (name: string) => ({ name, version: '1', hash: world.hash }) },
    digest: (text: string) => createHash('sha256').update(text).digest('hex'),
    overrideLists: {
      keep: async ({ yaml, sha256 }: { yaml: string; sha256: string }) => {
        overrides.set(sha256, yaml)
      },
    },
  }
  const read = async () => (await ledger.read(ChangeRecord, keys.change(changeId)))?.value
  const evidence = () => ledger.outbox().filter(({ type }) => type !== 'test')
  return { ledger, clock, ports, world, overrides, put, read, evidence }
}

describe('2.5 planRecordedChange', () => {
  it('records the plan under the SHA-256 of its canonical JSON, opens the review and files both moves', async () => {
    const { ports, ledger, read, evidence } = await anyWorld()
    const result = await run(input, ports)
    if (result.outcome !== 'planned') throw new Error(result.because)
    const plan = await ledger.read(PlanRecord, keys.plan(changeId, result.planHash))
    expect(createHash('sha256').update(canonicalJson(plan?.value)).digest('hex')).toBe(result.planHash)
    expect(await read()).toMatchObject({ state: 'in-review', planHash: result.planHash })
    expect(evidence().map(({ type }) => type)).toEqual(['change.planned', 'change.review-opened'])
    expect(evidence()[0]?.body).toMatchObject({
      planHash: result.planHash,
      object: `v1/object/${result.planHash}.json`,
      plan: { service: 'web', packages: 1 },
    })
  })

  it('does nothing when it is asked again, not even after the votes', async () => {
    const { ports, clock, read, evidence } = await anyWorld()
    const first = await run(input, ports)
    for (const type of ['approval-asked', 'approved'] as const) await moveRecordedChange(changeId, { type }, ports)
    const before = evidence().length
    clock.advance(3_600_000)
    expect(await run(input, ports)).toEqual(first)
    expect(await read()).toMatchObject({ state: 'approved' })
    expect(evidence()).toHaveLength(before)
  })

  it('B43 plans anew, and back into review, when a document changed', async () => {
    const { ports, world, read } = await anyWorld()
    const first = await run(input, ports)
    world.hash = 'e'.repeat(64)
    const second = await run(input, ports)
    expect(second).toMatchObject({ outcome: 'planned' })
    expect(second).not.toEqual(first)
    expect(await read()).toMatchObject({ state: 'in-review', planHash: 'planHash' in second ? second.planHash : '' })
  })

  it.each([
    ['no catalogue', ['catalogue'], 'no catalogue is loaded'],
    ['no policy', ['policy'], 'no policy is loaded'],
    ['no nodes', ['assets'], 'no-hosts'],
  ] as const)('I20 holds the change with the reason when there is %s', async (_, without, because) => {
    const { ports, read, evidence } = await anyWorld(without)
    expect(await run(input, ports)).toEqual({ outcome: 'held', because: expect.stringContaining(because) })
    expect(await read()).toMatchObject({
      state: 'held',
      heldFrom: 'assessed',
      heldBecause: expect.stringContaining(because),
    })
    expect(evidence().map(({ type }) => type)).toEqual(['change.held'])
  })

  describe('2.3 a calendar that SSM keeps', () => {
    const opensAt = Date.UTC(2026, 0, 3)
    const closedUntilThen: CalendarReading = {
      changes: [
        { atMs: Date.UTC(2026, 0, 1), state: 'CLOSED' },
        { atMs: opensAt, state: 'OPEN' },
      ],
    }
    async function calendarWorld() {
      const world = await anyWorld(['catalogue'])
      const calendars = [{ name: 'year-end', services: [], ssm: 'year-end' }]
      await world.put('catalogue', keys.catalogue(), { ...scenarioCatalogue('http://127.0.0.1:1', freeze), calendars })
      const under = (reading: CalendarReading) => ({
        ...world.ports,
        calendarStates: { read: async () => new Map([['year-end', reading]]) },
      })
      return { ...world, under }
    }

    it('that is closed and opens again lets the change be planned: its rings wait at their gates', async () => {
      const { under, read } = await calendarWorld()
      expect((await run(input, under(closedUntilThen))).outcome).toBe('planned')
      expect(await read()).toMatchObject({ state: 'in-review' })
    })

    it.each<readonly [string, CalendarReading]>([
      ['cannot be read', { unknown: 'AccessDeniedException' }],
      ['stays closed', { changes: [{ atMs: Date.UTC(2026, 0, 1), state: 'CLOSED' }] }],
    ])('I20 that %s holds the change, which goes on once it is read open', async (_, reading) => {
      const { under, read, ports } = await calendarWorld()
      expect(await run(input, under(reading))).toEqual({
        outcome: 'held',
        because: expect.stringMatching(/no-window: .*calendar year-end/),
      })
      expect(await read()).toMatchObject({ state: 'held', heldFrom: 'assessed' })
      await moveRecordedChange(changeId, { type: 'released' }, ports)
      expect((await run(input, under(closedUntilThen))).outcome).toBe('planned')
    })

    it('I20 that nobody can be asked about holds the change', async () => {
      const { ports } = await calendarWorld()
      expect((await run(input, ports)).outcome).toBe('held')
    })
  })

  it('7.3 holds a patch that is blocked for the fleet, though no list shows it yet', async () => {
    const { ports, put } = await anyWorld()
    const [{ name = '', fixedVersion: version = '' } = {}] = change.packages
    const block = { package: name, version, changeId, because: 'worse', at: '2026-01-01T00:00:00.000Z' }
    await put('blocked-patch', keys.blockedPatch(name, version), block)
    expect(await run(input, ports)).toEqual({ outcome: 'held', because: expect.stringContaining('blocked-patch') })
  })

  it('holds when every node has the fix by now', async () => {
    const { ports, world } = await anyWorld()
    const fixed = { snapd: change.packages[0]?.fixedVersion ?? '' }
    world.installed = new Map(stages.map((_, index) => [`i-0000000${index}`, fixed]))
    expect(await run(input, ports)).toEqual({ outcome: 'held', because: expect.stringContaining('no-hosts') })
  })

  it('B1 holds a change of Windows updates in which anything is no number of an update, and keeps no list', async () => {
    const { ports, put, overrides } = await anyWorld(['change'])
    const packages = ['KB5034127', 'KB1; id'].map((name) => ({ name, fixedVersion: 'installed' }))
    await put('change', keys.change(changeId), anyChange({ patchSet: 'windows-updates', packages }))
    expect(await run(input, ports)).toEqual({ outcome: 'held', because: expect.stringContaining('KB1; id') })
    expect(overrides.size).toBe(0)
  })

  const throttled = () => Promise.reject(new Error('throttled'))

  it('I20 moves nothing when SSM does not answer', async () => {
    const { ports, read, evidence } = await anyWorld()
    const inventories = ports.inventories.map((one) => ({ ...one, nodes: { ...one.nodes, installed: throttled } }))
    await expect(run(input, { ...ports, inventories })).rejects.toThrow('throttled')
    expect(await read()).toMatchObject({ state: 'assessed' })
    expect(evidence()).toEqual([])
  })

  it('reads again and plans what now stands when the change was moved in between', async () => {
    const { ports, ledger, read } = await anyWorld()
    let isFirst = true
    const raced: Ledger = {
      ...ledger,
      commit: async (transaction) => {
        if (isFirst) {
          isFirst = false
          const current = await ledger.read(ChangeRecord, keys.change(changeId))
          if (!current) throw new Error('no change')
          const joined = { ...current.value, reasons: ['joined meanwhile'] }
          await ledger.commit({ ...transaction, moves: [changeMove(current, joined)] })
          ledger.outbox()
        }
        return ledger.commit(transaction)
      },
    }
    expect(await run(input, { ...ports, ledger: raced })).toMatchObject({ outcome: 'planned' })
    expect(await read()).toMatchObject({ state: 'in-review', reasons: ['joined meanwhile'] })
  })

  it('gives up with DD1602 when others are always first', async () => {
    const { ports, ledger } = await anyWorld()
    const busy: Ledger = { ...ledger, commit: async () => ({ conflict: keys.change(changeId) }) }
    await expect(run(input, { ...ports, ledger: busy })).rejects.toThrow('DD1602')
  })

  it('fails with DD1601 on a change that is not recorded', async () => {
    const { ports } = await anyWorld(['change'])
    await expect(run(input, ports)).rejects.toThrow('DD1601')
  })

  it('leaves a change that is at its end alone', async () => {
    const { ports, read, evidence } = await anyWorld()
    await moveRecordedChange(changeId, { type: 'cancelled', because: 'not needed' }, ports)
    expect(await run(input, ports)).toMatchObject({ outcome: 'held' })
    expect(await read()).toMatchObject({ state: 'cancelled' })
    expect(evidence().map(({ type }) => type)).toEqual(['change.cancelled'])
  })
})
