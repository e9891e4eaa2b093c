import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../../functions/kit/json.ts'
import { lowerBoundSeconds } from '../../../functions/scheduling/bound/lower-bound.ts'
import type { PlanningProblem } from '../../../functions/scheduling/problem.ts'
import { passed, schedule } from '../../../functions/scheduling/schedule.ts'
import { verifySchedule } from '../../../functions/scheduling/verify/schedule.ts'
import { runs } from '../../runs.ts'
import { anyProblem } from './any-problem.ts'
import { host, problemOf, service } from './small-problems.ts'

const solve = (problem: PlanningProblem, placementsMax = 1_000) => {
  const solution = schedule(problem, { placementsMax })
  if (!('start' in solution)) throw new Error(JSON.stringify(solution))
  return solution
}
/** A shuffle that a seed decides. */
const shuffled = <T>(list: readonly T[], seed: number) =>
  list
    .map((one, index) => ({ one, key: Math.imul(index + 1, seed | 1) >>> 0 }))
    .sort((left, right) => left.key - right.key)
    .map(({ one }) => one)

describe('5.2 5.7 schedule', () => {
  it('I2 I3 I13 breaks no limit and never beats the bound', () => {
    fc.assert(
      fc.property(anyProblem, fc.constantFrom(1, 200, 1_000), (problem, placementsMax) => {
        const { start, makespanSeconds } = solve(problem, placementsMax)
        expect(verifySchedule(problem, start)).toEqual([])
        expect(makespanSeconds).toBeGreaterThanOrEqual(lowerBoundSeconds(problem) - 1e-3)
      }),
      { numRuns: runs(300) },
    )
  })

  it('I17 gives the same bytes whatever the order of any list', () => {
    fc.assert(
      fc.property(anyProblem, fc.integer(), (problem, seed) => {
        const turned = {
          ...problem,
          hosts: shuffled(problem.hosts, seed).map((one) => ({ ...one, services: one.services.toReversed() })),
          services: shuffled(problem.services, seed).map((one) => ({
            ...one,
            ...(one.windows ? { windows: shuffled(one.windows, seed) } : {}),
          })),
          conflicts: problem.conflicts.toReversed().map(([left, right]): [string, string] => [right, left]),
        }
        const effort = { placementsMax: 300 }
        expect(canonicalJson(schedule(turned, effort))).toBe(canonicalJson(schedule(problem, effort)))
      }),
      { numRuns: runs(150) },
    )
  })

  it('has no barriers: a host that ends makes room for the next at once', () => {
    const hosts = [host('a', ['a'], { durationSeconds: 300 }), ...['b', 'c', 'd'].map((id) => host(id))]
    expect(solve(problemOf({ hosts, services: [service('a', { maxUnavailable: 2 })] })).makespanSeconds).toBe(300)
  })

  it('starts the service first behind which most work waits', () => {
    const hosts = [host('x', ['alone']), host('y', ['first']), host('z', ['last'])]
    const services = [service('alone'), service('first'), service('last', { dependsOn: ['first'] })]
    expect(solve(problemOf({ hosts, services, concurrency: 1 })).start.y).toBe(0)
  })

  it('I3 keeps a dependency at any depth, also through a service without hosts', () => {
    const hosts = [host('w', ['web']), host('d', ['db'])]
    const services = [service('web', { dependsOn: ['api'] }), service('api', { dependsOn: ['db'] }), service('db')]
    expect(solve(problemOf({ hosts, services })).start).toEqual({ d: 0, w: 100 })
  })

  it('5.2 starts a host once its download can be there, the ones before it included', () => {
    const hosts = [host('a', ['a'], { bytes: 100 }), host('b', ['a'], { bytes: 300 })]
    const { start } = solve(problemOf({ hosts, bandwidthBytesPerSecond: { default: 10 } }))
    expect(start).toEqual({ a: 10, b: 40 })
  })

  it('5.7 spreads reboots', () => {
    const { start } = solve(problemOf({ hosts: [host('a'), host('b'), host('c')], rebootsPerSecond: 0.1 }))
    expect(Object.values(start)).toEqual([0, 10, 20])
  })

  it('takes the nearest due date first among hosts that are alike', () => {
    const hosts = [host('a', ['a'], { dueSeconds: 900 }), host('b', ['a'], { dueSeconds: 100 }), host('c')]
    expect(solve(problemOf({ hosts, concurrency: 1 })).start).toEqual({ b: 0, a: 100, c: 200 })
  })

  it('takes a host of the name of a prototype like any other', () => {
    expect(Object.keys(solve(problemOf({ hosts: [host('__proto__'), host('constructor')] })).start)).toHaveLength(2)
  })

  it('takes the nearest due date first among hosts that differ, where the last host ends no later for it', () => {
    const hosts = [host('a', ['a'], { durationSeconds: 300 }), host('b', ['a'], { dueSeconds: 120 })]
    expect(solve(problemOf({ hosts, concurrency: 1 })).start).toEqual({ b: 0, a: 100 })
    const more = [...hosts, host('c', ['a'], { durationSeconds: 200 })]
    expect(solve(problemOf({ hosts: more, concurrency: 2 })).makespanSeconds).toBe(300)
  })

  it('keeps a place for a host of two services, of which now the one is full and now the other', () => {
    const busy = (name: string, count: number, durationSeconds: number) =>
      Array.from({ length: count }, (_, index) => host(`${name}${index}`, [name], { durationSeconds }))
    // Both services are busy when `first` is done; without a kept place they would never be free together.
    const problem = problemOf({
      hosts: [
        host('f', ['first']),
        ...busy('x', 12, 70),
        ...busy('y', 12, 110),
        host('both', ['x', 'y', 'z']),
        ...busy('last', 9, 900),
      ],
      services: [
        service('first'),
        ...['x', 'y'].map((id) => service(id, { maxUnavailable: 1 })),
        service('z', { dependsOn: ['first'] }),
        service('last', { maxUnavailable: 1, dependsOn: ['z'] }),
      ],
    })
    expect(solve(problem, 1).start.both).toBeLessThan(300)
  })

  it('fits the longest host that there is room for into what is left of a window', () => {
    const hosts = [host('l', ['a'], { durationSeconds: 300 }), host('m', ['a'], { durationSeconds: 200 }), host('s')]
    const windows = [0, 1_000].map((startSeconds) => ({ startSeconds, endSeconds: startSeconds + 420 }))
    const { start } = solve(problemOf({ hosts, services: [service('a', { maxUnavailable: 1, windows })] }))
    expect(start).toEqual({ l: 0, s: 300, m: 1_000 })
  })

  it('I17 has instants that add up exactly, whatever the fractions', () => {
    const hosts = Array.from({ length: 9 }, (_, index) =>
      host(`h${index}`, ['a'], { durationSeconds: 10 + index / 10, bytes: 7 }),
    )
    const problem = problemOf({ hosts, concurrency: 1, bandwidthBytesPerSecond: { default: 0.7 } })
    const { start } = solve(problem)
    const inOrder = hosts.toSorted((one, other) => (start[one.id] ?? 0) - (start[other.id] ?? 0))
    inOrder.slice(1).forEach((next, at) => {
      const before = inOrder[at]
      expect(start[next.id]).toBeGreaterThanOrEqual((start[before?.id ?? ''] ?? 0) + (before?.durationSeconds ?? 0))
    })
  })

  it('lets nothing out that the verifier has not passed', () => {
    const problem = problemOf({ hosts: [host('h1'), host('h2')], concurrency: 1 })
    expect(() => passed(problem, { start: { h1: 0, h2: 50 }, makespanSeconds: 150 })).toThrow(/DD1603.*all: 2 down/)
  })

  it('schedules nothing for a problem of nothing', () => {
    expect(schedule(problemOf({}))).toEqual({ start: {}, makespanSeconds: 0 })
    expect(lowerBoundSeconds(problemOf({}))).toBe(0)
  })

  it('B41 plans 10,000 hosts within the bound plus 5 %', () => {
    const hosts = Array.from({ length: 10_000 }, (_, index) =>
      host(`h${index}`, [`s${index % 40}`], { zone: `z${index % 3}`, durationSeconds: 300 + ((index * 7919) % 600) }),
    )
    const services = Array.from({ length: 40 }, (_, index) =>
      service(`s${index}`, { maxUnavailable: 20, dependsOn: index >= 20 ? [`s${index - 20}`] : [] }),
    )
    const problem = problemOf({ hosts, services, concurrency: 500 })
    const { start, makespanSeconds } = solve(problem, 1)
    expect(verifySchedule(problem, start)).toEqual([])
    expect(makespanSeconds / lowerBoundSeconds(problem)).toBeLessThan(1.05)
  }, 20_000)
})

describe('verifySchedule', () => {
  const problem = problemOf({
    hosts: [host('a1'), host('a2'), host('b1', ['b'])],
    services: [
      service('a', { maxUnavailable: 1, windows: [{ startSeconds: 0, endSeconds: 1_000 }] }),
      service('b', { dependsOn: ['a'] }),
    ],
    conflicts: [['a1', 'b1']],
    concurrency: 2,
    bandwidthBytesPerSecond: { default: 1 },
  })
  const good = { a1: 0, a2: 100, b1: 200 }

  it('passes what holds', () => {
    expect(verifySchedule(problem, good)).toEqual([])
  })

  it.each([
    ['a host without a start', { a1: 0, a2: 100 }, 'b1 has no start'],
    ['a start before the beginning', { ...good, a1: -1 }, 'a1 has no start'],
    ['a start that is no number', { ...good, a1: Number.NaN }, 'a1 has no start'],
    ['a host that nobody asked for', { ...good, x: 0 }, 'x is not a host'],
    ['I2 two hosts of which one may be down', { ...good, a2: 50 }, '["a"]: 2 down'],
    [
      'I3 a service before its dependency is done',
      { ...good, b1: 150 },
      'b starts at 150 s, before a is done at 200 s',
    ],
    ['a conflict', { a1: 150, a2: 0, b1: 200 }, 'a1 and b1 are in work together'],
    ['I13 a host outside its window', { a1: 950, a2: 0, b1: 2_000 }, 'a1 runs from 950 to 1050 s'],
  ])('finds %s', (_, start, violation) => {
    expect(verifySchedule(problem, start).join('\n')).toContain(violation)
  })

  it.each([
    ['too many at once', { concurrency: 1 }, { x: 0, y: 0 }, 'all: 2 down'],
    [
      'a zone with too many',
      { services: [service('a', { maxUnavailablePerZone: 1 })] },
      { x: 0, y: 0 },
      '["a","z"]: 2 down',
    ],
    [
      'downloads that are not there',
      { bandwidthBytesPerSecond: { default: 1 } },
      { x: 0, y: 50 },
      'its download ends at',
    ],
    ['reboots too close', { rebootsPerSecond: 0.1 }, { x: 0, y: 9 }, 'at least 10 s'],
  ])('finds %s', (_, more, start, violation) => {
    const hosts = [host('x', ['a'], { bytes: 40 }), host('y', ['a'], { bytes: 40 })]
    expect(verifySchedule(problemOf({ hosts, ...more }), start).join('\n')).toContain(violation)
  })

  it('finds a schedule in which one start was moved to an instant that was full', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 20 }), fc.nat(19), (count, at) => {
        const hosts = Array.from({ length: count }, (_, index) => host(`h${index}`))
        const full = problemOf({ hosts, services: [service('a', { maxUnavailable: 1 })] })
        const { start } = solve(full)
        const moved = { ...start, [`h${at % count}`]: start[`h${(at + 1) % count}`] ?? 0 }
        expect(verifySchedule(full, moved)).not.toEqual([])
      }),
    )
  })
})
