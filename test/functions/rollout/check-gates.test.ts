import { describe, expect, it } from 'vitest'
import { BallotRecord } from '../../../functions/approvals/ballot.ts'
import { CatalogueRecord } from '../../../functions/catalogue/catalogue.ts'
import { ChangeRecord } from '../../../functions/changes/change.ts'
import { emptyHead } from '../../../functions/evidence/head.ts'
import { readEvidenceHealth } from '../../../functions/evidence/health.ts'
import type { LogHead, Outbox } from '../../../functions/evidence/ports.ts'
import type { Json } from '../../../functions/kit/json.ts'
import { keys } from '../../../functions/kit/keys.ts'
import type { RecordKey, RecordKind } from '../../../functions/kit/ledger.ts'
import { askGates } from '../../../functions/rollout/ask-gates.ts'
import { BaselineRecord } from '../../../functions/rollout/baseline.ts'
import { run } from '../../../functions/rollout/check-gates.ts'
import type { ProbeResult } from '../../../functions/rollout/ports.ts'
import { scenarioCatalogue } from '../../../local/scenario/seed.ts'
import { memoryLedger } from '../../../simulator/ports/ledger.ts'
import { memoryLogHead, memoryOutbox } from '../../../simulator/ports/outbox.ts'
import { scriptedProber } from '../../../simulator/ports/prober.ts'
import { fixedClock, sequentialIds } from '../../../simulator/ports/time.ts'
import { planHash } from '../approvals/any-ballot.ts'
import { anyChange } from '../changes/any-change.ts'
import { anyPlan } from '../planning/any-plan.ts'
import { approvedBallot } from './any-catalogue.ts'

const change = anyChange({ state: 'approved', planHash })
const { changeId } = change
const nowMs = Date.parse('2026-01-01T12:00:00.000Z')
const healthy = (): ProbeResult => ({ isHealthy: true, elapsedMs: 7 })
const asked = { changeId, ring: 'production' }

async function anyWorld(answer: () => ProbeResult = healthy, leafAt = '2026-01-01T12:00:00.000Z') {
  const ledger = memoryLedger()
  const put = (kind: string, key: RecordKey, value: unknown) =>
    ledger.commit({
      moves: [{ kind, key, from: 0, value: JSON.parse(JSON.stringify(value)) as Json }],
      evidence: [{ leafId: kind, at: leafAt, type: 't', account: '', changeId, actor: '', body: {} }],
    })
  const freeze = { startMs: nowMs, endMs: nowMs + 1 }
  await put('change', keys.change(changeId), change)
  await put('plan', keys.plan(changeId, planHash), anyPlan())
  await put('catalogue', keys.catalogue(), scenarioCatalogue('http://fleet', freeze))
  await put('question', keys.ballot(changeId), approvedBallot(changeId, planHash))
  const pins = Object.values(anyPlan().manifest.documents)
  const clock = fixedClock(nowMs)
  const [outbox, logHead]: [Outbox, LogHead] = [memoryOutbox(ledger), memoryLogHead()]
  return {
    ledger,
    clock,
    ids: sequentialIds(),
    account: '123456789012',
    pins: { current: async (name: string) => pins.find((pin) => pin.name === name) },
    prober: scriptedProber(answer),
    evidenceHealth: () => readEvidenceHealth({ outbox, logHead, clock }),
  }
}
type World = Awaited<ReturnType<typeof anyWorld>>

const changeNow = async ({ ledger }: World) => (await ledger.read(ChangeRecord, keys.change(changeId)))?.value

/** The ledger, but a record of this name is answered so; a ballot is stored as a question. */
const reading = (world: World, name: string, answer: () => Promise<undefined>): World => ({
  ...world,
  ledger: {
    ...world.ledger,
    read: <T>(asked: RecordKind<T>, key: RecordKey) =>
      asked.kind === (name === 'ballot' ? BallotRecord.kind : name) ? answer() : world.ledger.read(asked, key),
  },
})
const broken = async () => {
  throw new Error('not JSON')
}

describe('check the gates', () => {
  it('6.1 keeps how the probes were before the very first ring, once', async () => {
    const world = await anyWorld()
    expect(await run(asked, world)).toMatchObject({ verdict: 'go' })
    const probes = [{ name: 'web-front', at: '2026-01-01T12:00:00.000Z', isHealthy: true, elapsedMs: 7 }]
    world.clock.advance(60_000)
    expect(await run(asked, world)).toMatchObject({ verdict: 'go' })
    const kept = await world.ledger.read(BaselineRecord, keys.baseline(changeId, 'production'))
    expect(kept).toMatchObject({ version: 1, value: { changeId, ring: 'production', probes } })
    expect(world.ledger.outbox().filter(({ type }) => type === 'rollout.gates-passed')).toHaveLength(1)
  })

  it('holds and keeps no baseline while a probe fails', async () => {
    const world = await anyWorld(() => ({ isHealthy: false, because: 'status 503, expected 200' }))
    expect(await run(asked, world)).toMatchObject({ verdict: 'hold' })
    expect((await changeNow(world))?.heldBecause).toBe('unhealthy before work: web-front: status 503, expected 200')
    expect(await world.ledger.read(BaselineRecord, keys.baseline(changeId, 'production'))).toBeUndefined()
  })

  it('holds with every reason and what ends each, and the leaf says so too', async () => {
    const world = await anyWorld(() => ({ isHealthy: false, because: 'status 503' }))
    await run(
      asked,
      reading(world, 'question', async () => undefined),
    )
    const heldFor = [
      {
        gate: 'approval',
        because: 'this plan is not approved by its quorum: it has no ballot',
        endedBy: { kind: 'person', role: 'change-manager' },
      },
      {
        gate: 'probes',
        because: 'unhealthy before work: web-front: status 503',
        endedBy: { kind: 'trigger', name: 'probes-healthy' },
      },
    ]
    expect(await changeNow(world)).toMatchObject({ state: 'held', heldFrom: 'approved', heldFor })
    const leaf = world.ledger.outbox().find(({ type }) => type === 'change.held')
    expect(leaf).toMatchObject({ body: { event: { heldFor } } })
  })

  it('refuses a change that is missing or unreadable: there is nothing to hold', async () => {
    const world = await anyWorld()
    await expect(
      run(
        asked,
        reading(world, 'change', async () => undefined),
      ),
    ).rejects.toThrow('DD1803')
    await expect(run(asked, reading(world, 'change', broken))).rejects.toThrow('DD1803')
  })
})

describe('F42 I20 evidence before a ring opens', () => {
  const gates = async (world: World) => {
    await run(asked, world)
    const held = await changeNow(world)
    return held?.heldFor?.map(({ gate, because }) => `${gate}: ${because}`)
  }

  it('that is late by twelve hours, as no archiver has ever run, holds', async () => {
    const world = await anyWorld(healthy, '2026-01-01T00:00:00.000Z')
    expect(await gates(world)).toEqual(['evidence: evidence is late: the oldest transition has waited for 43200 s'])
  })

  it('of which the head is unreadable holds', async () => {
    const world = await anyWorld()
    const outbox = memoryOutbox(world.ledger)
    const logHead: LogHead = { ...memoryLogHead(), read: broken }
    const evidenceHealth = () => readEvidenceHealth({ outbox, logHead, clock: world.clock })
    expect(await gates({ ...world, evidenceHealth })).toEqual([
      'evidence: evidence cannot be filed: the outbox or the head of the log cannot be read',
    ])
  })

  it('of which one item in the outbox is unreadable holds', async () => {
    const world = await anyWorld()
    const outbox: Outbox = { ...memoryOutbox(world.ledger), pending: broken }
    const evidenceHealth = () => readEvidenceHealth({ outbox, logHead: memoryLogHead(), clock: world.clock })
    expect(await gates({ ...world, evidenceHealth })).toEqual([
      'evidence: evidence cannot be filed: the outbox or the head of the log cannot be read',
    ])
  })

  it('whose archiver failed holds, with the code of the fault', async () => {
    const world = await anyWorld()
    const logHead = memoryLogHead()
    await logHead.advance(0, { ...emptyHead, at: '2026-01-01T12:00:00.000Z', lastError: 'DD2103' })
    const evidenceHealth = () => readEvidenceHealth({ outbox: memoryOutbox(world.ledger), logHead, clock: world.clock })
    expect(await gates({ ...world, evidenceHealth })).toEqual(['evidence: evidence cannot be filed: DD2103'])
  })

  it('whose state cannot be asked at all holds', async () => {
    const world = await anyWorld()
    expect(await gates({ ...world, evidenceHealth: broken })).toEqual([
      'evidence: the state of the evidence log cannot be read: Error: not JSON',
    ])
  })
})

describe('I20 the facts of the gates', () => {
  const holds = (world: World) => askGates(asked, world)
  const because = async (world: World) => (await holds(world)).map((hold) => hold.because).join('; ')

  it('let the ring open when all can be read, and asking moves nothing', async () => {
    const world = await anyWorld()
    expect(await holds(world)).toEqual([])
    expect(await changeNow(world)).toEqual(change)
  })

  it.each([
    ['plan', 'the plan cannot be read: it is missing'],
    ['question', 'it has no ballot'],
    ['catalogue', 'the catalogue cannot be read: it is missing'],
    ['change', 'the change cannot be read: it is missing'],
  ])('hold where the record %s is missing', async (kind, text) => {
    const world = await anyWorld()
    expect(await because(reading(world, kind, async () => undefined))).toContain(text)
  })

  it.each([
    ['plan', 'the plan cannot be read: Error: not JSON'],
    ['question', 'the ballot cannot be read: Error: not JSON'],
    ['catalogue', 'the catalogue cannot be read: Error: not JSON'],
    ['change', 'the change cannot be read: Error: not JSON'],
    ['stop', 'the kill switch cannot be read: Error: not JSON'],
  ])('hold where the record %s is unreadable, and say why', async (kind, text) => {
    const world = await anyWorld()
    expect(await because(reading(world, kind, broken))).toContain(text)
  })

  it('take a kill switch without a record for one that was never pulled', async () => {
    const world = await anyWorld()
    expect(await because(reading(world, 'stop', async () => undefined))).toBe('')
  })

  it('hold where documents or probes cannot be asked', async () => {
    const world = await anyWorld()
    expect(await because({ ...world, pins: { current: broken } })).toContain('the documents cannot be read: Error: not')
    const catalogue = {
      kind: CatalogueRecord.kind,
      key: keys.catalogue(),
      from: 1,
      value: { services: [], people: [] },
    }
    const evidence = { leafId: 'x', at: '2026-01-01T12:00:00.000Z', type: 't', account: '', changeId, actor: '' }
    await world.ledger.commit({ moves: [catalogue], evidence: [{ ...evidence, body: {} }] })
    expect(await because(world)).toContain('the health of the service cannot be read: it is missing')
  })

  it('hold where they are late: what was read a minute ago may no longer be so', async () => {
    const world = await anyWorld()
    const slow = async () => {
      world.clock.advance(61_000)
      return { isHealthy: true, elapsedMs: 61_000 } as const
    }
    const text = await because({ ...world, prober: { ...world.prober, probe: slow } })
    for (const what of ['the change', 'the plan', 'the kill switch'])
      expect(text).toContain(`${what} cannot be trusted: read 61 s ago`)
    expect(text).toContain('the state of the evidence log cannot be trusted: read 61 s ago')
    expect(text).toContain('the health of the service cannot be trusted: read 61 s ago')
  })
})
