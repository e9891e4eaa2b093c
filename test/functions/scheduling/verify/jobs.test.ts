import { describe, expect, it } from 'vitest'
import { byStart, jobsOf, teamKey } from '../../../../functions/scheduling/verify/jobs.ts'
import { anyProblemOf, hostsLasting } from '../builders.ts'

const { hosts } = anyProblemOf({ hosts: hostsLasting(10, 20, 30) })

describe('5.2 jobsOf', () => {
  it('ends each host its own length after its start', () => {
    expect([...jobsOf(hosts, Float64Array.of(5, 0, 1)).to]).toEqual([15, 20, 31])
  })

  it('has no end for a host without a start', () => {
    expect(jobsOf(hosts, Float64Array.of(Number.NaN, 0, 0)).to[0]).toBeNaN()
  })
})

describe('5.2 byStart', () => {
  it('orders hosts by start, and by number where they start together', () => {
    expect([...byStart(jobsOf(hosts, Float64Array.of(7, 0, 7)))]).toEqual([1, 0, 2])
    expect([...byStart(jobsOf(hosts, Float64Array.of(7, 7, 0)))]).toEqual([2, 0, 1])
  })
})

describe('5.2 teamKey', () => {
  it.each([
    [['["a","b"]'], ['a', 'b']],
    [['=a'], ['a']],
    [['a,b'], ['a', 'b']],
  ])('tells %j from %j', (one, other) => {
    expect(teamKey(one)).not.toBe(teamKey(other))
  })
})
