import { describe, expect, it } from 'vitest'
import { keys } from '../../../functions/kit/keys.ts'
import { isoInstant } from '../../../functions/kit/time.ts'
import { measure, patchedHosts, silentAgents } from '../../../functions/validation/observe.ts'
import { type Facts, readSubject } from '../../../functions/validation/subject.ts'
import {
  anyAsset,
  anyService,
  anyWorld,
  changeId,
  endedMs,
  fillMetrics,
  hosts,
  openedMs,
  type WorldFacts,
} from './builders.ts'

async function observed(more: WorldFacts = {}) {
  const world = await anyWorld(more)
  const { facts } = await readSubject({ changeId, ring: 'canary' }, world.ledger)
  if ('missing' in facts) throw new Error(facts.missing)
  return { world, facts }
}
const [first = '', ...others] = hosts.canary
const progress = (state: string, step = 'verify') => ({ step, state, attempt: 1 })
const ringWith = (state: string, step?: string) => ({
  hosts: { [first]: progress(state, step), ...Object.fromEntries(others.map((id) => [id, progress('done')])) },
})

describe('6.3 whom a canary is', () => {
  it('takes the hosts that were proven patched, and no others', async () => {
    expect(patchedHosts((await observed()).facts)).toEqual(hosts.canary)
    expect(patchedHosts((await observed({ ring: ringWith('quarantined') })).facts)).toEqual(others)
  })
})

describe('6.5 silentAgents', () => {
  const silentOf = async ({
    world,
    facts,
  }: {
    readonly world: Awaited<ReturnType<typeof anyWorld>>
    readonly facts: Facts
  }) => silentAgents(facts, world.ledger)

  it('awaits nobody where all are verified, nor a host that was given up', async () => {
    expect(await silentOf(await observed())).toEqual([])
    expect(await silentOf(await observed({ ring: ringWith('failed', 'install') }))).toEqual([])
  })

  it.each([
    ['went offline after the ring ended', endedMs + 1_000, [first]],
    ['was offline before', endedMs - 1_000, []],
  ])('of a host that %s: %s', async (_, seenMs, silent) => {
    const seen = await observed()
    const asset = anyAsset({ hostId: first, isOnline: false, seenAt: isoInstant(seenMs) })
    await seen.world.put('asset', keys.asset(first), asset)
    expect(await silentOf(seen)).toEqual(silent)
  })
})

describe('6.3 measure', () => {
  it('reads patched hosts and peers since the patch, and both for as long before it, at least 60 periods', async () => {
    const { world, facts } = await observed()
    fillMetrics(world, (_, atMs) => (atMs - openedMs) / 1_000)
    const { metrics, silent, faults } = await measure(facts, endedMs + 20_000, world.metrics)
    const [metric] = metrics
    expect([silent, faults]).toEqual([[], []])
    expect(metric?.hostIds).toEqual(hosts.canary)
    expect([metric?.canary.length, metric?.baseline?.length]).toEqual([3, 4])
    expect(metric?.canary[0]).toHaveLength(20)
    expect(metric?.history?.[0]).toHaveLength(60)
    expect(metric?.history?.[0]).toMatchObject({ 0: -60, 59: -1 })
    expect(metric?.baselineHistory?.[3]).toHaveLength(60)
  })

  it('names the host that gives nothing, and not where absence means zero', async () => {
    const fill = (world: Awaited<ReturnType<typeof anyWorld>>) =>
      fillMetrics(world, (hostId) => (hostId === first ? undefined : 1))
    const silent = await observed()
    fill(silent.world)
    expect((await measure(silent.facts, endedMs + 20_000, silent.world.metrics)).silent).toEqual([first])
    const service = anyService()
    const [metric] = service.rollbackCriteria.metrics
    if (!metric) throw new Error('the service has no metric')
    const rollbackCriteria = { ...service.rollbackCriteria, metrics: [{ ...metric, missing: 'zero' as const }] }
    const zero = await observed({ service: { rollbackCriteria } })
    fill(zero.world)
    expect((await measure(zero.facts, endedMs + 20_000, zero.world.metrics)).silent).toEqual([])
  })

  it('I20 says which reads failed, and makes no sample of them', async () => {
    const { facts } = await observed()
    const samples = async (): Promise<never> => {
      throw new Error('throttled')
    }
    const { metrics, silent, faults } = await measure(facts, endedMs + 20_000, { samples })
    expect(faults[0]).toMatch(/^ErrorRate of i-\d+ could not be read: Error: throttled$/)
    expect(faults).toHaveLength(5)
    expect(silent).toEqual(hosts.canary)
    expect(metrics[0]?.canary.flat()).toEqual([])
  })

  it('leaves out newest periods that nobody has yet, three at most', async () => {
    const { world, facts } = await observed()
    fillMetrics(world, () => 1, { untilMs: endedMs + 18_000 })
    expect((await measure(facts, endedMs + 20_000, world.metrics)).metrics[0]?.canary[0]).toHaveLength(18)
    const late = (await measure(facts, endedMs + 30_000, world.metrics)).metrics[0]?.canary[0]
    expect(late).toHaveLength(27)
    expect([late].flat(2)[20] ?? null).toBeNull()
  })
})
