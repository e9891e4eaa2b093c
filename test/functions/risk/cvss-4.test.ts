import { describe, expect, it } from 'vitest'
import { metrics4, score4 } from '../../../functions/risk/cvss-4.ts'
import { readMetrics } from '../../../functions/risk/cvss-metrics.ts'

function score(body: string) {
  const stated = readMetrics(body, metrics4)
  if ('refused' in stated) throw new Error(stated.refused)
  return score4(stated)
}
const open = 'AV:N/AC:L/AT:N/PR:N/UI:N'
const worst = `${open}/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N`

describe('B13 score4', () => {
  it.each([
    ['a system alone', worst, 9.3],
    ['a system and all beyond it', `${open}/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H`, 10],
    ['nothing at all', `${open}/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N`, 0],
  ])('scores harm to %s', (_, vector, expected) => {
    expect(score(vector)).toBe(expected)
  })

  it('falls as an exploit is less mature, and takes an unknown one for the worst', () => {
    const [absent, unknown, active, proof, unreported] = ['', '/E:X', '/E:A', '/E:P', '/E:U'].map((more) =>
      score(worst + more),
    )
    expect([unknown, active]).toEqual([absent, absent])
    expect(proof).toBeLessThan(active ?? 0)
    expect(unreported).toBeLessThan(proof ?? 0)
  })

  it('takes a modified metric in place of the base one', () => {
    expect(score(`${worst}/MAV:P/MVC:X`)).toBe(score(worst.replace('AV:N', 'AV:P')))
  })

  it('counts safety above everything beyond the system', () => {
    expect(score(`${worst}/MSI:S`)).toBeGreaterThan(score(`${worst}/MSI:H`))
  })

  it('shows supplemental metrics and never counts them', () => {
    expect(score(`${worst}/S:P/AU:Y/R:I/V:C/RE:H/U:Red`)).toBe(score(worst))
  })

  it('falls as a requirement does', () => {
    expect(score(`${worst}/CR:L/IR:L/AR:L`)).toBeLessThan(score(worst))
  })
})
