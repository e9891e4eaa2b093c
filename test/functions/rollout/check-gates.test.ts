import { describe, expect, it } from 'vitest'
import { ChangeRecord } from '../../../functions/changes/index.ts'
import type { Json } from '../../../functions/kit/json.ts'
import { keys } from '../../../functions/kit/keys.ts'
import type { RecordKey } from '../../../functions/kit/ledger.ts'
import { run } from '../../../functions/rollout/check-gates.ts'
import { BaselineRecord, type ProbeResult } from '../../../functions/rollout/index.ts'
import { scenarioCatalogue } from '../../../local/scenario/seed.ts'
import { memoryLedger } from '../../../simulator/ports/ledger.ts'
import { scriptedProber } from '../../../simulator/ports/prober.ts'
import { fixedClock, sequentialIds } from '../../../simulator/ports/time.ts'
import { anyBallot, planHash } from '../approvals/any-ballot.ts'
import { anyChange } from '../changes/any-change.ts'
import { anyPlan } from '../planning/any-plan.ts'

const change = anyChange({ state: 'approved', planHash })
const { changeId } = change
const nowMs = Date.parse('2026-01-01T12:00:00.000Z')
const votes = ['olivia', 'sven'].map((personId) => ({ personId, choice: 'approve', comment: '', at: '', via: 'code' }))

async function anyWorld(answer: () => ProbeResult) {
  const ledger = memoryLedger()
  const put = (kind: string, key: RecordKey, value: Json) =>
    ledger.commit({
      moves: [{ kind, key, from: 0, value }],
      evidence: [{ leafId: kind, at: '', type: 't', account: '', changeId, actor: '', body: {} }],
    })
  const freeze = { startMs: nowMs, endMs: nowMs + 1 }
  await put('change', keys.change(changeId), JSON.parse(JSON.stringify(change)))
  await put('plan', keys.plan(changeId, planHash), JSON.parse(JSON.stringify(anyPlan())))
  await put('catalogue', keys.catalogue(), JSON.parse(JSON.stringify(scenarioCatalogue('http://fleet', freeze))))
  await put(
    'ballot',
    keys.ballot(changeId),
    JSON.parse(JSON.stringify(anyBallot({ outcome: 'approved', votes: votes as never }))),
  )
  const pins = Object.values(anyPlan().manifest.documents)
  return {
    ledger,
    clock: fixedClock(nowMs),
    ids: sequentialIds(),
    account: '123456789012',
    pins: { current: async (name: string) => pins.find((pin) => pin.name === name) },
    prober: scriptedProber(answer),
  }
}

describe('check the gates', () => {
  it('6.1 keeps how the probes were before the very first ring, once', async () => {
    const world = await anyWorld(() => ({ isHealthy: true, elapsedMs: 7 }))
    expect(await run({ changeId, ring: 'production' }, world)).toMatchObject({ verdict: 'go' })
    const probes = [{ name: 'web-front', at: '2026-01-01T12:00:00.000Z', isHealthy: true, elapsedMs: 7 }]
    world.clock.advance(60_000)
    expect(await run({ changeId, ring: 'production' }, world)).toMatchObject({ verdict: 'go' })
    const kept = await world.ledger.read(BaselineRecord, keys.baseline(changeId, 'production'))
    expect(kept).toMatchObject({ version: 1, value: { changeId, ring: 'production', probes } })
    expect(world.ledger.outbox().filter(({ type }) => type === 'rollout.gates-passed')).toHaveLength(1)
  })

  it('holds and keeps no baseline while a probe fails', async () => {
    const world = await anyWorld(() => ({ isHealthy: false, because: 'status 503, expected 200' }))
    expect(await run({ changeId, ring: 'production' }, world)).toMatchObject({ verdict: 'hold' })
    expect((await world.ledger.read(ChangeRecord, keys.change(changeId)))?.value.heldBecause).toBe(
      'unhealthy before work: web-front: status 503, expected 200',
    )
    expect(await world.ledger.read(BaselineRecord, keys.baseline(changeId, 'production'))).toBeUndefined()
  })
})
