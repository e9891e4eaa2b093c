/** CVSS v2.0: base, temporal and environmental score of a vector whose metrics are complete and known. */
import { weightOf } from './cvss-metrics.ts'

const base = {
  AV: { L: 0.395, A: 0.646, N: 1 },
  AC: { H: 0.35, M: 0.61, L: 0.71 },
  Au: { M: 0.45, S: 0.56, N: 0.704 },
  C: { N: 0, P: 0.275, C: 0.66 },
  I: { N: 0, P: 0.275, C: 0.66 },
  A: { N: 0, P: 0.275, C: 0.66 },
} as const
const temporal = {
  E: { ND: 1, U: 0.85, POC: 0.9, F: 0.95, H: 1 },
  RL: { ND: 1, OF: 0.87, TF: 0.9, W: 0.95, U: 1 },
  RC: { ND: 1, UC: 0.9, UR: 0.95, C: 1 },
} as const
const environmental = {
  CDP: { ND: 0, N: 0, L: 0.1, LM: 0.3, MH: 0.4, H: 0.5 },
  TD: { ND: 1, N: 0, L: 0.25, M: 0.75, H: 1 },
  CR: { ND: 1, L: 0.5, M: 1, H: 1.51 },
  IR: { ND: 1, L: 0.5, M: 1, H: 1.51 },
  AR: { ND: 1, L: 0.5, M: 1, H: 1.51 },
} as const
const weights = { ...base, ...temporal, ...environmental }

export const metrics2 = { mandatory: Object.keys(base), values: weights, undefinedValue: 'ND' } as const

/** Rounds to one decimal place, halves up; the small addend corrects binary fractions just below a half. */
const rounded = (score: number) => Math.floor(score * 10 + 0.5 + 1e-9) / 10

/** @see https://www.first.org/cvss/v2/guide */
export function score2(stated: ReadonlyMap<string, string>): number {
  const weight = (name: keyof typeof weights) => weightOf(weights[name], stated.get(name) ?? 'ND')
  const isStated = (names: object) =>
    Object.keys(names).some((name) => stated.get(name) !== undefined && stated.get(name) !== 'ND')
  const baseOf = (impact: number) => {
    const exploitability = 20 * weight('AV') * weight('AC') * weight('Au')
    return rounded((0.6 * impact + 0.4 * exploitability - 1.5) * (impact === 0 ? 0 : 1.176))
  }
  const temporalOf = (score: number) => rounded(score * weight('E') * weight('RL') * weight('RC'))
  const impact = 10.41 * (1 - (1 - weight('C')) * (1 - weight('I')) * (1 - weight('A')))
  if (!isStated(environmental)) return temporalOf(baseOf(impact))
  const left = (name: 'C' | 'I' | 'A', requirement: 'CR' | 'IR' | 'AR') => 1 - weight(name) * weight(requirement)
  const adjusted = temporalOf(baseOf(Math.min(10, 10.41 * (1 - left('C', 'CR') * left('I', 'IR') * left('A', 'AR')))))
  return rounded((adjusted + (10 - adjusted) * weight('CDP')) * weight('TD'))
}
