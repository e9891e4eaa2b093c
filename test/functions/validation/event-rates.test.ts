import { describe, expect, it } from 'vitest'
import { eventRatesP, foretellNothing } from '../../../functions/validation/event-rates.ts'

const hosts = (events: readonly number[], samples = 30) => events.map((one) => ({ events: one, samples }))
const groups = (canary: readonly number[], peers: readonly number[]) => ({
  canary: hosts(canary),
  peers: hosts(peers),
})
const alike = [3, 3, 3, 3, 3]

describe('6.3 rare events, counted host by host', () => {
  it('is the mid-p of the binomial by Student’s t where hosts scatter no more than chance', () => {
    // 15 of 17 events: mid-p 0.000656, z 3.213; t with 8 degrees of freedom.
    expect(eventRatesP(groups(alike, [1, 0, 0, 1, 0]))).toBeCloseTo(0.0062, 4)
  })

  it('is less sure the more the hosts differ, the same events given', () => {
    const even = eventRatesP(groups(alike, [1, 0, 0, 1, 0])) ?? 1
    expect(eventRatesP(groups([15, 0, 0, 0, 0], [1, 0, 0, 1, 0]))).toBeGreaterThan(8 * even)
  })

  it('goes by the samples that each side gave', () => {
    const half = { canary: hosts([3, 3], 30), peers: hosts([6, 6], 60) }
    expect(eventRatesP(half)).toBeGreaterThan(0.4)
    expect(eventRatesP({ canary: hosts([3, 3], 60), peers: hosts([6, 6], 60) })).toBeGreaterThan(0.5)
  })

  it.each([
    ['no event at all', [0, 0, 0], [0, 0, 0], 1],
    ['none on patched hosts', [0, 0, 0], [4, 4, 4], 1],
  ])('finds nothing in %s', (_, canary, peers, p) => {
    expect(eventRatesP(groups(canary, peers))).toBe(p)
  })

  it('takes events on patched hosts alone for harm, however still the others are', () => {
    expect(eventRatesP(groups([9, 10, 11], [0, 0, 0, 0, 0]))).toBeLessThan(0.001)
  })

  it.each([
    ['one host a side', [9], [0]],
    ['no patched host', [], [0, 0, 0]],
    ['no peer', [9, 9, 9], []],
  ])('cannot tell of %s', (_, canary, peers) => {
    expect(eventRatesP(groups(canary, peers))).toBeUndefined()
  })
})

describe('6.3 a past of rare events', () => {
  it.each([
    ['says nothing of hosts that are alike', [1, 0, 2, 1, 0], [1, 1, 0, 0, 1], true],
    ['says nothing where nothing happened', [0, 0, 0], [0, 0, 0], true],
    ['tells of hosts that have many more than others', [12, 0, 1, 0, 14], [0, 13, 0, 1, 0], false],
    ['tells of patched hosts that had more all along', [4, 4, 5, 3, 4], [1, 0, 1, 0, 1], false],
  ])('%s', (_, canary, peers, isSilent) => {
    expect(foretellNothing(groups(canary, peers))).toBe(isSilent)
  })

  it('that is not known, or of one host a side, is not taken for silent', () => {
    expect(foretellNothing(undefined)).toBe(false)
    expect(foretellNothing(groups([1], [1]))).toBe(false)
  })
})
