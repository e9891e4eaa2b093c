import { describe, expect, it } from 'vitest'
import { lowerBoundSeconds } from '../../../../functions/scheduling/bound/lower-bound.ts'
import { host, problemOf, service } from '../small-problems.ts'

describe('lowerBoundSeconds', () => {
  const hosts = (...durations: number[]) =>
    durations.map((durationSeconds, index) => host(`h${index}`, ['a'], { durationSeconds, bytes: 10 }))

  it.each([
    ['the longest host', { hosts: hosts(100, 700, 50) }, 700],
    [
      'work over what may be down',
      { hosts: hosts(100, 100, 100), services: [service('a', { maxUnavailable: 1 })] },
      300,
    ],
    [
      'jobs that must share a place',
      { hosts: hosts(60, 50, 50), services: [service('a', { maxUnavailable: 2 })] },
      100,
    ],
    [
      'work over the places of a zone',
      { hosts: hosts(100, 100), services: [service('a', { maxUnavailablePerZone: { z: 1 } })] },
      200,
    ],
    ['work over concurrency', { hosts: hosts(100, 100), concurrency: 1 }, 200],
    ['downloads and the shortest host', { hosts: hosts(100, 100), bandwidthBytesPerSecond: { default: 0.1 } }, 300],
    ['reboots and the shortest host', { hosts: hosts(100, 100), rebootsPerSecond: 0.01 }, 200],
    ['a pair in conflict', { hosts: hosts(100, 50), conflicts: [['h0', 'h1']] }, 150],
    [
      'the first window',
      { hosts: hosts(100), services: [service('a', { windows: [{ startSeconds: 500, endSeconds: 900 }] })] },
      600,
    ],
    [
      'the longest chain of dependencies',
      {
        hosts: [host('x', ['x']), host('y', ['y'])],
        services: [service('x'), service('m', { dependsOn: ['x'] }), service('y', { dependsOn: ['m'] })],
      },
      200,
    ],
    [
      'a chain that a shared host hands on from one service to another',
      {
        hosts: [host('x', ['x']), host('xy', ['y', 'z']), host('end', ['end'])],
        services: [
          service('x'),
          service('y', { dependsOn: ['x'] }),
          service('z'),
          service('end', { dependsOn: ['z'] }),
        ],
      },
      300,
    ],
    [
      'open time instead of time',
      {
        hosts: hosts(100, 100, 100),
        services: [
          service('a', {
            maxUnavailable: 1,
            windows: [0, 1_000].map((startSeconds) => ({ startSeconds, endSeconds: startSeconds + 200 })),
          }),
        ],
      },
      1_100,
    ],
    [
      'work over concurrency between what stands before and behind it',
      {
        hosts: [host('x', ['x']), ...['p', 'q'].map((id) => host(id, ['m'])), host('y', ['y'])],
        services: [service('x'), service('m', { dependsOn: ['x'] }), service('y', { dependsOn: ['m'] })],
        concurrency: 1,
      },
      400,
    ],
  ])('knows %s', (_, problem, seconds) => {
    expect(lowerBoundSeconds(problemOf(problem))).toBeCloseTo(seconds, 6)
  })
})
