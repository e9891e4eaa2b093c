import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { modelOf } from '../../../functions/scheduling/model.ts'
import { search } from '../../../functions/scheduling/search.ts'
import { anyProblem } from './any-problem.ts'
import { anyHost, anyModel, hostsLasting } from './builders.ts'

const twoPlaces = () => anyModel({ hosts: hostsLasting(3, 3, 2, 2, 2), concurrency: 2 })
const makespanOf = (effort: { targetSeconds: number; placementsMax: number }) => search(twoPlaces(), effort).makespan

describe('5.2 search', () => {
  it('makes a single pass where it may place no host twice', () => {
    expect(makespanOf({ targetSeconds: 0, placementsMax: 5 })).toBe(7)
  })

  it('goes on for as long as the work allowed lasts', () => {
    expect(makespanOf({ targetSeconds: 0, placementsMax: 40 })).toBe(6)
  })

  it('stops at a schedule that is short enough', () => {
    expect(makespanOf({ targetSeconds: 7, placementsMax: 500 })).toBe(7)
  })

  it('takes the host due first first, where the last ends no later for it', () => {
    const hosts = [anyHost('a', ['a'], { durationSeconds: 300 }), anyHost('b', ['a'], { dueSeconds: 120 })]
    const { starts } = search(anyModel({ hosts, concurrency: 1 }), { targetSeconds: 0, placementsMax: 100 })
    expect([...starts]).toEqual([100, 0])
  })

  it('keeps the shorter schedule where a due date would lengthen it', () => {
    const due = (id: string) => anyHost(id, ['a'], { durationSeconds: 150, dueSeconds: 10 })
    const hosts = [anyHost('a', ['a'], { durationSeconds: 300 }), due('b'), due('c')]
    expect(search(anyModel({ hosts, concurrency: 2 }), { targetSeconds: 0, placementsMax: 100 }).makespan).toBe(300)
  })

  it('I17 takes the same way each time, and gets no worse by more work', () => {
    fc.assert(
      fc.property(anyProblem, (problem) => {
        const run = (passes: number) =>
          search(modelOf(problem), { targetSeconds: 0, placementsMax: passes * problem.hosts.length })
        const [one, three, again] = [run(1), run(3), run(3)]
        expect(again.starts).toEqual(three.starts)
        expect(three.missing.length).toBeLessThanOrEqual(one.missing.length)
        if (one.missing.length === three.missing.length) expect(three.makespan).toBeLessThanOrEqual(one.makespan)
      }),
      { numRuns: 5 },
    )
  })
})
