/** Deciding again from what was stored. */

import { Policy } from '../catalogue/index.ts'
import { canonicalJson } from '../kit/json.ts'
import { assess } from './assess.ts'
import type { Assessment } from './assessment.ts'

/** Compares the stored assessment with one made now from its own facts and policy, byte by byte. */
export function replay(
  stored: Assessment,
  digest: (text: string) => string,
): { same: boolean; expected: string; got: string } {
  const expected = canonicalJson(stored)
  const got = canonicalJson(assess(stored.findingId, stored.facts, Policy.shape.risk.parse(stored.policyRisk), digest))
  return { same: expected === got, expected, got }
}
