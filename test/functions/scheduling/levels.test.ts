import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Levels, levelOrder } from '../../../functions/scheduling/levels.ts'
import { anyModel, anyService, hostsLasting } from './builders.ts'

/** The end of the last place, by trying every place for every job. */
function soonestEnd(seconds: readonly number[], loads: readonly number[]): number {
  const [first, ...others] = seconds
  if (first === undefined) return Math.max(...loads)
  return Math.min(
    ...loads.map((_, at) =>
      soonestEnd(
        others,
        loads.map((load, place) => (place === at ? load + first : load)),
      ),
    ),
  )
}

describe('5.7 Levels', () => {
  it('ends the last place as soon as any assignment of jobs does', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 7 }),
        fc.integer({ min: 2, max: 3 }),
        (jobs, places) => {
          const seconds = Float64Array.from(jobs).sort().reverse()
          const ends = new Levels(seconds, places).starts().map((start, job) => start + (seconds[job] ?? 0))
          expect(Math.max(...ends)).toBe(
            soonestEnd(
              [...seconds],
              Array.from({ length: places }, () => 0),
            ),
          )
        },
      ),
    )
  })
})

describe('5.7 levelOrder', () => {
  const orderOf = (maxUnavailable: number, ...seconds: readonly number[]) => [
    ...levelOrder(anyModel({ hosts: hostsLasting(...seconds), services: [anyService('a', { maxUnavailable })] })),
  ]

  it('takes hosts so that two places end level, which the longest first does not', () => {
    expect(orderOf(2, 30, 30, 20, 20, 20)).toEqual([0, 2, 3, 1, 4])
  })

  it.each([
    ['one place', 1, [30, 20, 10]],
    ['a place for each host', 3, [30, 20, 10]],
  ])('leaves the longest first with %s', (_, places, seconds) => {
    expect(orderOf(places, ...seconds)).toEqual([...seconds.keys()])
  })

  it('leaves the longest first with more hosts for a place than it would gain anything for', () => {
    const hosts = hostsLasting(...Array.from({ length: 17 }, (_, at) => 100 - at))
    const model = anyModel({ hosts, services: [anyService('a', { maxUnavailable: 2 })] })
    expect(levelOrder(model)).toEqual(model.kinds.order)
  })
})
