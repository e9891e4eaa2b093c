/** Replays a decision from stored inputs (11.1). */
import { Policy } from '../catalogue/index.ts'
import { canonicalJson } from '../kit/json.ts'
import { assess } from './assess.ts'
import type { Assessment } from './assessment.ts'

/**
 * Compares the stored assessment with one made now from its own facts and policy, byte by byte.
 * @returns `expected`: the stored canonical bytes; `got`: those made now, or why none could be made.
 */
export function replay(
  stored: Assessment,
  digest: (text: string) => string,
): { same: boolean; expected: string; got: string } {
  const expected = canonicalJson(stored)
  const policyRisk = Policy.shape.risk.safeParse(stored.policyRisk)
  if (!policyRisk.success)
    return { same: false, expected, got: `policyRisk cannot be read: ${policyRisk.error.message}` }
  const got = canonicalJson(assess(stored.findingId, stored.facts, policyRisk.data, digest))
  return { same: expected === got, expected, got }
}
