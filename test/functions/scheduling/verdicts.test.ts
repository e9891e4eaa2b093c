import { describe, expect, it } from 'vitest'
import { schedule } from '../../../functions/scheduling/schedule.ts'
import { anyHost as host, anyProblemOf as problemOf, anyService as service } from './builders.ts'

describe('5.2 B40 the verdict infeasible', () => {
  it.each([
    ['a host named twice', { hosts: [host('h'), host('h')] }, 'twice', ['h']],
    ['a service named twice', { hosts: [host('h')], services: [service('a'), service('a')] }, 'twice', ['a']],
    [
      'B40 a zone with none to spare',
      { hosts: [host('h')], services: [service('a', { maxUnavailablePerZone: { z: 0 } })] },
      'minimum healthy',
      ['a'],
    ],
    [
      'B40 a zone that the service does not name',
      { hosts: [host('h')], services: [service('a', { maxUnavailablePerZone: { other: 3 } })] },
      'minimum healthy',
      ['a'],
    ],
    ['a host in conflict with itself', { hosts: [host('h')], conflicts: [['h', 'h']] }, 'conflict', ['h']],
    [
      'a service that depends on one that is not there',
      { hosts: [host('h')], services: [service('a', { dependsOn: ['gone'] })] },
      'depend on services that are not in the problem',
      ['gone'],
    ],
    [
      'B39 a window that ends before it starts',
      { hosts: [host('h')], services: [service('a', { windows: [{ startSeconds: 9, endSeconds: 5 }] })] },
      'end before they start',
      ['a'],
    ],
    [
      'B39 a window of no length',
      { hosts: [host('h')], services: [service('a', { windows: [{ startSeconds: 9, endSeconds: 9 }] })] },
      'there is none',
      ['h'],
    ],
    ['a concurrency of none', { hosts: [host('h')], concurrency: 0 }, 'concurrency 0', []],
    [
      'a site without bandwidth',
      { hosts: [host('h', ['a'], { bytes: 1 })], bandwidthBytesPerSecond: { default: 0 } },
      'no bandwidth',
      ['default'],
    ],
    [
      'windows that hold each host and not all of them',
      {
        hosts: [host('h1'), host('h2')],
        services: [service('a', { maxUnavailable: 1, windows: [{ startSeconds: 0, endSeconds: 150 }] })],
      },
      'the windows of a hold 150 s of work (1 window with 1 place), its hosts take 200 s',
      ['a'],
    ],
    [
      'B39 windows that sums leave open and no packing fills',
      {
        hosts: [70, 70, 60].map((durationSeconds, at) => host(`h${at}`, ['a'], { durationSeconds })),
        services: [service('a', { maxUnavailable: 2, windows: [{ startSeconds: 0, endSeconds: 110 }] })],
      },
      'every way to fill them (1 window with 2 places) was tried',
      ['a'],
    ],
    [
      'B39 windows that are over before what they wait for is done',
      {
        hosts: [host('x', ['first'], { durationSeconds: 200 }), host('both', ['first', 'a']), host('y', ['a'])],
        services: [
          service('first'),
          service('a', { dependsOn: ['first'], windows: [{ startSeconds: 0, endSeconds: 250 }] }),
        ],
      },
      'behind what it depends on',
      ['a'],
    ],
    [
      'B39 windows that close while everybody waits',
      {
        hosts: [host('x', ['first']), host('y', ['a'])],
        services: [
          service('first'),
          service('a', { dependsOn: ['first'], windows: [{ startSeconds: 0, endSeconds: 150 }] }),
        ],
      },
      'from 100 s on, when what it depends on can be done, hold 0 s of work',
      ['a'],
    ],
    [
      'B39 windows of several services that hold less than all may do at once',
      {
        hosts: [host('x', ['a']), host('y', ['b'])],
        services: ['a', 'b'].map((id) => service(id, { windows: [{ startSeconds: 0, endSeconds: 150 }] })),
        concurrency: 1,
      },
      'the windows of all services together',
      [],
    ],
    [
      'work beyond the horizon',
      { hosts: ['h', 'i'].map((id) => host(id, ['a'], { durationSeconds: 2 ** 33 })), concurrency: 1 },
      'none may end after 2^33 s',
      [],
    ],
    [
      'a conflict with a host that is not there',
      { hosts: [host('h')], conflicts: [['h', 'hh']] },
      'conflicts.0.1 (hh)',
      ['hh'],
    ],
    [
      'a host on both sides of a third service',
      {
        hosts: [host('both', ['web', 'db']), host('between', ['api'])],
        services: [service('web', { dependsOn: ['api'] }), service('api', { dependsOn: ['db'] }), service('db')],
      },
      'each waits for the other',
      ['between', 'both'],
    ],
    [
      'hosts for whom the last window is too short',
      {
        hosts: [host('a'), host('b', ['a'], { durationSeconds: 500 })],
        services: [service('a', { windows: [{ startSeconds: 50, endSeconds: 160 }] })],
      },
      'no window',
      ['b'],
    ],
  ])('refuses %s, and names it', (_, problem, infeasible, names) => {
    expect(schedule(problemOf(problem))).toEqual({ infeasible: expect.stringContaining(infeasible), names })
  })

  it('is never that of a search that ended without a plan: no bound knows downloads and windows together', () => {
    const problem = problemOf({
      hosts: [host('h', ['a'], { bytes: 100 })],
      services: [service('a', { windows: [{ startSeconds: 0, endSeconds: 150 }] })],
      bandwidthBytesPerSecond: { default: 1 },
    })
    expect(schedule(problem)).toEqual({ noPlanFound: expect.stringContaining('no window of a was left'), names: ['h'] })
  })

  it('says of a clique that its windows do not hold it that the hosts follow each other', () => {
    const windows = [{ startSeconds: 0, endSeconds: 150 }]
    const problem = problemOf({
      hosts: [host('x', ['a']), host('y', ['b'])],
      services: ['a', 'b'].map((id) => service(id, { windows })),
      conflicts: [['x', 'y']],
    })
    expect(schedule(problem)).toEqual({
      infeasible: expect.stringContaining('hosts in conflict follow each other'),
      names: [],
    })
  })
})
