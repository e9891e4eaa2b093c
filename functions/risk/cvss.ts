/** CVSS numbers from vectors; a vector that cannot be read is refused, never scored 0 (B13). */
import { metrics2, score2 } from './cvss-2.ts'
import { metrics3, score3 } from './cvss-3.ts'
import { metrics4, score4 } from './cvss-4.ts'
import { type CvssMetrics, readMetrics } from './cvss-metrics.ts'

/** The base score of a vector with its version, or why the vector has none. */
export type CvssScore =
  /** Scores of different versions do not compare, so the version stays with the score. */
  | { readonly version: '2.0' | '3.0' | '3.1' | '4.0'; readonly vector: string; readonly score: number }
  | { readonly refused: string }

interface Version {
  readonly version: '2.0' | '3.0' | '3.1' | '4.0'
  /** The prefix of the version's vectors. */
  readonly prefix: string
  readonly metrics: CvssMetrics
  readonly score: (stated: ReadonlyMap<string, string>) => number
}

const version2: Version = { version: '2.0', prefix: '', metrics: metrics2, score: score2 }
const prefixed: readonly Version[] = [
  { version: '3.1', prefix: 'CVSS:3.1/', metrics: metrics3, score: (stated) => score3('3.1', stated) },
  { version: '3.0', prefix: 'CVSS:3.0/', metrics: metrics3, score: (stated) => score3('3.0', stated) },
  { version: '4.0', prefix: 'CVSS:4.0/', metrics: metrics4, score: score4 },
]

const vectorLengthMax = 512

/** Cache: few vectors are in use, so most findings bring a known one. Emptied when full. */
const scores = new Map<string, CvssScore>()
const scoresMax = 4_096

/**
 * The score of a CVSS v2.0, v3.0, v3.1 or v4.0 vector: base, with the threat, temporal and environmental metrics that
 * the vector carries.
 *
 * @see https://www.first.org/cvss/
 */
export function scoreVector(vector: string): CvssScore {
  if (vector.length > vectorLengthMax) return { refused: `${vector.length} characters are too many for a vector` }
  const known = scores.get(vector)
  if (known) return known
  const score = scoreOf(vector)
  if (scores.size >= scoresMax) scores.clear()
  scores.set(vector, score)
  return score
}

function scoreOf(vector: string): CvssScore {
  const kind =
    prefixed.find(({ prefix }) => vector.startsWith(prefix)) ??
    (/^AV:[NAL]\/AC:[HML]\/Au:/.test(vector) ? version2 : undefined)
  if (!kind) return { refused: `"${vector.slice(0, 40)}" is not a CVSS v2.0, v3.0, v3.1 or v4.0 vector` }
  const stated = readMetrics(vector.slice(kind.prefix.length), kind.metrics)
  return 'refused' in stated ? stated : { version: kind.version, vector, score: kind.score(stated) }
}
