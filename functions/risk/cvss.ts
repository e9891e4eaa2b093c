/** CVSS numbers from vectors, by a library; a vector that cannot be read is refused, never scored 0. */
import calculator from 'ae-cvss-calculator'

const { Cvss3P1, Cvss4P0 } = calculator

export type CvssScore =
  | { readonly version: string; readonly vector: string; readonly score: number }
  | { readonly refused: string }

/** Metrics that a base vector must give, each once. */
const mandatory = { '3': ['AV', 'AC', 'PR', 'UI', 'S', 'C', 'I', 'A'], '4': ['AV', 'AC', 'AT', 'PR', 'UI', 'VC', 'VI', 'VA', 'SC', 'SI', 'SA'] } as const

function faultOf(vector: string): string | undefined {
  const names = vector.split('/').slice(1).map((part) => part.split(':')[0] ?? '')
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) return `metric ${twice} stands twice`
  const missing = mandatory[vector.startsWith('CVSS:4') ? '4' : '3'].filter((name) => !names.includes(name))
  return missing.length > 0 ? `metric ${missing.join(', ')} is missing` : undefined
}

/** Base score (with any threat and environmental metrics of the vector) of a v3.x or v4.0 vector. */
export function scoreVector(vector: string): CvssScore {
  const fault = /^CVSS:(3\.[01]|4\.0)\//.test(vector) ? faultOf(vector) : undefined
  if (fault !== undefined) return { refused: fault }
  try {
    if (vector.startsWith('CVSS:4.0/'))
      return { version: '4.0', vector, score: new Cvss4P0(vector).calculateScores().overall }
    if (/^CVSS:3\.[01]\//.test(vector))
      return {
        version: vector.slice(5, 8),
        vector,
        score: new Cvss3P1(vector.replace('CVSS:3.0', 'CVSS:3.1')).calculateScores().overall,
      }
    return { refused: 'not a CVSS v3.0, v3.1 or v4.0 vector' }
  } catch (error) {
    return { refused: error instanceof Error ? error.message : String(error) }
  }
}
