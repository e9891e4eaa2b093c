/** Compares a change with what its findings require now (11.1). */
import type { Policy } from '../catalogue/index.ts'
import type { Assessment } from '../risk/index.ts'
import type { Change } from './change.ts'
import { urgencyOf } from './coalesce.ts'
import { isStricter, strictest, type Urgency } from './reducer.ts'

/** What the findings of a change require now, and whether the change meets it. */
export interface UrgencyStanding {
  /** The strictest that the assessments require; absent without assessments. */
  readonly asked?: Urgency
  /** Whether the change is at least as strict in every way. */
  readonly isHonoured: boolean
}

/** @param assessments of the change's active findings. */
export function urgencyStanding(change: Change, assessments: readonly Assessment[], policy: Policy): UrgencyStanding {
  const [first, ...others] = assessments.map((assessment) => urgencyOf(assessment, policy))
  if (!first) return { isHonoured: true }
  const asked = others.reduce(strictest, first)
  return { asked, isHonoured: !isStricter(asked, change) }
}
