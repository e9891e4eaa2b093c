import { describe, expect, it } from 'vitest'
import { place, type Ranking } from '../../../functions/scheduling/pass.ts'
import { tailsOf } from '../../../functions/scheduling/tails.ts'
import { anyHost, anyModel, anyService, hostsLasting } from './builders.ts'

function placed(problem: object, ranking: Partial<Ranking> = {}) {
  const model = anyModel(problem)
  const found = place(model, { order: model.kinds.order, rank: model.hosts.seconds, patience: 4, ...ranking })
  return { ...found, start: Object.fromEntries(model.hosts.ids.map((id, host) => [id, found.starts[host]])), model }
}

describe('5.2 place', () => {
  it('starts a host at the first instant at which a place is free, without waiting for the rest', () => {
    const { start, makespan } = placed({ hosts: hostsLasting(300, 100, 50), concurrency: 2 })
    expect([start, makespan]).toEqual([{ h0: 0, h1: 0, h2: 100 }, 300])
  })

  it('takes hosts of a kind in the order that it is given', () => {
    const order = Int32Array.of(1, 0, 2)
    expect(placed({ hosts: hostsLasting(10, 10, 10), concurrency: 1 }, { order }).start).toEqual({
      h1: 0,
      h0: 10,
      h2: 20,
    })
  })

  it('takes the kind with the higher rank first, where no tails are given', () => {
    const problem = {
      hosts: [anyHost('x', ['x']), anyHost('y', ['y'])],
      services: [anyService('x'), anyService('y')],
      concurrency: 1,
    }
    expect(placed(problem, { rank: Float64Array.of(1, 2) }).start).toEqual({ y: 0, x: 100 })
    expect(placed(problem, { rank: Float64Array.of(2, 1) }).start).toEqual({ x: 0, y: 100 })
  })

  it('takes the kind first behind which more time must pass, where tails are given', () => {
    const problem = {
      hosts: [anyHost('a', ['alone']), anyHost('b', ['base']), anyHost('t', ['top'])],
      services: [anyService('alone'), anyService('base'), anyService('top', { dependsOn: ['base'] })],
      concurrency: 1,
    }
    expect(placed(problem, { tails: tailsOf(anyModel(problem)) }).start.b).toBe(0)
  })

  it('tells when each barrier was passed and when each set of services was open', () => {
    const { doneAt, openedAt } = placed({
      hosts: [anyHost('d', ['db']), anyHost('w', ['web'])],
      services: [anyService('db'), anyService('web', { dependsOn: ['db'] })],
    })
    expect([[...doneAt], [...openedAt]]).toEqual([
      [100, 200],
      [0, 100],
    ])
  })

  it('names the hosts that no window had room for, and places the others', () => {
    const windows = [{ startSeconds: 10, endSeconds: 160 }]
    const { missing, start } = placed({
      hosts: hostsLasting(100, 100),
      services: [anyService('a', { maxUnavailable: 1, windows })],
    })
    expect([missing, start]).toEqual([[1], { h0: 10, h1: -1 }])
  })

  it('keeps starts apart by the reboot gap, also across services', () => {
    const problem = {
      hosts: [anyHost('x', ['x']), anyHost('y', ['y']), anyHost('z', ['y'])],
      services: [anyService('x'), anyService('y')],
      rebootsPerSecond: 0.05,
    }
    expect(Object.values(placed(problem).start).sort()).toEqual([0, 20, 40])
  })

  it('lets hosts of a conflict follow each other', () => {
    expect(placed({ hosts: hostsLasting(30, 20, 10), conflicts: [['h0', 'h1']] }).start).toEqual({
      h0: 0,
      h1: 30,
      h2: 0,
    })
  })
})
