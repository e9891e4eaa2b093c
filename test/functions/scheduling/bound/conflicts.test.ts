import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { conflictCases, conflictsOf } from '../../../../bench/planner-nasty.ts'
import { apartOf, componentsOf, joinedPartsOf } from '../../../../functions/scheduling/bound/apart.ts'
import { heavyClique } from '../../../../functions/scheduling/bound/clique.ts'
import { conflictBound } from '../../../../functions/scheduling/bound/conflicts.ts'
import { boundFleetOf } from '../../../../functions/scheduling/bound/fleet.ts'
import { lowerBoundSeconds } from '../../../../functions/scheduling/bound/lower-bound.ts'
import { pathsOf } from '../../../../functions/scheduling/bound/paths.ts'
import { schedule } from '../../../../functions/scheduling/schedule.ts'
import { anyHost, anyProblemOf, anyService, hostsLasting } from '../builders.ts'

const pairsOf = (count: number, isApart: (one: number, other: number) => boolean) =>
  Array.from({ length: count }, (_, one) => one).flatMap((one) =>
    Array.from({ length: one }, (_, other) => other).flatMap((other) =>
      isApart(one, other) ? [[`h${other}`, `h${one}`]] : [],
    ),
  )
const boundOf = (problem: object) => lowerBoundSeconds(anyProblemOf(problem))
/** The bound of the conflicts alone, without those of places, paths, downloads and reboots. */
function conflictBoundOf(made: object): number {
  const problem = anyProblemOf(made)
  const fleet = boundFleetOf(problem)
  return conflictBound(problem, fleet, pathsOf(fleet))
}

describe('5.7 the lower bound of conflicts', () => {
  it.each([
    ['the sum of a clique', { hosts: hostsLasting(10, 20, 30), conflicts: pairsOf(3, () => true) }, 60],
    [
      'the longest of each part where parts exclude each other',
      { hosts: hostsLasting(10, 20, 30, 40), conflicts: pairsOf(4, (one, other) => one % 2 !== other % 2) },
      70,
    ],
    [
      'each part on the places that it has',
      {
        hosts: hostsLasting(30, 30, 30, 30),
        conflicts: pairsOf(4, (one, other) => one % 2 !== other % 2),
        services: [anyService('a', { maxUnavailable: 1 })],
      },
      120,
    ],
    [
      'the longest of parts that go on side by side',
      {
        hosts: hostsLasting(10, 20, 30, 40),
        conflicts: [
          ['h0', 'h1'],
          ['h2', 'h3'],
        ],
      },
      70,
    ],
    [
      'a clique in a path, which is a pair',
      {
        hosts: hostsLasting(10, 50, 20, 40),
        conflicts: [
          ['h0', 'h1'],
          ['h1', 'h2'],
          ['h2', 'h3'],
        ],
      },
      70,
    ],
    [
      'hosts that share a limit of one beside those in conflict',
      {
        hosts: [anyHost('x', ['a']), anyHost('y', ['a']), anyHost('z', ['b'])],
        services: [anyService('a', { maxUnavailable: 1 }), anyService('b')],
        conflicts: [
          ['x', 'z'],
          ['y', 'z'],
        ],
      },
      300,
    ],
    [
      'hosts of a zone with one place beside those in conflict',
      {
        hosts: [anyHost('x', ['a']), anyHost('y', ['a']), anyHost('z', ['b'])],
        services: [anyService('a', { maxUnavailablePerZone: { z: 1 } }), anyService('b')],
        conflicts: [
          ['x', 'z'],
          ['y', 'z'],
        ],
      },
      300,
    ],
    [
      'what stands before and behind a clique',
      {
        hosts: [anyHost('first', ['f']), ...hostsLasting(10, 20, 30), anyHost('last', ['l'])],
        services: [anyService('f'), anyService('a', { dependsOn: ['f'] }), anyService('l', { dependsOn: ['a'] })],
        conflicts: pairsOf(3, () => true),
      },
      260,
    ],
    [
      'the windows of a clique',
      {
        hosts: hostsLasting(60, 60, 60),
        services: [
          anyService('a', { windows: [0, 1_000, 2_000].map((at) => ({ startSeconds: at, endSeconds: at + 100 })) }),
        ],
        conflicts: pairsOf(3, () => true),
      },
      1_080,
    ],
  ])('knows %s', (_, problem, seconds) => {
    expect(boundOf(problem)).toBeCloseTo(seconds, 6)
  })

  it('is no more than any schedule takes, whatever is in conflict', () => {
    const shape = fc.record({
      seconds: fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 2, maxLength: 9 }),
      bits: fc.infiniteStream(fc.boolean()),
      maxUnavailable: fc.integer({ min: 1, max: 4 }),
    })
    fc.assert(
      fc.property(shape, ({ seconds, bits, maxUnavailable }) => {
        const conflicts = pairsOf(seconds.length, () => bits.next().value === true)
        const services = [anyService('a', { maxUnavailable })]
        const problem = anyProblemOf({ hosts: hostsLasting(...seconds), services, conflicts })
        const found = schedule(problem, { placementsMax: 1 })
        if (!('start' in found)) throw new Error(JSON.stringify(found))
        expect(lowerBoundSeconds(problem)).toBeLessThanOrEqual(found.makespanSeconds + 1e-3)
      }),
      { numRuns: 200 },
    )
  })

  const certified = conflictCases.filter(({ name }) => !/random/.test(name))
  it.each(certified)('certifies the plan of $name within 1 %', ({ problem: make }) => {
    const problem = make()
    const found = schedule(problem)
    if (!('start' in found)) throw new Error(JSON.stringify(found))
    expect(found.makespanSeconds / lowerBoundSeconds(problem)).toBeLessThan(1.01)
  })
})

describe('5.7 parts and cliques', () => {
  const apart = apartOf(
    anyProblemOf({
      hosts: hostsLasting(1, 2, 3, 4, 5),
      conflicts: [
        ['h0', 'h1'],
        ['h1', 'h2'],
        ['h3', 'h4'],
      ],
    }),
  )

  it('parts between which nobody is apart, and parts that exclude each other', () => {
    expect(componentsOf([0, 1, 2, 3, 4], apart)).toEqual([
      [0, 1, 2],
      [3, 4],
    ])
    expect(joinedPartsOf([0, 1, 2], apart)).toEqual([[0, 2], [1]])
  })

  it('leaves out of the graph whom no conflict names', () => {
    const { hosts } = apartOf(anyProblemOf({ hosts: hostsLasting(1, 2, 3), conflicts: [['h0', 'h2']] }))
    expect(hosts.map(({ id }) => id)).toEqual(['h0', 'h2'])
  })

  it('finds the heaviest clique of intervals, by which they are planned', () => {
    const problem = conflictsOf({ hosts: 60, isApart: (one, other) => Math.abs(one - other) <= 4 })
    const graph = apartOf(problem)
    const weights = problem.hosts.map((_, at) =>
      problem.hosts.slice(at, at + 5).reduce((sum, { durationSeconds }) => sum + durationSeconds, 0),
    )
    const clique = heavyClique([...graph.hosts.keys()], graph)
    expect(clique.reduce((sum, one) => sum + (graph.seconds[one] ?? 0), 0)).toBe(Math.max(...weights))
  })
})

describe('5.7 the bound of conflicts alone', () => {
  it('is 0 without a conflict, however much work there is', () => {
    expect(conflictBoundOf({ hosts: hostsLasting(10, 20, 30), concurrency: 1 })).toBe(0)
  })

  it('adds what excludes each other, and takes the longest of what does not', () => {
    const hosts = hostsLasting(10, 20, 30, 40)
    expect(conflictBoundOf({ hosts, conflicts: pairsOf(3, () => true) })).toBe(60)
    expect(conflictBoundOf({ hosts, conflicts: [['h0', 'h1']] })).toBe(30)
    expect(
      conflictBoundOf({
        hosts,
        conflicts: [
          ['h0', 'h1'],
          ['h2', 'h3'],
        ],
      }),
    ).toBe(70)
  })

  it('counts the places that a part has', () => {
    const hosts = hostsLasting(30, 30, 30, 30)
    const conflicts = pairsOf(4, (one, other) => one % 2 !== other % 2)
    expect(conflictBoundOf({ hosts, conflicts })).toBe(60)
    expect(conflictBoundOf({ hosts, conflicts, concurrency: 1 })).toBe(120)
  })
})
