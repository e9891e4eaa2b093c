/**
 * The path of one vulnerability on one host, told from leaves alone: found, decided, planned, approved, installed,
 * proven.
 */

import { byKey } from '../kit/by-text.ts'
import type { EvidenceRecord } from '../kit/ledger.ts'
import {
  Assessed,
  Cast,
  Decided,
  Joined,
  Moved,
  Planned,
  Recorded,
  RolledBack,
  Rollout,
  Validated,
} from './path-leaves.ts'

/** A leaf's record with its path. */
export interface FiledRecord {
  /** Path of the leaf in the log. */
  readonly leaf: string
  readonly record: EvidenceRecord
}

/** Which vulnerability, on which host. */
export interface PathQuestion {
  readonly vulnerabilityId: string
  /** `i-…` or `mi-…`. */
  readonly hostId: string
}

export interface PathStep {
  readonly at: string
  readonly actor: string
  readonly changeId: string
  /** What happened, in words. */
  readonly what: string
  readonly leaf: string
}

/** `patched`: the fixed version was verified on the host, its ring validated and the change closed (11.7). */
export type PathOutcome = 'patched' | 'rolled-back' | 'quarantined' | 'not-patched' | 'open' | 'unknown'

/** What happened to one vulnerability on one host, from detection to end, each step with its leaf. */
export interface HostPath extends PathQuestion {
  readonly outcome: PathOutcome
  /** The reason for the outcome, with the deciding change. */
  readonly because: string
  /** In the order of the log. */
  readonly steps: readonly PathStep[]
}

/** What the leaves read so far say about the host in one change. */
interface Known {
  readonly findingIds: Set<string>
  readonly intents: Map<string, string>
  ring?: string
  /** Whether the leaf names its plan by hash alone. */
  isPlanApart?: boolean
  state?: string
  isVerified: boolean
  isRolledBack: boolean
  isQuarantined: boolean
}

/**
 * Follows the changes with the vulnerability, and within them what concerns the host.
 * @param leaves In log order; leaves of other changes are skipped.
 */
export function pathOf(leaves: readonly FiledRecord[], question: PathQuestion): HostPath {
  const changes = changesAbout(leaves, question)
  const steps: PathStep[] = []
  for (const { leaf, record } of leaves) {
    const known = changes.get(record.changeId)
    for (const what of known ? tellChange(record, known, question) : tellFinding(record, question))
      steps.push({ at: record.at, actor: record.actor, changeId: record.changeId, what, leaf })
  }
  return { ...question, ...outcomeOf(changes), steps }
}

function changesAbout(leaves: readonly FiledRecord[], { vulnerabilityId }: PathQuestion): Map<string, Known> {
  const changes = new Map<string, Known>()
  for (const { record } of leaves) {
    const joined = record.type === 'change.finding-joined' ? Joined.safeParse(record.body).data?.event : undefined
    if (!joined?.vulnerabilityIds.includes(vulnerabilityId)) continue
    const known = changes.get(record.changeId) ?? {
      findingIds: new Set<string>(),
      intents: new Map<string, string>(),
      isVerified: false,
      isRolledBack: false,
      isQuarantined: false,
    }
    known.findingIds.add(joined.findingId)
    changes.set(record.changeId, known)
  }
  return changes
}

function tellFinding({ type, body }: EvidenceRecord, question: PathQuestion): string[] {
  if (!type.startsWith('finding.')) return []
  return [...tellRecorded(type, body, question), ...tellRecordedWith(body, question)]
}

function tellRecorded(type: string, body: unknown, { vulnerabilityId, hostId }: PathQuestion): string[] {
  const finding = Recorded.safeParse(body).data
  if (finding?.vulnerabilityId !== vulnerabilityId || !finding.resource.id.includes(hostId)) return []
  return [`${type}: ${vulnerabilityId} on ${finding.resource.id} ${finding.severity} ${finding.status}`.trimEnd()]
}

/** The recording that a leaf of the decision or of the change says as well. */
const tellRecordedWith = (body: unknown, question: PathQuestion) =>
  tellRecorded('finding.recorded', Decided.safeParse(body).data?.finding, question)

/** The decision that a leaf of the change says as well. */
function tellDecidedWith(body: unknown, known: Known): string[] {
  const assessment = Decided.safeParse(body).data?.assessment
  const dueAt = assessment?.winner.dueAt
  return assessment ? tellAssessed({ ...assessment, ...(dueAt === undefined ? {} : { dueAt }) }, known) : []
}

function tellChange(record: EvidenceRecord, known: Known, question: PathQuestion): string[] {
  const { type, body } = record
  if (type === 'finding.assessed') return [...tellRecordedWith(body, question), ...tellAssessed(body, known)]
  if (type === 'change.finding-joined')
    return [...tellRecordedWith(body, question), ...tellDecidedWith(body, known), ...tellJoined(body, question)]
  if (type === 'change.planned') return tellPlanned(body, known, question)
  if (type === 'approval.cast') {
    const vote = Cast.safeParse(body).data
    return vote ? [`${record.actor} voted ${vote.choice} on plan ${vote.planHash} by ${vote.via}`] : []
  }
  if (type.startsWith('rollout.')) return tellRollout(body, known, question)
  if (type === 'rollback.opened') {
    const opened = RolledBack.safeParse(body).data
    return opened?.hosts.includes(question.hostId) ? [`rollback opened: ${opened.reason}`] : []
  }
  if (type.startsWith('validation.')) {
    const validation = Validated.safeParse(body).data
    if (!validation || validation.ring !== known.ring) return []
    return [`${type} for ring ${validation.ring}${validation.because ? `: ${validation.because}` : ''}`]
  }
  return type.startsWith('change.') ? tellMove(record, known, question) : []
}

function tellAssessed(body: unknown, known: Known): string[] {
  const assessed = Assessed.safeParse(body).data
  if (!assessed || !known.findingIds.has(assessed.findingId)) return []
  const { winner, dueAt } = assessed
  const due = dueAt ? `due ${dueAt}` : 'no due date'
  return [`assessed: ${due}${winner ? ` by ${winner.table} row ${winner.row ?? '?'}, ${winner.decision}` : ''}`]
}

function tellJoined(body: unknown, { vulnerabilityId }: PathQuestion): string[] {
  const joined = Joined.safeParse(body).data?.event
  if (!joined?.vulnerabilityIds.includes(vulnerabilityId)) return []
  const fixes = joined.packages.map(({ name, fixedVersion }) => `${name} ${fixedVersion}`).join(', ')
  return [
    `finding ${joined.findingId} joined the change: ${fixes}`,
    ...joined.reasons.map((reason) => `because ${reason}`),
  ]
}

function tellPlanned(body: unknown, known: Known, { hostId }: PathQuestion): string[] {
  const planned = Planned.safeParse(body).data
  if (!planned) return []
  const { rings } = planned.plan
  // Which ring has the host is then told by what the rollout did to it.
  known.isPlanApart = rings.some(({ hosts }) => typeof hosts === 'number')
  if (known.isPlanApart) return [`planned: plan ${planned.planHash}`]
  const ring = rings.find(
    ({ hosts }) => typeof hosts !== 'number' && hosts.some((host) => host.hostId === hostId),
  )?.name
  if (ring === undefined) {
    delete known.ring
    return [`planned without this host: plan ${planned.planHash}`]
  }
  known.ring = ring
  return [`planned in ring ${ring}: plan ${planned.planHash}`]
}

function tellRollout(body: unknown, known: Known, { hostId }: PathQuestion): string[] {
  const rollout = Rollout.safeParse(body).data
  if (!rollout) return []
  const { ended, intents, sent } = rollout.detail
  const told: string[] = []
  const isTouched = [...ended, ...intents.flatMap(({ hostIds }) => hostIds.map((id) => ({ hostId: id })))].some(
    (one) => one.hostId === hostId,
  )
  if (isTouched && known.isPlanApart && rollout.mode === 'patch') known.ring ??= rollout.ring
  for (const end of ended.filter((one) => one.hostId === hostId)) {
    told.push(
      `${end.step} ${end.outcome}: command ${end.commandId ?? 'none'}, exit code ${end.exitCode ?? 'none'}${end.because ? `, ${end.because}` : ''}`,
    )
    if (end.outcome !== 'passed') continue
    if (end.step === 'install') known.isRolledBack = false
    if (end.step === 'verify') known.isVerified = rollout.mode === 'patch'
    if (end.step === 'rollback') known.isRolledBack = true
  }
  for (const { intentId, hostIds, step } of intents) {
    if (!hostIds.includes(hostId)) continue
    known.intents.set(intentId, step)
    told.push(`${step} intended: intent ${intentId}`)
  }
  for (const [intentId, commandId] of Object.entries(sent)) {
    const step = known.intents.get(intentId)
    if (step !== undefined) told.push(`${step} sent: command ${commandId} for intent ${intentId}`)
  }
  return told
}

function tellMove({ type, body }: EvidenceRecord, known: Known, { hostId }: PathQuestion): string[] {
  const moved = Moved.safeParse(body).data
  if (!moved) return [type]
  const { event, state } = moved
  known.state = state
  if (JSON.stringify(event.quarantined ?? []).includes(`"${hostId}"`)) known.isQuarantined = true
  if (event.ring !== undefined && event.ring !== known.ring) return []
  const why = event.because ?? event.outcome
  return [`${type}${event.ring ? ` ${event.ring}` : ''}${why ? `: ${why}` : ''}`]
}

const endStates = ['closed', 'rolled-back', 'cancelled', 'rejected', 'expired', 'superseded']

/** The newest change that planned the host decides; a host in no plan is not patched. */
function outcomeOf(changes: ReadonlyMap<string, Known>): Pick<HostPath, 'outcome' | 'because'> {
  const [newest] = [...changes]
    .filter(([, { ring }]) => ring !== undefined)
    .toSorted((left, right) => byKey(right, left))
  if (!newest)
    return changes.size === 0
      ? { outcome: 'unknown', because: 'no change in these leaves has the vulnerability' }
      : { outcome: 'not-patched', because: 'no plan of a change with the vulnerability includes this host' }
  const [changeId, { state = 'unknown', isVerified, isRolledBack, isQuarantined }] = newest
  const told = (outcome: PathOutcome, what: string) => ({
    outcome,
    because: `${what} in change ${changeId} (${state})`,
  })
  if (isQuarantined) return told('quarantined', 'quarantined')
  if (isRolledBack) return told('rolled-back', 'restored')
  if (!endStates.includes(state)) return told('open', isVerified ? 'verified, not closed yet' : 'still in work')
  if (state === 'closed' && isVerified) return told('patched', 'verified, validated and closed')
  return told('not-patched', 'ended without a verified patch on this host')
}
