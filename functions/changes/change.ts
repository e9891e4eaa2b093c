/** A change: one service, one patch set, from draft to closed. The reducer is in reducer.ts. */
import * as z from 'zod'
import { Platform } from '../inventory/index.ts'
import type { RecordKind } from '../kit/ledger.ts'
import { HoldReason } from './hold.ts'

/** The states of a change; docs/changes.md lists the moves between them. */
export const ChangeState = z.enum([
  'draft',
  'assessed',
  'planned',
  'in-review',
  'awaiting-approval',
  'approved',
  'scheduled',
  'in-progress',
  'validating',
  'closed',
  'held',
  'rolled-back',
  'rejected',
  'expired',
  'cancelled',
  'superseded',
])
export type ChangeState = z.infer<typeof ChangeState>

/** The most CVEs that a change names itself; each finding of it names its own. */
export const vulnerabilityIdsMax = 50

/** The head of a change (ITIL): one service and one patch set, with its state, urgency, plan and holds. */
export const Change = z.strictObject({
  /** ULID. */
  changeId: z.string().length(26),
  service: z.string(),
  /** What kind of patch: `os-packages` or `windows-updates`. */
  patchSet: z.enum(['os-packages', 'windows-updates']),
  /**
   * Each package and the version that fixes every finding of the change; for Windows, the update's number and
   * `installed`.
   */
  packages: z.array(
    z.strictObject({
      name: z.string(),
      fixedVersion: z.string(),
      /** The platform of the hosts that it is the fix of; absent for Windows and where an older Drydock told none. */
      platform: Platform.optional(),
    }),
  ),
  /** Findings that an older Drydock listed here; since then each is a record of its own, `JoinedFindingRecord`. */
  findingIds: z.array(z.string()).optional(),
  /** The first CVEs of its findings, 50 at most. */
  vulnerabilityIds: z.array(z.string()),
  /** Whether its findings have more CVEs than are named here. */
  hasMoreVulnerabilities: z.literal(true).optional(),
  state: ChangeState,
  class: z.enum(['standard', 'normal', 'emergency']),
  /** Earliest due date of its findings; absent: fix on system upgrade. */
  dueAt: z.string().optional(),
  /** Highest priority of its findings, 0-100. */
  priority: z.number().int().min(0).max(100),
  reasons: z.array(z.string()),
  needsForensicTriage: z.boolean(),
  requester: z.string(),
  /** 3.2: until when it waits for its service's next routine cycle, and why; no longer once it has a due date. */
  deferred: z.strictObject({ until: z.string(), because: z.string() }).optional(),
  planHash: z.string().optional(),
  /** State to return to from `held`. */
  heldFrom: ChangeState.optional(),
  heldBecause: z.string().optional(),
  /** When a held change can continue, if known. */
  heldUntil: z.string().optional(),
  /** Every reason for the hold, with what ends it. */
  heldFor: z.array(HoldReason).optional(),
  /** Name of the ring in work or last finished. */
  ring: z.string().optional(),
  ringsDone: z.array(z.string()),
  /** Hosts that this change could not prove patched. */
  quarantined: z.array(z.strictObject({ hostId: z.string(), reason: z.string() })),
  outcome: z.string().optional(),
  /** The change that superseded this one, with all its findings. */
  supersededBy: z.string().optional(),
  /** The change that this one superseded: its findings are this one's. */
  supersedes: z.string().optional(),
  openedAt: z.string(),
  /** When it last moved; reassessment does not count as a move. */
  updatedAt: z.string(),
  /** When a finding of it was last reassessed as more urgent. */
  reassessedAt: z.string().optional(),
})
export type Change = z.infer<typeof Change>

/** The CVEs that a change names, and whether there are more. */
export const namedVulnerabilities = ({ vulnerabilityIds, hasMoreVulnerabilities }: Change): readonly string[] =>
  hasMoreVulnerabilities ? [...vulnerabilityIds, 'and more'] : vulnerabilityIds

/** A change in the ledger, at `keys.change(changeId)`. */
export const ChangeRecord: RecordKind<Change> = { kind: 'change', schema: Change }
