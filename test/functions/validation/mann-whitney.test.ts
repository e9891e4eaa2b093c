import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { mannWhitney, smallestP } from '../../../functions/validation/mann-whitney.ts'
import { normalQuantile, normalTail } from '../../../functions/validation/normal.ts'
import fixture from '../../fixtures/statistics/mann-whitney.json' with { type: 'json' }

const Case = z.strictObject({
  name: z.string(),
  baseline: z.array(z.number()),
  canary: z.array(z.number()),
  alternative: z.enum(['greater', 'less']),
  method: z.enum(['exact', 'normal']),
  u: z.number(),
  p: z.number(),
})
const cases = z.array(Case).parse(fixture.cases)

const expectClose = (got: number, wanted: number, relative: number) =>
  expect(Math.abs(got - wanted), `${got} for ${wanted}`).toBeLessThanOrEqual(relative * Math.abs(wanted) + 1e-300)

describe('6.3 mannWhitney', () => {
  it('has reference cases of both methods', () => {
    expect(cases).toHaveLength(126)
    expect(new Set(cases.map((entry) => entry.method))).toEqual(new Set(['exact', 'normal']))
  })

  it.each(cases.map((entry) => [entry.name, entry] as const))('agrees with SciPy on %s', (_, entry) => {
    const result = mannWhitney(entry.baseline, entry.canary, entry.alternative)
    expect(result.method).toBe(entry.method)
    expect(result.u).toBe(entry.u)
    expectClose(result.p, entry.p, 1e-9)
  })

  it('gives the textbook p of 1/252 for five samples all above five others', () => {
    expectClose(mannWhitney([1, 2, 3, 4, 5], [6, 7, 8, 9, 10], 'greater').p, 1 / 252, 1e-12)
    expectClose(smallestP(5, 5), 1 / 252, 1e-12)
  })

  it.each([
    ['no canary', [1, 2], []],
    ['no baseline', [], [1, 2]],
    ['nothing', [], []],
  ])('tells nothing of %s', (_, baseline, canary) => {
    expect(mannWhitney(baseline, canary, 'greater')).toEqual({
      u: 0,
      p: 1,
      z: Number.NEGATIVE_INFINITY,
      effect: 0,
      method: 'no-data',
    })
  })

  it('tells nothing of one constant on both sides', () => {
    expect(mannWhitney([0, 0, 0], [0, 0], 'greater')).toEqual({
      u: 3,
      p: 1,
      z: Number.NEGATIVE_INFINITY,
      effect: 0,
      method: 'constant',
    })
  })

  const samples = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 40 })

  it('keeps p in 0 to 1, effect in -1 to 1, and U within the pairs', () => {
    fc.assert(
      fc.property(
        samples,
        samples,
        fc.constantFrom('greater' as const, 'less' as const),
        (left, right, alternative) => {
          const { u, p, effect } = mannWhitney(left, right, alternative)
          expect(p).toBeGreaterThan(0)
          expect(normalTail(mannWhitney(left, right, alternative).z)).toBeCloseTo(p, 10)
          expect(p).toBeLessThanOrEqual(1)
          expect(Math.abs(effect)).toBeLessThanOrEqual(1)
          expect(u).toBeGreaterThanOrEqual(0)
          expect(u).toBeLessThanOrEqual(left.length * right.length)
        },
      ),
    )
  })

  it('counts the pairs: U and effect equal the definition', () => {
    fc.assert(
      fc.property(samples, samples, (baseline, canary) => {
        const signs = canary.flatMap((one) => baseline.map((other) => Math.sign(one - other)))
        const delta = signs.reduce((sum: number, sign) => sum + sign, 0)
        const { u, effect } = mannWhitney(baseline, canary, 'greater')
        expect(u).toBe((delta + signs.length) / 2)
        expect(effect).toBeCloseTo(delta / signs.length, 12)
      }),
    )
  })

  it('turns round when the sides are swapped, and does not see a rising transformation or the order', () => {
    fc.assert(
      fc.property(samples, samples, (baseline, canary) => {
        const there = mannWhitney(baseline, canary, 'greater')
        const back = mannWhitney(canary, baseline, 'less')
        expect(back.p).toBeCloseTo(there.p, 12)
        expect(back.effect).toBeCloseTo(-there.effect, 12)
        const raise = (values: readonly number[]) => values.map((value) => value ** 3 + 7)
        expect(mannWhitney(raise(baseline), raise(canary).reverse(), 'greater')).toEqual(there)
      }),
    )
  })

  it('sees nothing but the order of the samples', () => {
    fc.assert(
      fc.property(samples, samples, (baseline, canary) => {
        const lognormal = (values: readonly number[]) => values.map((value) => Math.exp(value / 10))
        expect(mannWhitney(lognormal(baseline), lognormal(canary), 'less')).toEqual(
          mannWhitney(baseline, canary, 'less'),
        )
      }),
    )
  })

  it('never goes under the smallest possible p, and both directions count the u that was seen', () => {
    const distinct = fc.uniqueArray(fc.integer({ min: 0, max: 1000 }), { minLength: 2, maxLength: 20 })
    fc.assert(
      fc.property(distinct, fc.integer({ min: 1, max: 19 }), (values, cut) => {
        fc.pre(cut < values.length && (cut <= 8 || values.length - cut <= 8))
        const [baseline, canary] = [values.slice(0, cut), values.slice(cut)]
        const greater = mannWhitney(baseline, canary, 'greater')
        const less = mannWhitney(baseline, canary, 'less')
        expect(greater.p + less.p).toBeGreaterThan(1)
        expect(greater.p).toBeGreaterThanOrEqual(smallestP(baseline.length, canary.length) * (1 - 1e-12))
      }),
    )
  })
})

describe('normalTail', () => {
  it.each([
    [0, 0.5],
    [1, 0.15865525393145707],
    [1.6448536269514722, 0.05],
    [2.9999999, 0.0013498984718],
    [3, 0.0013498980316300933],
    [3.0000001, 0.0013498975884],
    [6, 9.865876450376946e-10],
    [10, 7.619853024160495e-24],
    [-1, 0.8413447460685429],
  ])('is right at %d', (z, tail) => {
    expectClose(normalTail(z), tail, z === 3 || Number.isInteger(z) ? 1e-11 : 1e-8)
  })
})

describe('normalQuantile', () => {
  const tails = z.array(z.strictObject({ p: z.number(), z: z.number() })).parse(fixture.tails)

  it.each(tails.map(({ p, z: deviate }) => [p, deviate] as const))('agrees with SciPy at %d', (p, deviate) => {
    expect(Math.abs(normalQuantile(p) - deviate)).toBeLessThan(1e-9)
  })

  it('has no end at 0 and at 1', () => {
    expect(normalQuantile(0)).toBe(Number.POSITIVE_INFINITY)
    expect(normalQuantile(1)).toBe(Number.NEGATIVE_INFINITY)
  })
})
