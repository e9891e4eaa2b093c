/** How a change moves: the table of legal moves is data, and the only way to move a change. */

import type { EvidenceBy } from '../kit/evidence-by.ts'
import { keys, lists } from '../kit/keys.ts'
import type { EvidenceRecord, Move, Stored } from '../kit/ledger.ts'
import { type Change, type ChangeState, vulnerabilityIdsMax } from './change.ts'
import type { HeldEvent } from './hold.ts'

/** How urgent a change is, or a finding makes it. No `dueAt`: fix on system upgrade. */
export type Urgency = {
  readonly dueAt?: string | undefined
  readonly priority: number
  readonly needsForensicTriage: boolean
  readonly class: Change['class']
}

/** An event that may move a change; each is filed as evidence of type `change.<event>`. */
export type ChangeEvent =
  | ({
      readonly type: 'finding-joined'
      readonly findingId: string
      readonly vulnerabilityIds: readonly string[]
      readonly packages: Change['packages']
      readonly reasons: readonly string[]
    } & Urgency)
  /** A finding of the change is now assessed more strictly than the change; `dueAt` and the rest are the finding's. */
  | ({ readonly type: 'reassessed'; readonly findingId: string; readonly reasons: readonly string[] } & Urgency)
  | { readonly type: 'assessed' }
  /** It waits for its service's next routine cycle; nobody is asked before. */
  | { readonly type: 'deferred'; readonly until: string; readonly because: string }
  | { readonly type: 'planned'; readonly planHash: string }
  | { readonly type: 'review-opened' }
  | { readonly type: 'approval-asked' }
  | { readonly type: 'approved' }
  | { readonly type: 'rejected'; readonly because: string }
  | { readonly type: 'expired' }
  | { readonly type: 'scheduled' }
  | { readonly type: 'ring-opened'; readonly ring: string }
  | { readonly type: 'ring-deployed'; readonly ring: string; readonly quarantined: Change['quarantined'] }
  | { readonly type: 'ring-validated'; readonly ring: string }
  | HeldEvent
  | { readonly type: 'released' }
  /** Back to planning: its plan or its ballot could not go on. */
  | { readonly type: 'replanned'; readonly because: string; readonly supersedes?: string }
  | { readonly type: 'rolled-back'; readonly because: string; readonly quarantined: Change['quarantined'] }
  | {
      readonly type: 'closed'
      readonly outcome: string
      /**
       * 11.7: how many are closed by their scanner, explained by proof, or still open, with the first open ones by
       * name.
       */
      readonly findings?: {
        readonly closed: number
        readonly explained: number
        readonly open: number
        readonly named: readonly { readonly findingId: string; readonly because: string }[]
      }
    }
  | { readonly type: 'cancelled'; readonly because: string }
  | { readonly type: 'superseded'; readonly by: string }

/** Every state that is not final. */
const openStates: readonly ChangeState[] = [
  'draft',
  'assessed',
  'planned',
  'in-review',
  'awaiting-approval',
  'approved',
  'scheduled',
  'in-progress',
  'validating',
  'held',
]

/**
 * The states from which an event may move a change, and the state it leads to; `same` stays. docs/changes.md shows this
 * table.
 */
const legalMoves: {
  readonly [K in ChangeEvent['type']]: {
    readonly from: readonly ChangeState[]
    readonly to: ChangeState | 'same' | 'heldFrom'
  }
} = {
  'finding-joined': { from: ['draft', 'assessed'], to: 'same' },
  reassessed: { from: openStates, to: 'same' },
  assessed: { from: ['draft'], to: 'assessed' },
  deferred: { from: ['assessed'], to: 'same' },
  planned: { from: ['assessed', 'planned', 'in-review', 'awaiting-approval', 'approved', 'scheduled'], to: 'planned' },
  'review-opened': { from: ['planned'], to: 'in-review' },
  'approval-asked': { from: ['in-review'], to: 'awaiting-approval' },
  approved: { from: ['awaiting-approval'], to: 'approved' },
  rejected: { from: ['in-review', 'awaiting-approval'], to: 'rejected' },
  expired: { from: ['awaiting-approval'], to: 'expired' },
  scheduled: { from: ['approved'], to: 'scheduled' },
  'ring-opened': { from: ['scheduled', 'validating', 'in-progress'], to: 'in-progress' },
  'ring-deployed': { from: ['in-progress'], to: 'validating' },
  'ring-validated': { from: ['validating'], to: 'validating' },
  held: {
    from: ['assessed', 'planned', 'in-review', 'approved', 'scheduled', 'in-progress', 'validating'],
    to: 'held',
  },
  released: { from: ['held'], to: 'heldFrom' },
  replanned: {
    from: ['draft', 'planned', 'in-review', 'approved', 'scheduled', 'held'],
    to: 'assessed',
  },
  'rolled-back': { from: ['in-progress', 'validating', 'held'], to: 'rolled-back' },
  closed: { from: ['validating'], to: 'closed' },
  cancelled: {
    from: ['draft', 'assessed', 'planned', 'in-review', 'awaiting-approval', 'approved', 'scheduled', 'held'],
    to: 'cancelled',
  },
  superseded: {
    from: ['draft', 'assessed', 'planned', 'in-review', 'awaiting-approval', 'approved', 'scheduled', 'held'],
    to: 'superseded',
  },
}

/** The final states: a change in one of them never moves again. */
export const terminalStates: readonly ChangeState[] = [
  'closed',
  'rolled-back',
  'rejected',
  'expired',
  'cancelled',
  'superseded',
]

/** The change after its move, or the refused event with the state it was refused in. */
export type MoveResult =
  | { readonly change: Change }
  | { readonly refused: 'illegal-move'; readonly from: ChangeState; readonly event: ChangeEvent['type'] }

/** Moves a change by one event, or refuses an event that the table of moves does not allow. */
export function moveChange(change: Change, event: ChangeEvent, at: string): MoveResult {
  const rule = legalMoves[event.type]
  if (!rule.from.includes(change.state)) return { refused: 'illegal-move', from: change.state, event: event.type }
  // After a ring has opened hosts may have been touched, and only this plan can finish or take back what it began.
  if (event.type === 'replanned' && change.ring !== undefined)
    return { refused: 'illegal-move', from: change.state, event: event.type }
  const state = rule.to === 'same' ? change.state : rule.to === 'heldFrom' ? (change.heldFrom ?? 'assessed') : rule.to
  if (event.type === 'reassessed') return { change: reassess({ ...change, state }, event, at) }
  const { heldFrom, heldBecause, heldUntil, heldFor, ...rest } = change
  return { change: applyDetails({ ...rest, state, updatedAt: at }, event, change.state) }
}

function applyDetails(change: Change, event: ChangeEvent, from: ChangeState): Change {
  switch (event.type) {
    case 'finding-joined':
      return joinFinding(change, event)
    case 'deferred':
      return { ...change, deferred: { until: event.until, because: event.because } }
    case 'planned':
      return withPlan(change, event.planHash)
    case 'replanned':
      return withoutPlan(change)
    case 'ring-opened':
      return { ...change, ring: event.ring }
    case 'ring-deployed':
      return { ...change, quarantined: [...change.quarantined, ...event.quarantined] }
    case 'ring-validated':
      return { ...change, ringsDone: [...new Set([...change.ringsDone, event.ring])] }
    case 'held':
      return {
        ...change,
        heldFrom: from,
        heldBecause: event.because,
        ...(event.until ? { heldUntil: event.until } : {}),
        heldFor: [...event.heldFor],
      }
    case 'rejected':
    case 'cancelled':
      return { ...change, outcome: event.because }
    case 'rolled-back':
      return { ...change, outcome: event.because, quarantined: [...change.quarantined, ...event.quarantined] }
    case 'closed':
      return { ...change, outcome: event.outcome }
    case 'superseded':
      return { ...change, outcome: `superseded by ${event.by}`, supersededBy: event.by }
    default:
      return change
  }
}

function withPlan({ deferred: _, ...change }: Change, planHash: string): Change {
  return { ...change, planHash }
}

function withoutPlan({ planHash: _, outcome: __, ...change }: Change): Change {
  return change
}

/** From least to most strict. */
const classes = ['standard', 'normal', 'emergency'] as const

/** The stricter value of each: a change never becomes less urgent by itself. */
export function strictest(change: Urgency, other: Urgency): Urgency {
  // What is undefined sorts last.
  const [dueAt] = [change.dueAt, other.dueAt].toSorted()
  return {
    ...(dueAt === undefined ? {} : { dueAt }),
    priority: Math.max(change.priority, other.priority),
    needsForensicTriage: change.needsForensicTriage || other.needsForensicTriage,
    class: classes[Math.max(classes.indexOf(change.class), classes.indexOf(other.class))] ?? change.class,
  }
}

/** Whether `other` is stricter than `change` in any way. */
export function isStricter(other: Urgency, change: Urgency): boolean {
  const both = strictest(change, other)
  return (
    both.dueAt !== change.dueAt ||
    both.priority !== change.priority ||
    both.needsForensicTriage !== change.needsForensicTriage ||
    both.class !== change.class
  )
}

/** `updatedAt` stays: the search for stuck changes needs the time of the last move. */
function reassess(change: Change, event: Extract<ChangeEvent, { type: 'reassessed' }>, at: string): Change {
  if (!isStricter(event, change)) return change
  return { ...withUrgency(change, event), reasons: [...event.reasons], reassessedAt: at }
}

function withUrgency(change: Change, other: Urgency): Change {
  const { dueAt: _, ...rest } = change
  return { ...rest, ...strictest(change, other) }
}

const packageKey = ({ name, fixedVersion, platform }: Change['packages'][number]) =>
  `${name} ${fixedVersion} ${platform ?? ''}`

function joinFinding(change: Change, event: Extract<ChangeEvent, { type: 'finding-joined' }>): Change {
  const known = new Set(change.packages.map(packageKey))
  const vulnerabilityIds = [...new Set([...change.vulnerabilityIds, ...event.vulnerabilityIds])]
  return {
    ...withUrgency(change, event),
    reasons: event.priority > change.priority ? [...event.reasons] : change.reasons,
    vulnerabilityIds: vulnerabilityIds.slice(0, vulnerabilityIdsMax),
    ...(vulnerabilityIds.length > vulnerabilityIdsMax ? { hasMoreVulnerabilities: true } : {}),
    packages: [...change.packages, ...event.packages.filter((entry) => !known.has(packageKey(entry)))],
  }
}

/** The ledger move that replaces the version read with `next`. */
export function changeMove(read: Stored<Change> | undefined, next: Change): Move {
  return {
    kind: 'change',
    key: keys.change(next.changeId),
    from: read?.version ?? 0,
    value: next,
    list: { pk: lists.changes, sk: `${terminalStates.includes(next.state) ? 'ended' : 'open'}#${next.changeId}` },
  }
}

/** The evidence of a change's move: type `change.<event>`, body the event and the state it led to. */
export function changeEvidence(next: Change, event: ChangeEvent, by: EvidenceBy): EvidenceRecord {
  return {
    ...by,
    type: `change.${event.type}`,
    changeId: next.changeId,
    body: { event, state: next.state, service: next.service },
    ...(terminalStates.includes(next.state) ? { closes: true } : {}),
  }
}
