import { describe, expect, it } from 'vitest'
import { anyPacking } from '../../../bench/planner-nasty.ts'
import { packedStarts } from '../../../functions/scheduling/packing.ts'
import { schedule } from '../../../functions/scheduling/schedule.ts'
import { verifySchedule } from '../../../functions/scheduling/verify/schedule.ts'
import { anyHost, anyModel, anyPlaced, anyService, hostsLasting } from './builders.ts'

const windows = (...spans: readonly (readonly [number, number])[]) =>
  spans.map(([startSeconds, endSeconds]) => ({ startSeconds, endSeconds }))
const startsOf = (problem: object, variant = 1, openedAt: readonly number[] = []) => {
  const model = anyModel(problem)
  const placed = { ...anyPlaced(model.hosts.ids.map(() => 7)), openedAt: Float64Array.from(openedAt) }
  return [...packedStarts(model, placed, variant)]
}

describe('5.7 packedStarts', () => {
  const services = [anyService('a', { maxUnavailable: 1, windows: windows([0, 100], [200, 300]) })]

  it('fills a window with what leaves least of it unused, and not with the longest that is left', () => {
    expect(startsOf({ hosts: hostsLasting(60, 50, 50, 40), services })).toEqual([0, 200, 250, 60])
  })

  it('begins where the schedule opened the service', () => {
    expect(startsOf({ hosts: hostsLasting(60, 40), services }, 1, [30])).toEqual([30, 200])
  })

  it('gives a host of two services a place in both', () => {
    const both = ['a', 'b'].map((id) => anyService(id, { maxUnavailable: 1, windows: windows([0, 100], [200, 300]) }))
    const hosts = [
      anyHost('both', ['a', 'b'], { durationSeconds: 90 }),
      anyHost('x', ['a'], { durationSeconds: 90 }),
      anyHost('y', ['b'], { durationSeconds: 90 }),
    ]
    expect(startsOf({ hosts, services: both })).toEqual([0, 200, 200])
  })

  it('leaves the starts of services without windows, and puts hosts last for which no window is left', () => {
    expect(startsOf({ hosts: hostsLasting(60, 40) })).toEqual([7, 7])
    expect(startsOf({ hosts: hostsLasting(90, 90, 80), services }).at(-1)).toBe(7)
  })
})

describe('5.2 5.7 schedule at 5 % slack', () => {
  it.each(Array.from({ length: 2 }, (_, part) => part))(
    'finds a plan for every one of fifty fleets that fill their windows but for a twentieth, part %i',
    (part) => {
      const unplanned = Array.from({ length: 50 }, (_, at) => part * 50 + at).filter((seed) => {
        const problem = anyPacking(seed, 0.05)
        const found = schedule(problem)
        if (!('start' in found)) return true
        expect(verifySchedule(problem, found.start)).toEqual([])
        return false
      })
      expect(unplanned).toEqual([])
    },
    60_000,
  )
})
