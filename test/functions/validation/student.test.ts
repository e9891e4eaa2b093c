import { describe, expect, it } from 'vitest'
import { binomialTail, exactTail, logGamma, studentTail } from '../../../functions/validation/student.ts'

describe('6.3 tails of Student’s t, against printed tables', () => {
  it.each([
    [6.313752, 1, 0.05],
    [2.131847, 4, 0.05],
    [2.763769, 10, 0.01],
    [3.551808, 20, 0.001],
    [0, 7, 0.5],
  ])('P(T > %d) at %d degrees of freedom is %d', (t, freedom, p) => {
    expect(studentTail(t, freedom)).toBeCloseTo(p, 6)
    expect(studentTail(-t, freedom)).toBeCloseTo(1 - p, 6)
  })

  it('is 1 where nothing is known, and 0 at infinity', () => {
    expect([studentTail(Number.NaN, 5), studentTail(3, 0), studentTail(Number.POSITIVE_INFINITY, 5)]).toEqual([1, 1, 0])
  })
})

describe('6.3 exact tails of events', () => {
  it('has Fisher’s tea: all four of eight by chance once in seventy', () => {
    const { p, midP } = exactTail({ all: 8, marked: 4, drawn: 4, seen: 4 })
    expect(p).toBeCloseTo(1 / 70, 12)
    expect(midP).toBeCloseTo(1 / 140, 12)
    expect(exactTail({ all: 8, marked: 4, drawn: 4, seen: 0 }).p).toBeCloseTo(1, 12)
  })

  it.each([
    [5, 0.5, 5, 1 / 32],
    [10, 0.5, 8, 56 / 1024],
    [3, 0.25, 1, 37 / 64],
    [7, 0.3, 0, 1],
  ])('of %d events with a share of %d, %d or more come with their binomial chance', (tries, share, seen, p) => {
    expect(binomialTail(tries, share, seen)).toBeCloseTo(p, 12)
  })

  it('has the logarithm of factorials', () => {
    expect(logGamma(6)).toBeCloseTo(Math.log(120), 10)
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 10)
  })
})
