import { describe, expect, it } from 'vitest'
import { ChangeRecord } from '../../../functions/changes/change.ts'
import { keys } from '../../../functions/kit/keys.ts'
import { run as judge } from '../../../functions/validation/judge-canary.ts'
import { run } from '../../../functions/validation/start-validation.ts'
import { ValidationRecord } from '../../../functions/validation/validation.ts'
import { anyWorld, changeId, type WorldFacts } from './builders.ts'

const input = { changeId, ring: 'canary' }
const read = async (world: Awaited<ReturnType<typeof anyWorld>>) => ({
  validation: await world.ledger.read(ValidationRecord, keys.validation(changeId, 'canary')),
  change: (await world.ledger.read(ChangeRecord, keys.change(changeId)))?.value,
})

describe('4.1 start-validation', () => {
  it('probes the service and says when to look first', async () => {
    const world = await anyWorld()
    expect(await run(input, world)).toEqual({ changeId, ring: 'canary', state: 'soaking', waitSeconds: 20 })
    expect(world.prober.probed).toEqual(['front'])
    expect((await read(world)).validation?.value).toMatchObject({
      probesAfter: [{ name: 'front', isHealthy: true }],
      isCanary: true,
    })
  })

  it('changes nothing when it runs again', async () => {
    const world = await anyWorld()
    await run(input, world)
    world.clock.advance(12_500)
    expect(await run(input, world)).toMatchObject({ state: 'soaking', waitSeconds: 8 })
    expect((await read(world)).validation?.version).toBe(1)
    expect(world.prober.probed).toHaveLength(1)
  })

  it('two starts at once make one validation', async () => {
    const world = await anyWorld()
    const answers = await Promise.all([run(input, world), run(input, world)])
    expect(answers[0]).toEqual(answers[1])
    expect((await read(world)).validation?.version).toBe(1)
  })

  it('fails at once when the probe fails and none may', async () => {
    const world = await anyWorld({
      service: { rollbackCriteria: { metrics: [], probeFailuresMax: 0 } },
      probe: () => ({ isHealthy: false, because: 'no answer within 3000 ms' }),
    })
    expect(await run(input, world)).toMatchObject({ state: 'failed', waitSeconds: 0 })
    expect((await read(world)).change?.state).toBe('validating')
    expect(world.ledger.outbox().at(-1)?.type).toBe('validation.failed')
  })

  it.each<[string, WorldFacts, string]>([
    ['the plan is gone', { without: ['plan'] }, 'is not in the ledger'],
    ['the ring is gone', { without: ['ring'] }, 'ring canary is not in the ledger'],
    ['the ring did not succeed', { ring: { state: 'halted' } }, 'ring canary is halted, not succeeded'],
    ['the catalogue is gone', { without: ['catalogue'] }, 'service web is not in the catalogue'],
    ['the policy is gone', { without: ['policy'] }, 'there is no policy'],
  ])('I20: holds the change when %s', async (_, facts, because) => {
    const world = await anyWorld(facts)
    expect(await run(input, world)).toMatchObject({ state: 'inconclusive', waitSeconds: 0 })
    const { change } = await read(world)
    expect(change?.state).toBe('held')
    expect(change?.heldBecause).toContain(because)
  })

  it('starts anew when a change held as inconclusive was released', async () => {
    const world = await anyWorld({ without: ['policy'] })
    await run(input, world)
    const held = await world.ledger.read(ChangeRecord, keys.change(changeId))
    if (!held) throw new Error('the builder made no change')
    expect(await run(input, world)).toMatchObject({ state: 'inconclusive' })
    await world.put('change', held.key, { ...held.value, state: 'validating' })
    expect(await run(input, world)).toMatchObject({ state: 'inconclusive' })
    expect((await read(world)).validation?.version).toBe(2)
  })

  it.each<[string, WorldFacts]>([
    ['is held', { change: { state: 'held' } }],
    ['works on another ring', { change: { ring: 'dev' } }],
    ['has this ring behind it', { change: { ringsDone: ['dev', 'canary'] } }],
  ])('starts nothing when the change %s', async (_, facts) => {
    const world = await anyWorld(facts)
    expect(await run(input, world)).toEqual({ changeId, ring: 'canary', state: 'elsewhere', waitSeconds: 0 })
    expect((await read(world)).validation).toBeUndefined()
    expect(world.prober.probed).toEqual([])
  })

  it('DD1901: refuses a change that the ledger does not know', async () => {
    await expect(run({ ...input, changeId: '01J00000000000000000000000' }, await anyWorld())).rejects.toMatchObject({
      code: 'DD1901',
    })
  })

  it('6.1: takes the probes at the gate of this ring as the state before the patch', async () => {
    const world = await anyWorld({ probe: () => ({ isHealthy: false, because: 'status 500, expected 200' }) })
    const probes = [
      { name: 'front', at: '2026-11-23T11:00:00.000Z', isHealthy: false, because: 'status 500, expected 200' },
    ]
    await world.put('baseline', keys.baseline(changeId, 'canary'), { changeId, ring: 'canary', probes })
    await run(input, world)
    world.clock.advance(20_000)
    // Failing as it did before is no reason to roll back.
    expect(await judge(input, world)).toMatchObject({ verdict: 'continue' })
    expect((await read(world)).validation?.value.probesBefore).toEqual(probes)
  })
})
