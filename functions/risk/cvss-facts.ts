/** Which of several CVSS vectors counts, and which were refused. */
import { byText } from '../kit/by-text.ts'
import type { RiskFacts } from './assessment.ts'
import { scoreVector } from './cvss.ts'

/** The highest score of the newest version with a readable vector; unreadable vectors are named (B13). */
export function cvssFacts(vectors: readonly string[]): Pick<RiskFacts, 'cvss' | 'cvssRefused'> {
  const scored = [...new Set(vectors)].map((vector) => scoreVector(vector))
  const refused = scored.flatMap((one) => ('refused' in one ? [one.refused] : []))
  const [best] = scored
    .flatMap((one) => ('score' in one ? [one] : []))
    .toSorted(
      (left, right) =>
        Number(right.version) - Number(left.version) || right.score - left.score || byText(left.vector, right.vector),
    )
  return { ...(best ? { cvss: best } : {}), ...(refused.length > 0 ? { cvssRefused: refused.toSorted() } : {}) }
}
