import { describe, expect, it } from 'vitest'
import { refusalOf, repeatedConflicts, zoneLimit } from '../../../functions/scheduling/refusal.ts'
import { anyHost, anyProblemOf, anyService } from './builders.ts'

const refused = (problem: object) => refusalOf(anyProblemOf(problem))
const window = (startSeconds: number, endSeconds: number) => ({ windows: [{ startSeconds, endSeconds }] })

describe('B40 refusalOf', () => {
  it('lets a problem through that may have a schedule', () => {
    expect(refused({ hosts: [anyHost('h')] })).toBeUndefined()
  })

  it.each([
    ['an id is used twice', { services: [anyService('a'), anyService('a')] }, ['a']],
    ['hosts name services that are not in the problem', { hosts: [anyHost('h', ['b', 'a', 'c'])] }, ['b', 'c']],
    [
      'services depend on services that are not in the problem',
      { services: [anyService('a', { dependsOn: ['z'] })] },
      ['z'],
    ],
    ['windows end before they start', { services: [anyService('a', window(9, 8))] }, ['a']],
    ['concurrency 0 lets no host be in work', { hosts: [anyHost('h')], concurrency: 0 }, []],
    [
      'these sites have no bandwidth for the downloads of their hosts',
      { hosts: [anyHost('h', ['a'], { site: 's', bytes: 1 })], bandwidthBytesPerSecond: { s: 0, t: 0 } },
      ['s'],
    ],
    [
      'minimum healthy lets no host go down',
      { hosts: [anyHost('h')], services: [anyService('a', { maxUnavailablePerZone: { y: 1 } })] },
      ['a'],
    ],
    [
      'these hosts are in conflict with themselves: conflicts.1 (h)',
      {
        hosts: [anyHost('h'), anyHost('i')],
        conflicts: [
          ['h', 'i'],
          ['h', 'h'],
        ],
      },
      ['h'],
    ],
    [
      'conflicts name hosts that are not in the problem: conflicts.0.1 (i-9), conflicts.1.0 (a is a service)',
      {
        hosts: [anyHost('h')],
        conflicts: [
          ['h', 'i-9'],
          ['a', 'h'],
        ],
      },
      ['a', 'i-9'],
    ],
    [
      'the downloads of these sites are more than 2^53 - 1 bytes',
      {
        hosts: ['h', 'i'].map((id) => anyHost(id, ['a'], { site: 's', bytes: Number.MAX_SAFE_INTEGER })),
        bandwidthBytesPerSecond: { s: 1, t: 1 },
      },
      ['s'],
    ],
  ])('refuses because %s, by name', (infeasible, problem, names) => {
    expect(refused(problem)).toEqual({ infeasible, names })
  })

  it('shows a circle of dependencies in its order', () => {
    const services = [anyService('a', { dependsOn: ['b'] }), anyService('b', { dependsOn: ['a'] })]
    expect(refused({ services })?.infeasible).toMatch(/circle: (?:a -> b -> a|b -> a -> b)$/)
  })

  it('names the host of two services between which a third stands', () => {
    const services = [
      anyService('low'),
      anyService('mid', { dependsOn: ['low'] }),
      anyService('top', { dependsOn: ['mid'] }),
    ]
    const hosts = [anyHost('both', ['low', 'top']), anyHost('m', ['mid'])]
    expect(refused({ hosts, services })?.names).toEqual(['both', 'm'])
  })

  it('names every host that no common window is long enough for, with the length of the longest', () => {
    const hosts = [
      anyHost('ok', ['a', 'b'], { durationSeconds: 40 }),
      anyHost('two', ['b', 'a']),
      anyHost('one', ['a', 'b']),
    ]
    const services = [anyService('a', window(0, 60)), anyService('b', window(20, 90))]
    expect(refused({ hosts, services })).toEqual({
      infeasible: 'no window of a and b is long enough for these hosts: the longest lasts 40 s',
      names: ['one', 'two'],
    })
  })

  it('says that there is no window where the list is empty', () => {
    const services = [anyService('a', { windows: [] })]
    expect(refused({ hosts: [anyHost('h')], services })?.infeasible).toMatch(/there is none$/)
  })

  it('gives the first of several reasons, in the order of the guards', () => {
    const problem = { hosts: [anyHost('h'), anyHost('h', ['x'])], concurrency: 0, conflicts: [['h', 'h']] }
    expect(refused(problem)?.infeasible).toBe('an id is used twice')
  })
})

describe('5.3 zoneLimit', () => {
  const limitIn = (maxUnavailablePerZone?: number | Record<string, number>) =>
    zoneLimit(
      {
        id: 'a',
        maxUnavailable: 9,
        dependsOn: [],
        ...(maxUnavailablePerZone === undefined ? {} : { maxUnavailablePerZone }),
      },
      'z',
    )

  it.each([
    ['no limit', undefined, Number.POSITIVE_INFINITY],
    ['one for all zones', 3, 3],
    ['its own', { z: 2, y: 5 }, 2],
    ['none of its own', { y: 5 }, 0],
  ])('of a zone with %s', (_, perZone, limit) => {
    expect(limitIn(perZone)).toBe(limit)
  })
})

describe('5.2 repeatedConflicts', () => {
  it('names a pair that conflicts name again, in either order, with its places', () => {
    const hosts = ['h', 'i', 'j'].map((id) => anyHost(id))
    const conflicts = [
      ['h', 'i'],
      ['i', 'j'],
      ['i', 'h'],
    ]
    expect(repeatedConflicts(anyProblemOf({ hosts, conflicts }))).toEqual(['h and i (conflicts.0, conflicts.2)'])
  })
})
