/** CVSS numbers from vectors, by a library; a vector that cannot be read is refused, never scored 0 (B13). */
import calculator from 'ae-cvss-calculator'

const { Cvss2, Cvss3P0, Cvss3P1, Cvss4P0 } = calculator

export type CvssScore =
  /** Scores of different versions do not compare, so the version stays with the score. */
  | { readonly version: '2.0' | '3.0' | '3.1' | '4.0'; readonly vector: string; readonly score: number }
  | { readonly refused: string }

const threes = ['AV', 'AC', 'PR', 'UI', 'S', 'C', 'I', 'A']
/** What starts a vector of a version, the metrics that it must give, and the class that scores it. */
const versions = [
  { version: '2.0', prefix: '', mandatory: ['AV', 'AC', 'Au', 'C', 'I', 'A'], Vector: Cvss2 },
  { version: '3.0', prefix: 'CVSS:3.0/', mandatory: threes, Vector: Cvss3P0 },
  { version: '3.1', prefix: 'CVSS:3.1/', mandatory: threes, Vector: Cvss3P1 },
  {
    version: '4.0',
    prefix: 'CVSS:4.0/',
    mandatory: ['AV', 'AC', 'AT', 'PR', 'UI', 'VC', 'VI', 'VA', 'SC', 'SI', 'SA'],
    Vector: Cvss4P0,
  },
] as const

const vectorLengthMax = 512

/** The library takes what it does not find for 0 and the last of two for the right one; both are faults here. */
function faultOf(body: string, mandatory: readonly string[]): string | undefined {
  const metrics = body.split('/')
  const odd = metrics.find((metric) => !/^[A-Za-z]{1,3}:[A-Za-z]{1,7}$/.test(metric))
  if (odd !== undefined) return `"${odd.slice(0, 20)}" is no metric`
  const names = metrics.map((metric) => metric.slice(0, metric.indexOf(':')))
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) return `metric ${twice} stands twice`
  const missing = mandatory.filter((name) => !names.includes(name) || metrics.includes(`${name}:X`))
  return missing.length === 0 ? undefined : `metric ${missing.join(', ')} is missing`
}

/**
 * The score of a CVSS v2.0, v3.0, v3.1 or v4.0 vector: base, with the threat, temporal and environmental metrics that
 * the vector carries.
 *
 * @see https://www.first.org/cvss/
 */
export function scoreVector(vector: string): CvssScore {
  if (vector.length > vectorLengthMax) return { refused: `a vector of ${vector.length} characters` }
  const kind =
    versions.find(({ prefix }) => prefix !== '' && vector.startsWith(prefix)) ??
    (/^AV:[NAL]\/AC:[HML]\/Au:/.test(vector) ? versions[0] : undefined)
  if (!kind) return { refused: `"${vector.slice(0, 40)}" is no CVSS v2.0, v3.0, v3.1 or v4.0 vector` }
  const fault = faultOf(vector.slice(kind.prefix.length), kind.mandatory)
  if (fault !== undefined) return { refused: fault }
  try {
    const score = new kind.Vector(vector).calculateScores().overall
    return Number.isFinite(score) && score >= 0 && score <= 10
      ? { version: kind.version, vector, score }
      : { refused: `the library gave ${score}` }
  } catch (error) {
    return { refused: error instanceof Error ? error.message : String(error) }
  }
}
