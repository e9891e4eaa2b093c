import { describe, expect, it } from 'vitest'
import { ChangeRecord } from '../../../functions/changes/change.ts'
import { keys, lists } from '../../../functions/kit/keys.ts'
import { isoInstant } from '../../../functions/kit/time.ts'
import { run as judge } from '../../../functions/validation/judge-canary.ts'
import { run as start } from '../../../functions/validation/start-validation.ts'
import { ValidationRecord } from '../../../functions/validation/validation.ts'
import {
  anyAsset,
  anyWorld,
  changeId,
  endedMs,
  fillMetrics,
  hosts,
  noise,
  openedMs,
  type WorldFacts,
} from './builders.ts'

const input = { changeId, ring: 'canary' }

async function started(facts: WorldFacts = {}, ring = 'canary') {
  const world = await anyWorld(facts)
  await start({ changeId, ring }, world)
  return world
}

/** Judges round after round as the machine does, until there is a verdict. */
async function judgeToTheEnd(world: Awaited<ReturnType<typeof anyWorld>>, ring = 'canary') {
  const verdicts: string[] = []
  for (let rounds = 0; rounds < 30; rounds++) {
    const { verdict, waitSeconds } = await judge({ changeId, ring }, world)
    verdicts.push(verdict)
    if (verdict !== 'continue') break
    world.clock.advance(waitSeconds * 1000)
  }
  const validation = (await world.ledger.read(ValidationRecord, keys.validation(changeId, ring)))?.value
  const change = (await world.ledger.read(ChangeRecord, keys.change(changeId)))?.value
  return {
    verdicts,
    validation,
    change,
    evidence: world.ledger
      .outbox()
      .map((record) => record.type)
      .filter((type) => type !== 'test.made'),
  }
}

const isCanary = (hostId: string) => hosts.canary.includes(hostId)
const worseAfterPatch = (hostId: string, atMs: number) =>
  noise(hostId, atMs) + (isCanary(hostId) && atMs >= openedMs ? 0.8 : 0)

describe('6.3 judge-canary', () => {
  it('passes a healthy canary after every look and moves the change in the same transaction (6.8)', async () => {
    const world = await started()
    fillMetrics(world, noise)
    const { verdicts, validation, change, evidence } = await judgeToTheEnd(world)
    expect(verdicts).toEqual(['continue', 'continue', 'continue', 'pass'])
    expect(validation).toMatchObject({
      state: 'passed',
      verdict: 'pass',
      because: '3 looks, no metric worse; 4 probes, the last of each healthy; soaked 60 s',
    })
    expect(validation?.looks).toHaveLength(3)
    expect(validation?.looks[2]?.metrics[0]?.samples).toEqual({ canary: 186, baseline: 248, history: 186 })
    expect(change).toMatchObject({ state: 'validating', ringsDone: ['dev', 'canary'] })
    expect(evidence).toEqual([
      'validation.started',
      'validation.looked',
      'validation.looked',
      'validation.passed',
      'change.ring-validated',
    ])
  })

  it('I12: fails a canary whose error rate rises, at the first look', async () => {
    const world = await started()
    fillMetrics(world, worseAfterPatch)
    const { verdicts, validation, change, evidence } = await judgeToTheEnd(world)
    expect(verdicts).toEqual(['continue', 'fail'])
    expect(validation?.state).toBe('failed')
    expect(validation?.because).toMatch(
      /^ErrorRate on 3 of 3 canary hosts \(i-00000011, i-00000012, i-00000013\) rose from 0\.\d+ to 1\.\d+\. .* worse$/,
    )
    expect(change?.state).toBe('validating')
    expect(evidence.at(-1)).toBe('validation.failed')
  })

  it('F35: fails a canary that turns bad late', async () => {
    const world = await started()
    fillMetrics(world, (hostId, atMs) => noise(hostId, atMs) + (isCanary(hostId) && atMs >= endedMs + 15_000 ? 0.9 : 0))
    expect((await judgeToTheEnd(world)).validation?.state).toBe('failed')
  })

  it('does not fail when peers turn bad at the same time', async () => {
    const world = await started()
    fillMetrics(world, (hostId, atMs) => noise(hostId, atMs) + (atMs >= endedMs ? 0.8 : 0))
    expect((await judgeToTheEnd(world)).validation?.state).toBe('passed')
  })

  it('F37: holds the change when there is no sample at all', async () => {
    const { verdicts, change, validation } = await judgeToTheEnd(await started())
    expect(verdicts).toEqual(['continue', 'continue', 'continue', 'hold'])
    expect(validation?.agentsMissing).toEqual(hosts.canary)
    expect(change).toMatchObject({ state: 'held', heldFrom: 'validating' })
    expect(change?.heldBecause).toBe(
      'canary inconclusive: ErrorRate: 0 samples of patched hosts, 10 needed; olivia, who owns web, decides',
    )
  })

  it('F37: holds the change when peers give no sample', async () => {
    const world = await started()
    fillMetrics(world, (hostId, atMs) => (isCanary(hostId) ? noise(hostId, atMs) : undefined))
    const { change } = await judgeToTheEnd(world)
    expect(change?.heldBecause).toBe(
      'canary inconclusive: ErrorRate: 0 samples of unpatched peers, 10 needed; olivia, who owns web, decides',
    )
  })

  it('6.5: holds the change when one monitoring agent stays silent', async () => {
    const world = await started()
    fillMetrics(world, (hostId, atMs) =>
      hostId === 'i-00000012' && atMs >= openedMs ? undefined : noise(hostId, atMs),
    )
    const { change } = await judgeToTheEnd(world)
    expect(change?.heldBecause).toMatch(
      /^canary inconclusive: ErrorRate: 1 of 3 patched hosts \(i-00000012\) gave 0 of \d+ samples/,
    )
  })

  it('I20: counts metrics that cannot be read as no data, and names the fault', async () => {
    const world = await started()
    const metrics = { samples: async () => Promise.reject(new Error('AccessDenied')) }
    const { change, validation } = await judgeToTheEnd({ ...world, metrics: { ...world.metrics, ...metrics } })
    expect(change?.state).toBe('held')
    expect(validation?.looks[0]?.reasons.join()).toContain('could not be read: Error: AccessDenied')
  })

  it('holds a canary whose service declares no metric', async () => {
    const world = await started({ service: { rollbackCriteria: { metrics: [], probeFailuresMax: 0 } } })
    expect((await judgeToTheEnd(world)).change?.heldBecause).toContain('no metric is declared')
  })

  it.each([
    ['after the ring ended: held', 30_000, false, 'held'],
    ['only before the ring ended: not counted', -30_000, false, 'validating'],
    ['online after the ring ended: fine', 30_000, true, 'validating'],
  ])('6.5: the inventory saw a patched host %s', async (_, afterMs, isOnline, state) => {
    const world = await started()
    fillMetrics(world, noise)
    const asset = anyAsset({ hostId: 'i-00000012', isOnline, seenAt: isoInstant(endedMs + afterMs) })
    await world.put('asset', keys.asset(asset.hostId), asset, { pk: lists.assets, sk: asset.hostId })
    expect((await judgeToTheEnd(world)).change?.state).toBe(state)
  })

  it('does not wait for hosts that the ring gave up', async () => {
    const done = { step: 'verify', state: 'done', attempt: 1 }
    const world = await started({
      ring: {
        hosts: {
          'i-00000011': done,
          'i-00000012': done,
          'i-00000013': { step: 'reboot', state: 'quarantined', attempt: 1 },
        },
      },
    })
    fillMetrics(world, noise)
    expect((await judgeToTheEnd(world)).validation).toMatchObject({ state: 'passed', agentsMissing: [] })
  })
})

describe('judge-canary of rings that are no canary', () => {
  it('passes the last ring after its soak on probes alone', async () => {
    const world = await started({ change: { ring: 'production', ringsDone: ['dev', 'canary'] } }, 'production')
    const { verdicts, change } = await judgeToTheEnd(world, 'production')
    expect(verdicts).toEqual(['continue', 'pass'])
    expect(change?.ringsDone).toEqual(['dev', 'canary', 'production'])
  })

  it('6.1: fails the ring when its probe fails more often in a row than tolerated', async () => {
    const world = await started(
      {
        change: { ring: 'production', ringsDone: ['dev', 'canary'] },
        probe: () => ({ isHealthy: false, because: 'status 503, expected 200' }),
      },
      'production',
    )
    const { verdicts, validation } = await judgeToTheEnd(world, 'production')
    expect(verdicts).toEqual(['continue', 'fail'])
    expect(validation?.because).toBe('probe front failed 2 times in a row, 1 tolerated: status 503, expected 200')
  })

  it('I20: counts a probe that throws as failed', async () => {
    const world = await started({ probe: () => ({ isHealthy: true, elapsedMs: 1 }) })
    fillMetrics(world, noise)
    const prober = { probe: async () => Promise.reject(new Error('no socket')) }
    const { validation } = await judgeToTheEnd({ ...world, prober: { ...world.prober, ...prober } })
    expect(validation).toMatchObject({ state: 'failed' })
    expect(validation?.because).toContain('the probe itself failed: Error: no socket')
  })
})

describe('judge-canary may run again', () => {
  it('changes nothing before the next look is due', async () => {
    const world = await started()
    fillMetrics(world, noise)
    world.clock.advance(5_000)
    expect(await judge(input, world)).toEqual({ changeId, ring: 'canary', verdict: 'continue', waitSeconds: 15 })
    expect(world.prober.probed).toHaveLength(1)
    expect((await world.ledger.read(ValidationRecord, keys.validation(changeId, 'canary')))?.version).toBe(1)
  })

  it('says the verdict again without looking again', async () => {
    const world = await started()
    fillMetrics(world, worseAfterPatch)
    await judgeToTheEnd(world)
    const before = world.ledger.outbox().length
    expect(await judge(input, world)).toMatchObject({ verdict: 'fail', waitSeconds: 0 })
    expect(world.ledger.outbox()).toHaveLength(before)
  })

  it('I5: two judges at once make one look', async () => {
    const world = await started()
    fillMetrics(world, noise)
    world.clock.advance(20_000)
    await Promise.all([judge(input, world), judge(input, world)])
    expect((await world.ledger.read(ValidationRecord, keys.validation(changeId, 'canary')))?.value.looks).toHaveLength(
      1,
    )
  })

  it('I20: ends without a verdict when the change was held meanwhile, and goes on after its release', async () => {
    const world = await started()
    fillMetrics(world, noise)
    world.clock.advance(20_000)
    const change = await world.ledger.read(ChangeRecord, keys.change(changeId))
    if (!change) throw new Error('the builder made no change')
    await world.put('change', change.key, { ...change.value, state: 'held', heldFrom: 'validating' })
    expect(await judge(input, world)).toMatchObject({ verdict: 'hold' })
    await world.put('change', change.key, change.value)
    expect(await start(input, world)).toMatchObject({ state: 'soaking', waitSeconds: 0 })
    expect((await judgeToTheEnd(world)).validation?.state).toBe('passed')
  })

  it('I20: fails nothing when the change was held between reading and writing', async () => {
    const world = await started()
    fillMetrics(world, worseAfterPatch)
    world.clock.advance(20_000)
    let isHeld = false
    const commit: typeof world.ledger.commit = async (transaction) => {
      const change = await world.ledger.read(ChangeRecord, keys.change(changeId))
      if (change && !isHeld) {
        isHeld = true
        await world.put('change', change.key, { ...change.value, state: 'held', heldFrom: 'validating' })
      }
      return world.ledger.commit(transaction)
    }
    expect(await judge(input, { ...world, ledger: { ...world.ledger, commit } })).toMatchObject({ verdict: 'hold' })
    expect((await world.ledger.read(ValidationRecord, keys.validation(changeId, 'canary')))?.value.state).toBe(
      'soaking',
    )
  })

  it('DD1903: refuses to judge what was not started', async () => {
    await expect(judge(input, await anyWorld())).rejects.toMatchObject({ code: 'DD1903' })
  })

  it('DD1902: gives up after five conflicts and has written nothing', async () => {
    const world = await started()
    world.clock.advance(20_000)
    const ledger = { ...world.ledger, commit: async () => ({ conflict: keys.change(changeId) }) }
    await expect(judge(input, { ...world, ledger })).rejects.toMatchObject({ code: 'DD1902' })
  })
})
