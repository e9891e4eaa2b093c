import { beforeEach, describe, expect, it } from 'vitest'
import { type PullStop, pullStop } from '../../../functions/changes/pull-stop.ts'
import { StopRecord } from '../../../functions/changes/stop.ts'
import { keys } from '../../../functions/kit/keys.ts'
import type { Ledger } from '../../../functions/kit/ledger.ts'
import { memoryLedger } from '../../../simulator/ports/ledger.ts'
import { fixedClock, sequentialIds } from '../../../simulator/ports/time.ts'

const one = '01J00000000000000000000001'
const other = '01J00000000000000000000002'
const nowMs = Date.parse('2026-03-02T10:00:00.000Z')

const anyWorld = () => {
  const ledger = memoryLedger()
  const ports = { ledger, ids: sequentialIds(), clock: fixedClock(nowMs), account: '123456789012' }
  const pull = (scope: string, more: Partial<PullStop> = {}) =>
    pullStop({ scope, isLifted: false, because: 'a bad patch', by: 'sven', ...more }, ports)
  return { ledger, ports, pull, lift: (scope: string) => pull(scope, { isLifted: true }) }
}
let world = anyWorld()
beforeEach(() => {
  world = anyWorld()
})

describe('I18 pullStop', () => {
  it('stops all, and says who did it, when and why, in record and evidence', async () => {
    const stop = { all: true, changeIds: [], because: 'a bad patch', by: 'sven', at: '2026-03-02T10:00:00.000Z' }
    expect(await world.pull('all')).toEqual(stop)
    expect((await world.ledger.read(StopRecord, keys.stop()))?.value).toEqual(stop)
    expect(world.ledger.outbox()).toMatchObject([
      { type: 'stop.pulled', actor: 'sven', changeId: 'none', body: { scope: 'all', because: 'a bad patch' } },
    ])
  })

  it('stops one change beside another, each once', async () => {
    await world.pull(one)
    await world.pull(other)
    expect((await world.pull(one)).changeIds.toSorted()).toEqual([one, other])
    expect(world.ledger.outbox().map(({ changeId }) => changeId)).toEqual([one, other, one])
  })

  it('keeps what names single changes when all are stopped', async () => {
    await world.pull(one)
    expect(await world.pull('all')).toMatchObject({ all: true, changeIds: [one] })
  })

  it('keeps the stop of all when one change is stopped or lifted', async () => {
    await world.pull('all')
    expect(await world.pull(one)).toMatchObject({ all: true, changeIds: [one] })
    expect(await world.lift(one)).toMatchObject({ all: true, changeIds: [] })
  })

  it('lifts one change and leaves the other stopped', async () => {
    await world.pull(one)
    await world.pull(other)
    expect(await world.lift(one)).toMatchObject({ all: false, changeIds: [other] })
    expect(world.ledger.outbox().at(-1)).toMatchObject({ type: 'stop.lifted', changeId: one })
  })

  it('lifting all lifts every stop', async () => {
    await world.pull(one)
    await world.pull('all')
    expect(await world.lift('all')).toMatchObject({ all: false, changeIds: [] })
  })

  it('two that pull at the same moment both count', async () => {
    await Promise.all([world.pull(one), world.pull(other)])
    expect((await world.ledger.read(StopRecord, keys.stop()))?.value.changeIds.toSorted()).toEqual([one, other])
  })

  it('says so when others come first at every try', async () => {
    const commit: Ledger['commit'] = async () => ({ conflict: keys.stop() })
    const ports = { ...world.ports, ledger: { ...world.ledger, commit } }
    const pulled = pullStop({ scope: 'all', isLifted: false, because: '', by: 'sven' }, ports)
    await expect(pulled).rejects.toThrow('DD1502')
  })
})
