import { describe, expect, it } from 'vitest'
import { type Change, ChangeRecord } from '../../functions/changes/change.ts'
import { terminalStates } from '../../functions/changes/reducer.ts'
import { lists } from '../../functions/kit/keys.ts'
import { findingEvent, fixedVersion, makeSmallWorld } from '../../local/tours/small-world.ts'
import { type World, type WorldOptions, worldStartMs } from '../../simulator/world.ts'

const minuteMs = 60_000

async function smallWorld(options: Partial<WorldOptions> = {}): Promise<World> {
  const world = await makeSmallWorld(options)
  await world.publish(findingEvent())
  return world
}

const changeOf = async ({ ledger }: World): Promise<Change | undefined> =>
  (await ledger.list(ChangeRecord, lists.changes))[0]?.value
const isOver = (world: World) => async () => terminalStates.includes((await changeOf(world))?.state ?? 'assessed')

describe('2.4 a world on virtual time', () => {
  it('drives a finding to a closed change, through every ring, and files it', async () => {
    const world = await smallWorld()
    world.approveEvery(minuteMs)
    await world.run({ until: isOver(world), withinMs: 120 * minuteMs })
    expect(await changeOf(world)).toMatchObject({
      state: 'closed',
      ringsDone: ['dev', 'staging', 'canary', 'production'],
    })
    expect(world.fleet.describeNodes().every(({ packages }) => packages.snapd === fixedVersion)).toBe(true)
    expect(world.clock.nowMs() - worldStartMs).toBeGreaterThan(5 * minuteMs)
    expect((await world.leaves()).length).toBeGreaterThan(50)
    expect(world.failures).toEqual([])
  })

  it('gives the same leaves, byte for byte, for the same seed, and others for another', async () => {
    const leavesOf = async (seed: number) => {
      const world = await smallWorld({ seed, latencyMs: (_what, draw) => draw * 200 })
      world.approveEvery(minuteMs)
      await world.run({ until: isOver(world), withinMs: 120 * minuteMs })
      const objects = [...world.ports.store.objects].map(([path, bytes]) => [path, Buffer.from(bytes).toString('hex')])
      return { leaves: await world.leaves(), objects, events: [...world.events] }
    }
    const first = await leavesOf(11)
    expect(await leavesOf(11)).toEqual(first)
    expect((await leavesOf(12)).leaves).not.toEqual(first.leaves)
  })

  it('takes a bad patch back', async () => {
    const faults = [{ fault: 'bad-patch', packageName: 'snapd', version: fixedVersion }] as const
    const world = await smallWorld({ faults, signer: 'stub' })
    world.approveEvery(minuteMs)
    await world.run({ until: isOver(world), withinMs: 240 * minuteMs })
    expect((await changeOf(world))?.state).toBe('rolled-back')
    expect(world.fleet.describeNodes().some(({ packages }) => packages.snapd === fixedVersion)).toBe(false)
  })

  it('reminds approvers when their machine has waited as long as the policy says', async () => {
    const world = await smallWorld({ signer: 'stub' })
    const isAsked = (mails: number) => async () => (await world.inbox()).length >= mails
    await world.run({ until: isAsked(1), withinMs: 10 * minuteMs })
    const [askedMs, asked] = [world.clock.nowMs(), (await world.inbox()).length]
    await world.run({ until: isAsked(asked + 1), withinMs: 60 * minuteMs })
    expect(world.clock.nowMs() - askedMs).toBe(600_000)
  })

  it('says who waits for what when what is awaited does not come', async () => {
    const world = await smallWorld({ signer: 'stub' })
    await expect(world.run({ until: isOver(world), withinMs: 5 * minuteMs })).rejects.toThrow(
      /did not happen within 300 virtual seconds; waiting: change in "Ask for approval".*approval in "Ask the approvers"/,
    )
  })

  it('lets somebody hurt it on the way', async () => {
    const world = await smallWorld({ signer: 'stub' })
    world.approveEvery(minuteMs)
    const lost = 'i-00000000000000006'
    world.after(2 * minuteMs, 'a node dies', () => world.fleet.nodes.delete(lost))
    await world.run({ until: isOver(world), withinMs: 480 * minuteMs })
    const change = await changeOf(world)
    expect(change?.state).toBe('closed')
    expect(change?.quarantined.map(({ hostId }) => hostId)).toEqual([lost])
  })
})
