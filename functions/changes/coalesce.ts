/** How a finding becomes part of a change: one open change for each service and patch set (11.3). */
import * as z from 'zod'
import type { Policy, Service } from '../catalogue/index.ts'
import { type Finding, installItemsMax, windowsUpdatesOf } from '../finding/index.ts'
import { cveIdsOf } from '../intel/index.ts'
import type { Platform } from '../inventory/index.ts'
import { DrydockError } from '../kit/errors.ts'
import { canonicalJson } from '../kit/json.ts'
import type { RecordKind } from '../kit/ledger.ts'
import { type Assessment, clockDays } from '../risk/index.ts'
import type { Change } from './change.ts'
import { type ChangeEvent, isStricter, moveChange, terminalStates, type Urgency } from './reducer.ts'

/** Points to the newest change of a service and patch set; it takes findings in while it is in draft or assessed. */
export const OpenChange = z.strictObject({ changeId: z.string() })

/** The pointer to the newest change, one record per service and patch set. */
export const OpenChangeRecord: RecordKind<z.infer<typeof OpenChange>> = { kind: 'open-change', schema: OpenChange }

/** Points from a finding to the last change that it was in. */
export const FindingChange = z.strictObject({ changeId: z.string() })

/** The pointer as an older Drydock wrote it, a record of its own; now the finding's assessment has it. */
export const FindingChangeRecord: RecordKind<z.infer<typeof FindingChange>> = {
  kind: 'finding-change',
  schema: FindingChange,
}

export interface CoalesceInput {
  readonly finding: Finding
  readonly assessment: Assessment
  readonly service: Service | undefined
  readonly isWindows: boolean
  /** The platform of its host; absent: unknown. */
  readonly platform?: Platform | undefined
  /** The finding's last change, in any state. */
  readonly own?: Change | undefined
  /** The newest change of the service and patch set. */
  readonly open: Change | undefined
  readonly policy: Policy
  readonly at: string
  readonly newChangeId: string
}

/** Why a finding moves no change; each is shown on the finding, none is dropped. */
export type Unchanged =
  /** The scanner closed or suppressed it. */
  | 'not-active'
  /** Its route leads to an owner, an image or the network. */
  | 'not-patchable'
  /** None of its packages has a fixed version. */
  | 'no-fix'
  /** It is about a Windows host and names no update number. */
  | 'no-windows-update'
  /** Its host has no known asset or service. */
  | 'unassigned'
  | 'already-joined'
  /** Its change is closed, and the scanner has not looked since. */
  | 'awaiting-scan'
  /** Its change was rolled back, and no other version has been released since. */
  | 'rolled-back'
  /** People rejected or cancelled its change, and nothing has become more urgent since. */
  | 'declined'

type Joining = 'opened' | 'joined' | 'reassessed'

export type Coalesced =
  | {
      readonly change: Change
      readonly events: readonly ChangeEvent[]
      readonly outcome: Joining
      /** Whether the change stays as it is: its packages, CVEs and urgency already cover the finding. */
      readonly isCovered?: true
      /** The superseded change after its move, and the event that moved it. */
      readonly superseded?: { readonly change: Change; readonly event: ChangeEvent }
    }
  | { readonly unchanged: Unchanged }

/**
 * Joins the open change while it is in draft or assessed and has room; one that is planned is left alone, because its
 * plan and votes are bound to its packages, and the finding opens the next.
 *
 * A finding that is in a change stays in it, and a stricter decision about it reaches the change as `reassessed`. Where
 * it makes an emergency of a change that has a plan but no ring yet, a new emergency change with everything in it takes
 * its place (2.2, 3.6): the class decides who votes, so votes of another class do not count. docs/changes.md says it by
 * state.
 */
export function coalesce(input: CoalesceInput): Coalesced {
  const { finding, service, open, isWindows } = input
  if (finding.status !== 'active') return { unchanged: 'not-active' }
  if (finding.route !== 'patch') return { unchanged: 'not-patchable' }
  const packages = isWindows ? updatesOf(finding) : fixesOf(input)
  if (packages.length === 0) return { unchanged: isWindows ? 'no-windows-update' : 'no-fix' }
  if (!service) return { unchanged: 'unassigned' }
  const { own } = input
  const joined = joinedEvent(input, packages)
  if (own && !terminalStates.includes(own.state)) {
    if (!isStricter(joined, own)) return { unchanged: 'already-joined' }
    const isEmergency = joined.class === 'emergency' && own.class !== 'emergency'
    return isEmergency && needsOtherVotes(own) ? replace(own, joined, input) : reassessed(own, input)
  }
  const because = own && whyNotAgain(own, joined, finding)
  if (because) return { unchanged: because }
  if (open && isTaking(open) && hasRoom(open, packages)) return joinedTo(open, joined, input.at)
  const empty = emptyChange(service.name, input)
  return moved(empty, [joined, { type: 'assessed' }], input.at, 'opened')
}

type Joined = Extract<ChangeEvent, { type: 'finding-joined' }>

const isTaking = ({ state }: Change) => state === 'draft' || state === 'assessed'

/** Versions of packages that a change names: some 50 kB. */
const packageVersionsMax = 1000

/** One command must be able to name all packages of a change; what no longer fits opens the next. */
const hasRoom = (open: Change, packages: Change['packages']) =>
  open.packages.length + packages.length <= packageVersionsMax &&
  new Set([...open.packages, ...packages].map(({ name }) => name)).size <= installItemsMax

/**
 * A change that already covers the finding is not moved, so that many findings can join at once: nothing that a plan
 * or votes are bound to depends on them. The hosts of a Windows plan do: there the move is what a plan would miss.
 */
function joinedTo(open: Change, joined: Joined, at: string): Coalesced {
  const next = moved(open, [joined], at, 'joined')
  if (!('change' in next) || open.patchSet === 'windows-updates') return next
  const isCovered = canonicalJson({ ...next.change, updatedAt: open.updatedAt }) === canonicalJson(open)
  return isCovered ? { ...next, change: open, isCovered } : next
}

const fixesOf = ({ finding, platform }: CoalesceInput): Change['packages'] =>
  finding.packages.flatMap(({ name, fixedVersion, isPatchable }) =>
    isPatchable && fixedVersion !== undefined
      ? [{ name, fixedVersion, ...(platform === undefined || platform === 'unknown' ? {} : { platform }) }]
      : [],
  )

/** An update has no versions: it is installed or not. */
const updatesOf = (finding: Finding): Change['packages'] =>
  windowsUpdatesOf(finding).map((name) => ({ name, fixedVersion: 'installed' }))

/** Its own id first, then its other CVEs. */
const vulnerabilityIdsOf = (finding: Finding): string[] =>
  finding.vulnerabilityId === undefined ? [] : [...new Set([finding.vulnerabilityId, ...cveIdsOf(finding)])]

function joinedEvent({ finding, assessment, policy }: CoalesceInput, packages: Change['packages']): Joined {
  return {
    type: 'finding-joined',
    findingId: finding.findingId,
    vulnerabilityIds: vulnerabilityIdsOf(finding),
    packages,
    reasons: assessment.reasons,
    ...urgencyOf(assessment, policy),
  }
}

/** How urgent one assessment makes a change. */
export function urgencyOf(assessment: Assessment, policy: Policy): Urgency {
  const { winner, priority } = assessment
  return {
    ...(winner.dueAt === undefined ? {} : { dueAt: winner.dueAt }),
    priority,
    needsForensicTriage: winner.needsForensicTriage,
    class: classOf(assessment, policy),
  }
}

/** An emergency is due within the policy's days, counted from the start of the clock, or needs forensic triage. */
export function classOf({ winner, facts }: Assessment, policy: Policy): 'normal' | 'emergency' {
  if (winner.needsForensicTriage) return 'emergency'
  const days = clockDays(facts, winner)
  return days !== undefined && days <= policy.changes.emergencyDueDaysMax ? 'emergency' : 'normal'
}

/**
 * Whether the change may be superseded: before a plan nobody was asked; after a ring opened, hosts are in work and must
 * be finished.
 */
const needsOtherVotes = ({ planHash, ring }: Change) => planHash !== undefined && ring === undefined

function reassessed(own: Change, { finding, assessment, policy, at }: CoalesceInput): Coalesced {
  const { findingId } = finding
  const { reasons } = assessment
  const event: ChangeEvent = { type: 'reassessed', findingId, reasons, ...urgencyOf(assessment, policy) }
  return moved(own, [event], at, 'reassessed')
}

/** A new change with all findings of the old one, this finding with its newest assessment. */
function replace(own: Change, joined: Joined, { at, newChangeId }: CoalesceInput): Coalesced {
  const { planHash, heldFrom, heldBecause, heldUntil, heldFor, outcome, findingIds, ...kept } = own
  const start: Change = {
    ...kept,
    changeId: newChangeId,
    state: 'draft',
    supersedes: own.changeId,
    ringsDone: [],
    quarantined: [],
    openedAt: at,
  }
  const event: ChangeEvent = { type: 'superseded', by: newChangeId }
  const superseded = { change: applied(own, event, at), event }
  const next = moved(start, [joined, { type: 'assessed' }], at, 'opened')
  return 'change' in next ? { ...next, superseded } : next
}

/**
 * Why a finding whose change has ended opens no other. After an expired or superseded change it opens one, because the
 * work is undone.
 */
function whyNotAgain(own: Change, joined: Joined, finding: Finding): Unchanged | undefined {
  const isSeenAgain = finding.lastObservedAt > own.updatedAt || finding.updatedAt > own.updatedAt
  const isMoreUrgent =
    (joined.class === 'emergency' && own.class !== 'emergency') || (joined.dueAt ?? '~') < (own.dueAt ?? '~')
  const isTried = ({ name, fixedVersion, platform }: Change['packages'][number]) =>
    own.packages.some(
      (tried) =>
        tried.name === name &&
        tried.fixedVersion === fixedVersion &&
        (tried.platform === undefined || tried.platform === platform),
    )
  if (own.state === 'closed' && !isSeenAgain) return 'awaiting-scan'
  if (own.state === 'rolled-back' && joined.packages.every(isTried)) return 'rolled-back'
  if ((own.state === 'rejected' || own.state === 'cancelled') && !isMoreUrgent) return 'declined'
  return undefined
}

function applied(change: Change, event: ChangeEvent, at: string): Change {
  const result = moveChange(change, event, at)
  if ('refused' in result)
    throw new DrydockError(
      'DD1507',
      `${event.type} is not a legal move of change ${change.changeId} in state ${result.from}; report it with the finding`,
    )
  return result.change
}

function moved(start: Change, events: readonly ChangeEvent[], at: string, outcome: Joining): Coalesced {
  return { change: events.reduce((change, event) => applied(change, event, at), start), events, outcome }
}

const emptyChange = (service: string, { isWindows, newChangeId, at }: CoalesceInput): Change => ({
  changeId: newChangeId,
  service,
  patchSet: isWindows ? 'windows-updates' : 'os-packages',
  packages: [],
  vulnerabilityIds: [],
  state: 'draft',
  class: 'normal',
  priority: 0,
  reasons: [],
  needsForensicTriage: false,
  requester: 'drydock',
  ringsDone: [],
  quarantined: [],
  openedAt: at,
  updatedAt: at,
})
