import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hostsOf, roundUp } from '../../../functions/scheduling/hosts.ts'
import { anyHost, anyProblemOf, anyService } from './builders.ts'

const fleetOf = (problem: object) => {
  const parsed = anyProblemOf(problem)
  return hostsOf(parsed, parsed.services)
}

describe('5.2 roundUp', () => {
  it('never rounds down, moves by less than a microsecond, and leaves what is on the grid', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), (seconds) => {
        const rounded = roundUp(seconds)
        expect(rounded).toBeGreaterThanOrEqual(seconds)
        expect(rounded - seconds).toBeLessThan(1e-6)
        expect(roundUp(rounded)).toBe(rounded)
      }),
    )
  })

  it('gives sums that are exact', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e5, noNaN: true }),
        fc.double({ min: 0, max: 1e5, noNaN: true }),
        (one, other) => {
          const [left, right] = [roundUp(one), roundUp(other)]
          expect(left + right - right).toBe(left)
        },
      ),
    )
  })

  it('leaves seconds alone that are too many for the grid', () => {
    expect(roundUp(2 ** 33 + 0.1)).toBe(2 ** 33 + 0.1)
  })
})

describe('5.2 hostsOf', () => {
  it('numbers hosts in the order of their names', () => {
    expect(fleetOf({ hosts: [anyHost('b'), anyHost('a'), anyHost('B')] }).hosts.ids).toEqual(['B', 'a', 'b'])
  })

  it('puts hosts of the same services into one group, however they name them', () => {
    const { hosts, groups } = fleetOf({
      hosts: [anyHost('1', ['a', 'b']), anyHost('2', ['b', 'a', 'b']), anyHost('3', ['b']), anyHost('4', ['b', 'b'])],
      services: [anyService('a'), anyService('b')],
    })
    expect(groups).toEqual([[0, 1], [1]])
    expect([...hosts.groups]).toEqual([0, 0, 1, 1])
  })

  it.each([
    ['of a site with a cap', { bytes: 9, site: 's' }, 0],
    ['of a site without one', { bytes: 9, site: 't' }, -1],
    ['without a download', { bytes: 0, site: 's' }, -1],
    ['of a site with the name of a prototype', { bytes: 9, site: 'constructor' }, -1],
  ])('numbers the site of a host %s', (_, more, site) => {
    const { hosts } = fleetOf({ hosts: [anyHost('h', ['a'], more)], bandwidthBytesPerSecond: { s: 5 } })
    expect([...hosts.sites]).toEqual([site])
  })

  it('is never due without a due date, and keeps the length that the problem says beside the one on the grid', () => {
    const { hosts } = fleetOf({ hosts: [anyHost('h', ['a'], { durationSeconds: 0.1 })] })
    expect([...hosts.dues]).toEqual([Number.POSITIVE_INFINITY])
    expect([...hosts.lengths]).toEqual([0.1])
    expect(hosts.seconds[0]).toBeGreaterThan(0.1)
  })
})
