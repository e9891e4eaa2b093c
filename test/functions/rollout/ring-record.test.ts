import { describe, expect, it } from 'vitest'
import { keys, lists } from '../../../functions/kit/keys.ts'
import { asItStands, type HostProgress, type Ring } from '../../../functions/rollout/ring.ts'
import { ringMoves } from '../../../functions/rollout/ring-moves.ts'
import { type ReadRing, RingSummaryRecord, readRing } from '../../../functions/rollout/ring-record.ts'
import { capacityMeter } from '../../../simulator/ports/capacity.ts'
import { memoryLedger } from '../../../simulator/ports/ledger.ts'
import { anyRing } from './any-pass.ts'

const idOf = (index: number) => `i-${String(index).padStart(8, '0')}`
const waiting: HostProgress = { step: 'precheck', state: 'waiting', attempt: 1 }
const sent: HostProgress = { ...waiting, state: 'sent', intentId: 'intent' }
const largeRing = (hosts: number): Ring => {
  const ids = Array.from({ length: hosts }, (_, index) => idOf(index))
  return anyRing({
    hosts: Object.fromEntries(ids.map((id) => [id, waiting])),
    packagesByHost: Object.fromEntries(ids.map((id) => [id, 'snapd=2'])),
  })
}

async function standing(ring: Ring) {
  const meter = capacityMeter()
  const ledger = memoryLedger(meter)
  let leaves = 0
  const put = async (read: ReadRing | undefined, after: Ring) => {
    const moved = ringMoves(read, after)
    const leaf = { leafId: `L${leaves++}`, at: '', type: 'test.x', account: '', changeId: '', actor: '', body: {} }
    const result = await ledger.commit({ moves: moved.moves, drops: moved.drops, evidence: [leaf] })
    return { ...moved, isCommitted: 'committed' in result }
  }
  const read = async (known?: ReadRing) => {
    const found = await readRing(ring.changeId, ring.name, ledger, known)
    if (!found) throw new Error('no ring')
    return found
  }
  await put(undefined, ring)
  return { meter, ledger, put, read }
}

/** Some hosts of the ring sent by one command. */
function withSent(ring: Ring, hosts: readonly number[]): Ring {
  const hostIds = hosts.map(idOf)
  const [step, packages] = ['precheck', 'snapd=2'] as const
  return {
    ...ring,
    hosts: { ...ring.hosts, ...Object.fromEntries(hostIds.map((id) => [id, sent])) },
    commands: { ...ring.commands, intent: { step, hostIds, packages, intendedAtMs: 1, deadlineMs: 2 } },
  }
}

/** One host sent by a command of its own. */
function sentOneByOne(ring: Ring, host: number): Ring {
  const intentId = `intent-${host}`
  const command = {
    step: 'precheck' as const,
    hostIds: [idOf(host)],
    packages: 'snapd=2',
    intendedAtMs: 1,
    deadlineMs: 2,
  }
  const hosts = { ...ring.hosts, [idOf(host)]: { ...sent, intentId } }
  return { ...ring, hosts, commands: { ...ring.commands, [intentId]: command } }
}

describe('a ring host by host', () => {
  it('is written as its header and the hosts that moved, nothing else', async () => {
    const { put, read } = await standing(largeRing(1_000))
    const before = await read()
    const { moves } = await put(before, withSent(before.value, [0, 1, 2, 3, 500]))
    expect(moves.map(({ kind, key }) => `${kind} ${key.sk}`)).toEqual([
      'ring RING#production',
      ...[0, 1, 2, 3, 500].map((host) => `ring-host RING-HOST#production#${idOf(host)}`),
    ])
    expect((await read()).value).toEqual(withSent(before.value, [0, 1, 2, 3, 500]))
  })

  it('takes as many units for one host of 10,000 as for one of 100', async () => {
    const unitsOf = async (hosts: number) => {
      const { meter, put, read } = await standing(largeRing(hosts))
      const before = await read()
      const start = [...meter.writeUnits().values()].reduce((sum, units) => sum + units, 0)
      await put(before, withSent(before.value, [7]))
      return [...meter.writeUnits().values()].reduce((sum, units) => sum + units, 0) - start
    }
    expect(await unitsOf(10_000)).toBe(await unitsOf(100))
  })

  it('keeps packages once, however many commands install them', async () => {
    const packages = 'snapd=2 '.repeat(1_000)
    const ring = largeRing(8)
    const all = { ...ring, packagesByHost: Object.fromEntries(Object.keys(ring.hosts).map((id) => [id, packages])) }
    const { put, read } = await standing(all)
    const before = await read()
    const { moves } = await put(before, withSent(before.value, [1]))
    expect(JSON.stringify(moves)).not.toContain('snapd')
    expect((await read()).value.commands.intent?.packages).toBe(packages)
  })

  it('loses a command with the last host that it is out to', async () => {
    const { put, read } = await standing(largeRing(20))
    const one = await read()
    await put(one, withSent(one.value, [0, 9]))
    const two = await read()
    await put(two, { ...two.value, hosts: { ...two.value.hosts, [idOf(0)]: waiting } })
    const three = await read()
    expect(three.value.commands.intent?.hostIds).toEqual([idOf(9)])
    await put(three, { ...three.value, hosts: { ...three.value.hosts, [idOf(9)]: waiting } })
    expect((await read()).value.commands).toEqual({})
  })

  it('keeps the steps that ended on a host beside it, and writes nobody for whom nothing waits any more', async () => {
    const { put, read } = await standing(largeRing(300))
    const ended = { step: 'precheck', attempt: 1, commandId: 'c', status: 'Success', exitCode: 0, outcome: 'passed' }
    const endedSteps = { [idOf(3)]: [{ ...ended, at: '2026-01-01T00:00:00.000Z' }] }
    const before = await read()
    await put(before, { ...withSent(before.value, [3]), endedSteps })
    const one = await read()
    expect(one.value.endedSteps).toEqual(endedSteps)
    const failed = (host: HostProgress) => asItStands(host, 'ours')
    const hosts = Object.fromEntries(Object.entries(one.value.hosts).map(([id, host]) => [id, failed(host)]))
    const { moves } = await put(one, { ...one.value, nobodyWaitsBecause: 'ours', hosts })
    expect(moves.map(({ kind }) => kind)).toEqual(['ring'])
    const { value } = await read()
    expect(value.hosts[idOf(0)]).toEqual({ ...waiting, state: 'failed', because: 'ours' })
    expect(value.hosts[idOf(3)]).toEqual(sent)
  })

  it('is listed by a record of its own for as long as somebody is to look at it', async () => {
    const { ledger, put, read } = await standing(largeRing(5))
    const listed = async () => (await ledger.list(RingSummaryRecord, lists.rings)).map(({ value }) => value.name)
    expect(await listed()).toEqual(['production'])
    const open = await read()
    await put(open, { ...open.value, because: 'moved' })
    expect(await listed()).toEqual(['production'])
    const moved = await read()
    const { taskToken: _, ...told } = moved.value
    await put(moved, { ...told, state: 'halted' })
    expect(await listed()).toEqual([])
  })
})

describe('I5 two passes over one ring', () => {
  it('of which both read the same version: one of them writes, whatever hosts they move', async () => {
    const { put, read } = await standing(largeRing(100))
    const [left, right] = [await read(), await read()]
    expect((await put(left, withSent(left.value, [0]))).isCommitted).toBe(true)
    expect((await put(right, withSent(right.value, [99]))).isCommitted).toBe(false)
    expect((await read()).value.hosts[idOf(99)]).toEqual(waiting)
  })

  it('reads only the hosts that moved since it last knew the ring', async () => {
    const { ledger, meter, put, read } = await standing(largeRing(1_000))
    const known = await read()
    const moved = await put(known, withSent(known.value, [0, 500]))
    const start = meter.readUnits()
    const caughtUp = await read(known)
    expect(meter.readUnits() - start).toBe(3)
    expect(caughtUp.value).toEqual(moved.after.value)
    expect(await readRing(known.value.changeId, 'production', ledger, caughtUp)).toBe(caughtUp)
  })

  it('reads all of it where the header no longer tells what moved', async () => {
    const { put, read } = await standing(largeRing(400))
    const known = await read()
    let after = known
    for (let host = 0; host < 200; host += 2) after = (await put(after, sentOneByOne(after.value, host))).after
    expect((await read(known)).value).toEqual(after.value)
  })

  it('goes on from a ring that stands as one record of an older Drydock, with the commands that are out', async () => {
    const { ledger, read } = await standing(anyRing())
    const old = withSent(largeRing(5), [0, 1])
    const leaf = { leafId: 'old', at: '', type: 'test.x', account: '', changeId: '', actor: '', body: {} }
    const key = keys.ring(old.changeId, 'older')
    await ledger.commit({ moves: [{ kind: 'ring', key, from: 0, value: { ...old, name: 'older' } }], evidence: [leaf] })
    const found = await readRing(old.changeId, 'older', ledger)
    if (!found) throw new Error('no ring')
    expect(found.value).toEqual({ ...old, name: 'older' })
    const { moves } = ringMoves(found, { ...found.value, because: 'moved' })
    expect(await ledger.commit({ moves: [...moves], evidence: [{ ...leaf, leafId: 'new' }] })).toEqual({
      committed: true,
    })
    expect((await readRing(old.changeId, 'older', ledger))?.value).toEqual({ ...old, name: 'older', because: 'moved' })
    expect((await read()).value.name).toBe('production')
  })
})
