/** CVSS v4.0: the score of a vector whose metrics are complete and known, with its threat and environmental metrics. */
import { weightOf } from './cvss-metrics.ts'

/** Steps below the most severe value. */
const av = { N: 0, A: 1, L: 2, P: 3 } as const
const ac = { L: 0, H: 1 } as const
const at = { N: 0, P: 1 } as const
const pr = { N: 0, L: 1, H: 2 } as const
const ui = { N: 0, P: 1, A: 2 } as const
const vulnerable = { H: 0, L: 1, N: 2 } as const
const subsequent = { H: 1, L: 2, N: 3 } as const
/** Safety exists only in the modified metrics of integrity and availability. */
const safety = { S: 0, ...subsequent } as const
/** Undefined metrics count as the worst value. */
const requirement = { X: 0, H: 0, M: 1, L: 2 } as const
const maturity = { X: 0, A: 0, P: 1, U: 2 } as const

const base = {
  AV: av,
  AC: ac,
  AT: at,
  PR: pr,
  UI: ui,
  VC: vulnerable,
  VI: vulnerable,
  VA: vulnerable,
  SC: subsequent,
  SI: subsequent,
  SA: subsequent,
} as const

const undefinedToo = <Steps extends object>(steps: Steps) => ({ X: 0, ...steps })

/** Supplemental metrics, never part of the score. */
const supplemental = {
  S: { X: 0, N: 0, P: 0 },
  AU: { X: 0, N: 0, Y: 0 },
  R: { X: 0, A: 0, U: 0, I: 0 },
  V: { X: 0, D: 0, C: 0 },
  RE: { X: 0, L: 0, M: 0, H: 0 },
  U: { X: 0, Clear: 0, Green: 0, Amber: 0, Red: 0 },
} as const

export const metrics4 = {
  mandatory: Object.keys(base),
  values: {
    ...base,
    E: maturity,
    CR: requirement,
    IR: requirement,
    AR: requirement,
    MAV: undefinedToo(av),
    MAC: undefinedToo(ac),
    MAT: undefinedToo(at),
    MPR: undefinedToo(pr),
    MUI: undefinedToo(ui),
    MVC: undefinedToo(vulnerable),
    MVI: undefinedToo(vulnerable),
    MVA: undefinedToo(vulnerable),
    MSC: undefinedToo(subsequent),
    MSI: undefinedToo(safety),
    MSA: undefinedToo(safety),
    ...supplemental,
  },
  undefinedValue: 'X',
} as const

/**
 * Ten times the score of each MacroVector: a row for each EQ1, EQ2 and EQ3 with EQ6 (00, 01, 10, 11, 21), nine columns
 * for EQ4 and EQ5. The numbers are the standard's (FIRST, Red Hat and contributors, BSD-2-Clause).
 *
 * @see https://www.first.org/cvss/v4-0/specification-document#CVSS-v4-0-Scoring
 */
// biome-ignore format: a table
const macroScores = [
  100, 98, 95, 100, 93, 91, 93, 89, 81,
  99, 95, 92, 96, 87, 81, 90, 80, 68,
  98, 95, 90, 93, 89, 81, 88, 78, 69,
  95, 92, 84, 92, 81, 65, 80, 70, 48,
  92, 82, 72, 79, 69, 50, 69, 55, 27,
  99, 95, 92, 95, 90, 84, 92, 82, 72,
  97, 92, 85, 91, 83, 71, 81, 71, 53,
  95, 92, 85, 92, 80, 70, 84, 71, 50,
  93, 85, 73, 82, 72, 59, 70, 52, 30,
  86, 75, 52, 71, 52, 29, 63, 29, 17,
  98, 94, 91, 94, 86, 77, 87, 74, 63,
  95, 87, 81, 89, 74, 64, 75, 63, 49,
  94, 88, 76, 86, 74, 59, 72, 57, 52,
  89, 77, 67, 76, 58, 50, 57, 52, 25,
  83, 70, 54, 65, 58, 26, 53, 21, 13,
  95, 88, 76, 90, 75, 61, 77, 68, 52,
  90, 76, 70, 77, 62, 53, 66, 59, 30,
  89, 76, 62, 74, 57, 47, 61, 57, 24,
  78, 67, 58, 59, 57, 23, 52, 29, 16,
  71, 59, 30, 58, 26, 15, 23, 13, 6,
  93, 86, 75, 86, 74, 56, 70, 52, 40,
  87, 72, 58, 74, 61, 34, 54, 40, 22,
  85, 74, 62, 72, 55, 46, 53, 34, 19,
  75, 55, 51, 57, 41, 19, 36, 19, 8,
  64, 51, 20, 47, 21, 11, 24, 9, 4,
  88, 73, 60, 73, 59, 41, 54, 45, 20,
  75, 53, 50, 55, 40, 20, 43, 22, 11,
  75, 58, 40, 61, 48, 20, 46, 17, 8,
  55, 45, 21, 51, 18, 9, 18, 7, 2,
  53, 24, 14, 24, 12, 5, 10, 3, 1,
] as const

/** An equivalence class of metrics: its level, and the vector's distance from the level's most severe one. */
interface Equivalence {
  readonly level: number
  readonly distance: number
}

/** All most severe vectors of a level have the same sum of steps, so a sum gives the distance. */
const equivalence = (level: number, steps: number, stepsAtBest: readonly number[]): Equivalence => ({
  level,
  distance: steps - (stepsAtBest[level] ?? 0),
})

type Steps = (name: keyof typeof base) => number

function exploitability(steps: Steps): Equivalence {
  const best = [steps('AV'), steps('PR'), steps('UI')].filter((step) => step === 0).length
  const level = best === 3 ? 0 : best > 0 && steps('AV') !== av.P ? 1 : 2
  return equivalence(level, steps('AV') + steps('PR') + steps('UI'), [0, 1, 3])
}

function complexity(steps: Steps): Equivalence {
  const sum = steps('AC') + steps('AT')
  return equivalence(sum === 0 ? 0 : 1, sum, [0, 1])
}

/** EQ3 and EQ6 go together: levels 0 to 4 stand for 00, 01, 10, 11 and 21. */
function impactOnSystem(steps: Steps, requirements: readonly [number, number, number]): Equivalence {
  const [vc, vi, va] = [steps('VC'), steps('VI'), steps('VA')]
  const [cr, ir, ar] = requirements
  const isRequired = vc + cr === 0 || vi + ir === 0 || va + ar === 0
  const eq3 = vc + vi === 0 ? 0 : vc === 0 || vi === 0 || va === 0 ? 1 : 2
  const level = eq3 === 2 ? 4 : 2 * eq3 + (isRequired ? 0 : 1)
  return equivalence(level, vc + vi + va + cr + ir + ar, [0, 3, 1, 3, 3])
}

function impactBeyond(steps: Steps): Equivalence {
  const [sc, si, sa] = [steps('SC'), steps('SI'), steps('SA')]
  const level = si === safety.S || sa === safety.S ? 0 : [sc, si, sa].includes(subsequent.H) ? 1 : 2
  return equivalence(level, sc + si + sa, [1, 3, 6])
}

/** The depth of each level: one more than the steps from its most to its least severe vector. */
const depths = { eq1: [1, 4, 5], eq2: [1, 2], eq36: [7, 6, 8, 8, 10], eq4: [6, 5, 4] } as const
/** The next lower levels of EQ3 and EQ6; the higher score counts. None from 21. */
const lower36 = [[1, 2], [3], [3], [4], []] as const

type Levels = readonly [eq1: number, eq2: number, eq36: number, eq4: number, eq5: number]

/** The score in tenths; undefined if there is no such MacroVector. */
function macroScore([eq1, eq2, eq36, eq4, eq5]: Levels): number | undefined {
  if (eq1 > 2 || eq2 > 1 || eq4 > 2 || eq5 > 2) return undefined
  return macroScores[((eq1 * 2 + eq2) * 5 + eq36) * 9 + eq4 * 3 + eq5]
}

/**
 * The score with the threat and environmental metrics that the vector carries.
 *
 * @see https://www.first.org/cvss/v4-0/specification-document#CVSS-v4-0-Scoring
 */
export function score4(stated: ReadonlyMap<string, string>): number {
  const steps: Steps = (name) => {
    const modified = stated.get(`M${name}`) ?? 'X'
    return weightOf(metrics4.values[`M${name}`], modified === 'X' ? (stated.get(name) ?? '') : modified)
  }
  const required = (name: string) => weightOf(requirement, stated.get(name) ?? 'X')
  const eq1 = exploitability(steps)
  const eq2 = complexity(steps)
  const eq36 = impactOnSystem(steps, [required('CR'), required('IR'), required('AR')])
  const eq4 = impactBeyond(steps)
  const eq5 = weightOf(maturity, stated.get('E') ?? 'X')
  if (steps('VC') + steps('VI') + steps('VA') === 6 && steps('SC') + steps('SI') + steps('SA') === 9) return 0
  const [one, two, three, four] = [eq1.level, eq2.level, eq36.level, eq4.level]
  const score = macroScore([one, two, three, four, eq5]) ?? Number.NaN
  const below36 = (lower36[three] ?? []).map((level) => macroScore([one, two, level, four, eq5]) ?? Number.NaN)
  const ways = [
    { below: macroScore([one + 1, two, three, four, eq5]), share: eq1.distance / (depths.eq1[one] ?? 1) },
    { below: macroScore([one, two + 1, three, four, eq5]), share: eq2.distance / (depths.eq2[two] ?? 1) },
    { below: below36.length > 0 ? Math.max(...below36) : undefined, share: eq36.distance / (depths.eq36[three] ?? 1) },
    { below: macroScore([one, two, three, four + 1, eq5]), share: eq4.distance / (depths.eq4[four] ?? 1) },
    { below: macroScore([one, two, three, four, eq5 + 1]), share: 0 },
  ].flatMap(({ below, share }) => (below === undefined ? [] : [(score - below) * share]))
  const mean = ways.length === 0 ? 0 : ways.reduce((sum, way) => sum + way) / ways.length
  // Rounds to tenths, halves up; the small addend corrects binary fractions just below a half.
  return Math.floor(Math.min(Math.max(score - mean, 0), 100) + 0.5 + 1e-9) / 10
}
