import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { metrics3, score3 } from '../../../functions/risk/cvss-3.ts'
import { readMetrics } from '../../../functions/risk/cvss-metrics.ts'

function score(body: string, version: '3.0' | '3.1' = '3.1') {
  const stated = readMetrics(body, metrics3)
  if ('refused' in stated) throw new Error(stated.refused)
  return score3(version, stated)
}
const worst = 'AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'
const anyBase = fc
  .tuple(
    ...(['AV', 'AC', 'PR', 'UI', 'S', 'C', 'I', 'A'] as const).map((name) =>
      fc.constantFrom(...Object.keys(metrics3.values[name])).map((value) => `${name}:${value}`),
    ),
  )
  .map((parts) => parts.join('/'))

describe('B13 score3', () => {
  // Examples of the standard: https://www.first.org/cvss/v3-1/examples
  it.each([
    ['no scope change', worst, 9.8],
    ['a scope change, up to the cap', worst.replace('S:U', 'S:C'), 10],
    ['CVE-2013-0375, where privileges weigh more as the scope changes', 'AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N', 6.4],
    ['CVE-2013-1937', 'AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N', 6.1],
    ['CVE-2014-3566', 'AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N', 3.1],
    ['no impact', worst.replaceAll(':H', ':N'), 0],
  ])('scores %s', (_, vector, expected) => {
    expect(score(vector)).toBe(expected)
  })

  it('rounds a temporal score up to the next tenth', () => {
    expect(score(`${worst}/E:U`)).toBe(9)
  })

  it('takes a modified metric in place of the base one', () => {
    expect([score(`${worst}/MC:N/MI:N/MA:N`), score(`${worst}/MAV:P`)]).toEqual([
      0,
      score(worst.replace('AV:N', 'AV:P')),
    ])
  })

  it('weighs an impact by how much it is required', () => {
    expect(score(`${worst}/CR:L/IR:L/AR:L`)).toBeLessThan(score(worst))
  })

  it('takes X for absent, and 3.0 as 3.1 where nothing is modified', () => {
    fc.assert(
      fc.property(anyBase, (vector) => {
        expect(score(`${vector}/E:X/CR:X/MAV:X/MS:X`)).toBe(score(vector))
        expect(score(vector, '3.0')).toBe(score(vector))
      }),
      { numRuns: 30 },
    )
  })

  it('never falls when an impact rises', () => {
    fc.assert(
      fc.property(anyBase, fc.constantFrom('C', 'I', 'A'), (vector, name) => {
        const raised = vector.replace(new RegExp(`/${name}:[NLH]`), `/${name}:H`)
        expect(score(raised)).toBeGreaterThanOrEqual(score(vector))
      }),
      { numRuns: 30 },
    )
  })
})
