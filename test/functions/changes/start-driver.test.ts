import { beforeEach, describe, expect, it } from 'vitest'
import { ChangeRecord } from '../../../functions/changes/change.ts'
import { DriverRecord, nextDriver } from '../../../functions/changes/driver.ts'
import type { ChangeDriver } from '../../../functions/changes/ports.ts'
import { changeMove } from '../../../functions/changes/reducer.ts'
import { startDriver } from '../../../functions/changes/start-driver.ts'
import { keys } from '../../../functions/kit/keys.ts'
import { memoryChangeDriver } from '../../../simulator/ports/change-driver.ts'
import { memoryLedger } from '../../../simulator/ports/ledger.ts'
import { fixedClock, sequentialIds } from '../../../simulator/ports/time.ts'
import { anyChange } from './any-change.ts'

const change = anyChange({ state: 'validating', ring: 'dev' })
const { changeId } = change
const startMs = Date.parse('2026-03-02T10:00:00.000Z')

async function anyWorld() {
  const ledger = memoryLedger()
  const ids = sequentialIds()
  const clock = fixedClock(startMs)
  const driver = memoryChangeDriver()
  const by = { at: '', type: 'test', account: '', changeId, actor: 'test', body: {} }
  const move = async (over: Partial<typeof change>) => {
    const read = await ledger.read(ChangeRecord, keys.change(changeId))
    await ledger.commit({
      moves: [changeMove(read, { ...change, ...over })],
      evidence: [{ ...by, leafId: ids.next() }],
    })
  }
  await move({})
  const ports = { ledger, ids, clock, driver, account: '123456789012' }
  const ensure = (more: object = {}) => startDriver(changeId, { because: 'test', ...more }, ports)
  return { ports, driver, clock, move, ensure }
}
let world = await anyWorld()
beforeEach(async () => {
  world = await anyWorld()
})

describe('I11 startDriver', () => {
  it('starts the first driver under the name of the change, and leaves it alone while it runs', async () => {
    expect(await world.ensure()).toBe('started')
    expect(await world.ensure()).toBe('running')
    expect(world.driver.started).toEqual([{ changeId, name: changeId, seconds: 0 }])
    expect(await world.ports.ledger.read(DriverRecord, keys.driver(changeId))).toBeUndefined()
  })

  it('starts as many drivers as die, at one version of the change', async () => {
    const starts: string[] = []
    for (let deaths = 0; deaths < 10; deaths++) {
      starts.push(await world.ensure())
      world.driver.end(world.driver.started.at(-1)?.name ?? '')
      world.clock.advance(5_000)
    }
    expect(starts).toEqual(Array.from({ length: 10 }, () => 'started'))
    expect(new Set(world.driver.started.map(({ name }) => name)).size).toBe(10)
  })

  it('believes the event that an execution ended before its status says so', async () => {
    await world.ensure()
    expect(await world.ensure({ ended: changeId })).toBe('started')
    expect(world.driver.started.at(-1)?.name).toBe(`${changeId}-r1`)
  })

  it('an event about an execution whose place was taken starts nothing', async () => {
    await world.ensure()
    await world.ensure({ ended: changeId })
    expect(await world.ensure({ ended: changeId })).toBe('running')
    expect(world.driver.started).toHaveLength(2)
  })

  it('puts another in the place of one that runs when asked to, once', async () => {
    await world.ensure()
    expect(await world.ensure({ isReplaced: true })).toBe('started')
    expect(world.driver.started.map(({ name }) => name)).toEqual([changeId, `${changeId}-r1`])
  })

  it.each(['closed', 'rolled-back', 'superseded'] as const)('starts none for a change that is %s', async (state) => {
    await world.move({ state })
    expect(await world.ensure()).toBe('ended')
    expect(world.driver.started).toEqual([])
  })

  it('files a leaf for each further attempt, with why', async () => {
    await world.ensure()
    await world.ensure({ ended: changeId, because: 'the driver died' })
    expect(world.ports.ledger.outbox().at(-1)).toMatchObject({
      type: 'driver.restarted',
      changeId,
      body: { attempt: 1, because: 'the driver died' },
    })
  })

  it('names the change that is not in the ledger', async () => {
    await expect(startDriver('0'.repeat(26), { because: '' }, world.ports)).rejects.toThrow('DD1501')
  })
})

describe('I11 startDriver among others', () => {
  it('of two that see one dead driver at the same moment exactly one starts the next', async () => {
    await world.ensure()
    world.driver.end(changeId)
    const answers = await Promise.all([world.ensure(), world.ensure(), world.ensure()])
    expect(answers.toSorted()).toEqual(['running', 'running', 'started'])
    expect(world.driver.started.map(({ name }) => name)).toEqual([changeId, `${changeId}-r1`])
  })

  it('starts what was counted by one that died before the start, and counts no further', async () => {
    await world.ensure()
    world.driver.end(changeId)
    const dying: ChangeDriver = { ...world.driver, start: () => Promise.reject(new Error('killed')) }
    await expect(startDriver(changeId, { because: '' }, { ...world.ports, driver: dying })).rejects.toThrow('killed')
    expect(await world.ensure()).toBe('started')
    expect(world.driver.started.at(-1)?.name).toBe(`${changeId}-r1`)
  })

  it('counts on past names that are taken, and says so when it finds none that is free', async () => {
    const taken = new Set([changeId, ...Array.from({ length: 7 }, (_, at) => `${changeId}-r${at + 1}`)])
    for (const name of taken) {
      await world.driver.start({ changeId, name, seconds: 0 })
      world.driver.end(name)
    }
    await expect(world.ensure()).rejects.toThrow('DD1508')
    expect(await world.ensure()).toBe('started')
    expect(world.driver.started.at(-1)?.name).toBe(`${changeId}-r8`)
  })
})

describe('I11 nextDriver', () => {
  const at = (seconds: number, changeVersion = 3) => ({ changeVersion, nowMs: startMs + seconds * 1000 })

  it('waits longer with each driver that ends at once while the change stands still', () => {
    const waits: number[] = []
    let last: Parameters<typeof nextDriver>[1]
    for (let deaths = 0; deaths < 8; deaths++) {
      const { next, seconds } = nextDriver(changeId, last, at(deaths))
      waits.push(seconds)
      last = next
    }
    expect(waits).toEqual([0, 0, 5, 15, 60, 300, 300, 300])
  })

  const tired = { changeId, attempt: 6, startedAt: '2026-03-02T10:00:00.000Z', changeVersion: 3, quickEnds: 5 }
  it.each([
    ['ends ten minutes after its start', at(600), 0],
    ['ends a moment earlier', at(599.999), 300],
    ['ends once its change has moved', at(1, 4), 0],
  ] as const)('one that %s', (_, moment, seconds) => {
    expect(nextDriver(changeId, tired, moment)).toMatchObject({ seconds, next: { attempt: 7 } })
  })
})
