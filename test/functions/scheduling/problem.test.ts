import { describe, expect, it } from 'vitest'
import { PlanningProblem } from '../../../functions/scheduling/problem.ts'
import { anyHost, anyService } from './builders.ts'

const parsed = (problem: object) =>
  PlanningProblem.safeParse({ hosts: [anyHost('h')], services: [anyService('a')], concurrency: 1, ...problem })
const mistakes = (problem: object) =>
  parsed(problem).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? []

describe('5.2 PlanningProblem', () => {
  it.each([
    [1e308, 'a duration'],
    [2 ** 33 + 1, 'a duration'],
    [0, 'a duration'],
    [-1, 'a duration'],
    ['600', 'a duration'],
    [null, 'a duration'],
  ])('says of a duration of %s s what it should be', (durationSeconds, what) => {
    expect(mistakes({ hosts: [anyHost('h', ['a'], { durationSeconds })] })).toEqual([
      `hosts.0.durationSeconds: ${JSON.stringify(durationSeconds)} is not ${what}: more than 0 and at most 2^33 s`,
    ])
  })

  it.each([
    ['concurrency', { concurrency: 1.5 }, '1.5 is not a number of hosts: whole, from 0 to 2^53 - 1'],
    ['concurrency', { concurrency: -1 }, '-1 is not a number of hosts'],
    ['concurrency', { concurrency: 2 ** 53 }, '9007199254740992 is not a number of hosts'],
    ['services.0.maxUnavailable', { services: [anyService('a', { maxUnavailable: 0.5 })] }, '0.5 is not a number'],
    [
      'services.0.maxUnavailablePerZone.z',
      { services: [anyService('a', { maxUnavailablePerZone: { z: 0.5 } })] },
      '0.5 is not a number of hosts',
    ],
    [
      'services.0.maxUnavailablePerZone',
      { services: [anyService('a', { maxUnavailablePerZone: 'all' })] },
      '"all" is neither a number of hosts',
    ],
    ['hosts.0.bytes', { hosts: [anyHost('h', ['a'], { bytes: 1e308 })] }, '1e+308 is not a number of bytes'],
    ['hosts.0.bytes', { hosts: [anyHost('h', ['a'], { bytes: -1 })] }, '-1 is not a number of bytes'],
    ['hosts.0.dueSeconds', { hosts: [anyHost('h', ['a'], { dueSeconds: -1e308 })] }, '-1e+308 is not an instant'],
    [
      'services.0.windows.0.endSeconds',
      { services: [anyService('a', { windows: [{ startSeconds: 0, endSeconds: 1e300 }] })] },
      '1e+300 is not an instant',
    ],
    ['bandwidthBytesPerSecond.s', { bandwidthBytesPerSecond: { s: 1e300 } }, '1e+300 is not a number of bytes'],
    ['rebootsPerSecond', { rebootsPerSecond: 0 }, '0 is not a number of reboots a second'],
    ['rebootsPerSecond', { rebootsPerSecond: 1e-300 }, '1e-300 is not a number of reboots a second'],
  ])('names %s and its value where it is out of range', (path, problem, text) => {
    expect(mistakes(problem)).toEqual([expect.stringContaining(`${path}: ${text}`)])
  })

  it('takes the ends of every range, and fractions of seconds and bytes', () => {
    const hosts = [
      anyHost('h', ['a'], { durationSeconds: 0.5, bytes: 1.5 }),
      anyHost('i', ['a'], { durationSeconds: 2 ** 33 }),
    ]
    expect(mistakes({ hosts, rebootsPerSecond: 2 ** -33, concurrency: Number.MAX_SAFE_INTEGER })).toEqual([])
  })
})
