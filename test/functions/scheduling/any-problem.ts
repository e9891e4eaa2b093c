/** Planning problems of every kind for property tests. */
import fc from 'fast-check'
import { PlanningProblem } from '../../../functions/scheduling/problem.ts'

interface Shape {
  readonly hosts: readonly (readonly [number, number, number, boolean])[]
  readonly services: number
  readonly down: number
  readonly zone: 'none' | 'one' | 'each'
  readonly chain: readonly boolean[]
  readonly concurrency: number
  readonly hasBytes: boolean
  readonly rebootsPerSecond: number | null
  readonly hasWindows: boolean
}

const zones = ['a', 'b', 'c']

function problemOf({ hosts, services, down, zone, chain, concurrency, hasBytes, rebootsPerSecond, hasWindows }: Shape) {
  const days = Array.from({ length: 400 }, (_, day) => ({
    startSeconds: day * 86_400,
    endSeconds: day * 86_400 + 7_200,
  }))
  return PlanningProblem.parse({
    hosts: hosts.map(([service, zoneIndex, durationSeconds, isShared], index) => ({
      id: `h${index}`,
      // Only neighbours share a host, so that no service stands between two of one host.
      services: isShared && services > 1 ? ['s0', 's1'] : [`s${service % services}`],
      zone: zones[zoneIndex],
      ring: 'r',
      site: `site${zoneIndex % 2}`,
      durationSeconds,
      bytes: durationSeconds * 1_000,
    })),
    services: Array.from({ length: services }, (_, index) => ({
      id: `s${index}`,
      maxUnavailable: down,
      ...(zone === 'one' ? { maxUnavailablePerZone: 1 } : {}),
      ...(zone === 'each' ? { maxUnavailablePerZone: { a: 1, b: 2, c: 3 } } : {}),
      dependsOn: index > 0 && chain[index] ? [`s${index - 1}`] : [],
      ...(hasWindows && index === 0 ? { windows: days } : {}),
    })),
    conflicts:
      hosts.length > 3
        ? [
            ['h0', 'h1'],
            ['h3', 'h2'],
          ]
        : [],
    concurrency,
    ...(hasBytes ? { bandwidthBytesPerSecond: { site0: 3_000 } } : {}),
    ...(rebootsPerSecond === null ? {} : { rebootsPerSecond }),
  })
}

export const anyProblem = fc
  .record({
    hosts: fc.array(fc.tuple(fc.nat(4), fc.nat(2), fc.integer({ min: 30, max: 900 }), fc.boolean()), {
      minLength: 1,
      maxLength: 40,
    }),
    services: fc.integer({ min: 1, max: 5 }),
    down: fc.integer({ min: 1, max: 6 }),
    zone: fc.constantFrom('none' as const, 'one' as const, 'each' as const),
    chain: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
    concurrency: fc.integer({ min: 1, max: 12 }),
    hasBytes: fc.boolean(),
    rebootsPerSecond: fc.option(fc.constantFrom(0.01, 0.3, 5)),
    hasWindows: fc.boolean(),
  })
  .map(problemOf)
