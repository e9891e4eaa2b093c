import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { insertHostsMax, insertInOrders } from '../../../functions/scheduling/insert.ts'
import { modelOf } from '../../../functions/scheduling/model.ts'
import { place } from '../../../functions/scheduling/pass.ts'
import { tailsOf } from '../../../functions/scheduling/tails.ts'
import { verifySchedule } from '../../../functions/scheduling/verify/schedule.ts'
import { anyProblem } from './any-problem.ts'
import { anyModel, anyPlaced, hostsLasting } from './builders.ts'

const effort = { ordersMax: 40, targetSeconds: 0 }
const eager = (model: ReturnType<typeof modelOf>) =>
  place(model, { order: model.kinds.order, rank: model.hosts.seconds, tails: tailsOf(model), patience: 4 })
/** The longest first takes 7 s here; 3 and 3 beside 2, 2 and 2 take 6. */
const twoPlaces = () => anyModel({ hosts: hostsLasting(3, 3, 2, 2, 2), concurrency: 2 })

describe('5.2 insertInOrders', () => {
  it('finds the shorter schedule that taking the longest first misses', () => {
    const model = twoPlaces()
    const placed = eager(model)
    expect([placed.makespan, insertInOrders(model, placed, effort).makespan]).toEqual([7, 6])
  })

  it('keeps what it was given where it may try no order', () => {
    const model = twoPlaces()
    const placed = eager(model)
    expect(insertInOrders(model, placed, { ...effort, ordersMax: 0 })).toBe(placed)
  })

  it('keeps what it was given where that is as short as wanted', () => {
    const model = twoPlaces()
    const placed = eager(model)
    expect(insertInOrders(model, placed, { ...effort, targetSeconds: 7 })).toBe(placed)
  })

  it('finds a place for hosts that had none', () => {
    const model = anyModel({ hosts: hostsLasting(5, 5), concurrency: 1 })
    const found = insertInOrders(model, { ...anyPlaced([0, -1], 5), missing: [1] }, effort)
    expect([found.missing, found.makespan]).toEqual([[], 10])
  })

  it('I3 breaks no limit and makes no schedule longer', () => {
    fc.assert(
      fc.property(
        anyProblem.filter(({ hosts }) => hosts.length <= insertHostsMax),
        (problem) => {
          const model = modelOf(problem)
          const placed = eager(model)
          const found = insertInOrders(model, placed, { ordersMax: 5, targetSeconds: 0 })
          if (placed.missing.length === 0) expect(found.makespan).toBeLessThanOrEqual(placed.makespan)
          if (found.missing.length > 0) return
          const start = Object.fromEntries(model.hosts.ids.map((id, host) => [id, found.starts[host] ?? -1]))
          expect(verifySchedule(problem, start)).toEqual([])
        },
      ),
      { numRuns: 5 },
    )
  })
})
