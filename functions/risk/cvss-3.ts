/** CVSS v3.0 and v3.1: base, temporal and environmental score of a vector whose metrics are complete and known. */
import { weightOf } from './cvss-metrics.ts'

const impact = { N: 0, L: 0.22, H: 0.56 } as const
const requirement = { X: 1, L: 0.5, M: 1, H: 1.5 } as const
const scope = { U: 0, C: 1 } as const

const base = {
  AV: { N: 0.85, A: 0.62, L: 0.55, P: 0.2 },
  AC: { L: 0.77, H: 0.44 },
  PR: { N: 0.85, L: 0.62, H: 0.27 },
  UI: { N: 0.85, R: 0.62 },
  S: scope,
  C: impact,
  I: impact,
  A: impact,
} as const
/** Privileges weigh more if the scope changes. */
const privilegesChanged = { N: 0.85, L: 0.68, H: 0.5 } as const

const temporal = {
  E: { X: 1, U: 0.91, P: 0.94, F: 0.97, H: 1 },
  RL: { X: 1, O: 0.95, T: 0.96, W: 0.97, U: 1 },
  RC: { X: 1, U: 0.92, R: 0.96, C: 1 },
} as const

/** The value X of a modified metric means the base metric's value. */
const environmental = {
  CR: requirement,
  IR: requirement,
  AR: requirement,
  MAV: { X: 0, ...base.AV },
  MAC: { X: 0, ...base.AC },
  MPR: { X: 0, ...base.PR },
  MUI: { X: 0, ...base.UI },
  MS: { X: 0, ...scope },
  MC: { X: 0, ...impact },
  MI: { X: 0, ...impact },
  MA: { X: 0, ...impact },
} as const

export const metrics3 = {
  mandatory: Object.keys(base),
  values: { ...base, ...temporal, ...environmental },
  undefinedValue: 'X',
} as const

const environmentalNames = Object.keys(environmental)

/** The next tenth, as Appendix A of v3.1 defines it; v3.0 means the same without defining it. */
function roundUp(score: number): number {
  const hundredThousandths = Math.round(score * 100_000)
  return hundredThousandths % 10_000 === 0
    ? hundredThousandths / 100_000
    : (Math.floor(hundredThousandths / 10_000) + 1) / 10
}

interface Formula {
  readonly stated: ReadonlyMap<string, string>
  readonly isChanged: boolean
  /** The value of a base metric, or of the modified metric that replaces it. */
  readonly value: (name: keyof typeof base) => string
}

const exploitabilityOf = ({ isChanged, value }: Formula) =>
  8.22 *
  weightOf(base.AV, value('AV')) *
  weightOf(base.AC, value('AC')) *
  weightOf(isChanged ? privilegesChanged : base.PR, value('PR')) *
  weightOf(base.UI, value('UI'))

const combined = (impactScore: number, exploitability: number, isChanged: boolean) =>
  impactScore <= 0 ? 0 : roundUp(Math.min((isChanged ? 1.08 : 1) * (impactScore + exploitability), 10))

function baseScore(formula: Formula): number {
  const { isChanged, value } = formula
  const left = (name: 'C' | 'I' | 'A') => 1 - weightOf(impact, value(name))
  const sub = 1 - left('C') * left('I') * left('A')
  const score = isChanged ? 7.52 * (sub - 0.029) - 3.25 * (sub - 0.02) ** 15 : 6.42 * sub
  return combined(score, exploitabilityOf(formula), isChanged)
}

function modifiedScore(formula: Formula, version: '3.0' | '3.1'): number {
  const { isChanged, stated, value } = formula
  const left = (name: 'C' | 'I' | 'A') =>
    1 - weightOf(impact, value(name)) * weightOf(requirement, stated.get(`${name}R`) ?? 'X')
  const sub = Math.min(1 - left('C') * left('I') * left('A'), 0.915)
  const bend = version === '3.0' ? (sub - 0.02) ** 15 : (sub * 0.9731 - 0.02) ** 13
  const score = isChanged ? 7.52 * (sub - 0.029) - 3.25 * bend : 6.42 * sub
  return combined(score, exploitabilityOf(formula), isChanged)
}

/**
 * The environmental score if any environmental metric is defined, else the temporal score, which without temporal
 * metrics is the base score.
 *
 * @see https://www.first.org/cvss/v3-1/specification-document
 */
export function score3(version: '3.0' | '3.1', stated: ReadonlyMap<string, string>): number {
  const isEnvironmental = environmentalNames.some((name) => (stated.get(name) ?? 'X') !== 'X')
  const value = (name: string) => {
    const modified = isEnvironmental ? (stated.get(`M${name}`) ?? 'X') : 'X'
    return modified === 'X' ? (stated.get(name) ?? '') : modified
  }
  const formula = { stated, isChanged: value('S') === 'C', value }
  const score = isEnvironmental ? modifiedScore(formula, version) : baseScore(formula)
  const weight = (name: keyof typeof temporal) => weightOf(temporal[name], stated.get(name) ?? 'X')
  return roundUp(score * weight('E') * weight('RL') * weight('RC'))
}
