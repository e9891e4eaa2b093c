/** One turn of the dispatcher: read results, move hosts, write intents, send, note the commands' ids. */

import { readCalendars } from '../calendar/index.ts'
import { CatalogueRecord, PolicyRecord } from '../catalogue/index.ts'
import { type ChangeEvent, ChangeRecord, changeEvidence, changeMove, moveChange, StopRecord } from '../changes/index.ts'
import { DrydockError } from '../kit/errors.ts'
import { keys } from '../kit/keys.ts'
import { type EvidenceRecord, type Move, type Stored, transactionItemsMax } from '../kit/ledger.ts'
import { isoInstant } from '../kit/time.ts'
import { type Applied, applyInvocations, endRing, quarantinedOf, type StepEnd } from './apply.ts'
import { factsOf } from './budgets.ts'
import { claims } from './claim.ts'
import { type Dispatched, dispatch } from './dispatch.ts'
import { heldBySomeoneElse, type Leases, leaseMoves, movedHosts, readLeases } from './lease-moves.ts'
import { hearOf, type News } from './news.ts'
import { type Permission, permissionOf } from './permission.ts'
import { isFinal, type Ring, RingRecord, ringMove, stepsOf } from './ring.ts'
import { escalated, escalationOf } from './rto.ts'
import { adoptOrphans, sendIntents } from './send.ts'
import { evidenceOf, type Situation, type TurnPorts } from './situation.ts'
import { stepMove } from './step-log.ts'
import { readWorks, type WantMark, workMove } from './work.ts'

export type TurnResult =
  /** `moved`: there may be more to do at once; `waiting`: nothing until something happens. */
  | { readonly kind: 'moved' | 'waiting' | 'conflict' }
  | { readonly kind: 'ended' | 'not-open'; readonly ring: Ring | undefined }

/** A transaction holds 100 items: ring, change and two leaves of evidence, and room for one more of each kind. */
const itemsMax = transactionItemsMax - 6

/** Hosts whose step may end in one turn: each takes a step record, and its lease's where its work is over. */
const endsMaxOf = ({ works }: Situation) => Math.floor((itemsMax - works.size) / 2)

/** One turn for one ring. Safe to repeat at any moment, and beside another turn for the same ring. */
export async function takeTurn(changeId: string, ringName: string, news: News, ports: TurnPorts): Promise<TurnResult> {
  const known = await ports.ledger.read(RingRecord, keys.ring(changeId, ringName))
  if (known?.value.state !== 'open') return { kind: 'not-open', ring: known?.value }
  const situation = await readSituation(known, ports)
  const { read, plan, policy, works } = situation
  const adopted = await adoptOrphans(read, ports)
  if (adopted === 'conflict') return { kind: 'conflict' }
  const heard = await hear(adopted, situation, news, ports)
  const nowMs = ports.clock.nowMs()
  const at = isoInstant(nowMs)
  const leases: Leases = new Map()
  const next = await choose(heard.ring, heard.ends.length, situation, leases, ports)
  const ring = escalated(endRing(next.ring, next.canStart, situation.permission, at), at)
  const claimed = claims({ ring, plan, works, wants: next.wants, nowMs, claimMs: claimMsOf(ring, policy.rollout) })
  if (next.intentIds.length === 0 && heard.ends.length === 0 && ring === read.value && claimed.size === 0)
    return { kind: 'waiting' }
  const { ends } = heard
  const committed = await commitTurn(
    { situation, before: adopted, ring, ends, claimed, wants: next.wants, leases, at, nowMs },
    ports,
  )
  if (!committed) return { kind: 'conflict' }
  const isAllSent = next.intentIds.length === 0 || (await sendIntents(committed, next.intentIds, situation, ports))
  if (ring.state !== 'open') return { kind: 'ended', ring }
  return { kind: isAllSent && !heard.isFull && !next.isFull ? 'waiting' : 'moved' }
}

/** A claim outlasts every step that a host takes while it is down, tried twice. */
function claimMsOf({ mode }: Ring, { stepTimeoutSeconds, leaseSeconds }: Situation['policy']['rollout']): number {
  const seconds = stepsOf[mode].reduce((sum, step) => sum + stepTimeoutSeconds[step], 0)
  return (2 * seconds + leaseSeconds) * 1000
}

/**
 * Dispatches until no host is chosen that another change holds; fills `leases` with those of every host that moves.
 *
 * A host that goes on mostly has its lease, so that only those that begin are counted against the transaction; where more
 * leases are due than fit, all are.
 */
async function choose(
  ring: Ring,
  ended: number,
  situation: Situation,
  leases: Leases,
  { ids, ledger, clock }: TurnPorts,
): Promise<Dispatched> {
  const { read, plan, policy, works, permission } = situation
  const heldByOthers = new Set<string>()
  const nowMs = clock.nowMs()
  const released = movedHosts(read.value, ring).filter(([, host]) => isFinal(host)).length
  const movesMax = itemsMax - works.size - ended - released
  for (let isStrict = false; ; ) {
    const timeoutSeconds = policy.rollout.stepTimeoutSeconds
    const nextIntentId = () => ids.next()
    const input = {
      ring,
      plan,
      heldByOthers,
      works,
      permission,
      timeoutSeconds,
      nowMs,
      movesMax,
      isStrict,
      nextIntentId,
    }
    const next = dispatch(input)
    const moved = movedHosts(read.value, next.ring)
    await readLeases(
      moved.map(([hostId]) => hostId),
      leases,
      ledger,
    )
    const sent = moved.flatMap(([hostId, { state }]) => (state === 'sent' ? [hostId] : []))
    const held = heldBySomeoneElse(sent, leases, ring.changeId, nowMs)
    for (const hostId of held) heldByOthers.add(hostId)
    if (held.length > 0) continue
    const due = leaseMoves(takingOf(situation, next.ring, leases, nowMs))
    if (isStrict || due === 'held' || due.length <= movesMax + released) return next
    isStrict = true
  }
}

const takingOf = ({ read, plan, policy }: Situation, after: Ring, leases: Leases, nowMs: number) => ({
  before: read.value,
  after,
  leases,
  servicesOf: (hostId: string) => factsOf(plan).get(hostId)?.services ?? [],
  at: isoInstant(nowMs),
  nowMs,
  leaseSeconds: policy.rollout.leaseSeconds,
})

async function readSituation(
  read: Stored<Ring>,
  { ledger, plans, clock, calendarStates }: TurnPorts,
): Promise<Situation> {
  const { changeId, name, planHash } = read.value
  const [plan, policy, stop, change, catalogue] = await Promise.all([
    plans(changeId, planHash),
    ledger.read(PolicyRecord, keys.policy()),
    ledger.read(StopRecord, keys.stop()),
    ledger.read(ChangeRecord, keys.change(changeId)),
    ledger.read(CatalogueRecord, keys.catalogue()),
  ])
  if (!plan || !policy)
    throw new DrydockError('DD1802', `ring ${name} of ${changeId} has no ${plan ? 'policy' : 'plan'}: nothing is sent`)
  const nowMs = clock.nowMs()
  const permission = permissionOf({
    ring: read.value,
    plan,
    change: change?.value,
    catalogue: catalogue?.value,
    readings: await readCalendars(catalogue?.value.calendars ?? [], calendarStates, nowMs),
    stop: stop?.value,
    nowIso: isoInstant(nowMs),
  })
  return { read, plan, policy: policy.value, change, permission, works: await readWorks(plan, ledger) }
}

async function hear(read: Stored<Ring>, situation: Situation, news: News, ports: TurnPorts): Promise<Applied> {
  const { plan, policy } = situation
  // A plan without a way back was approved as such.
  const retry =
    plan.rollbackPlan.rung === 'none' ? { ...policy.rollout, withoutRestorePoint: 'go' as const } : policy.rollout
  const heard = await hearOf(read.value, news, ports)
  return applyInvocations(read.value, heard, retry, ports.clock.nowMs(), endsMaxOf(situation))
}

interface Commit {
  readonly situation: Situation
  readonly before: Stored<Ring>
  readonly ring: Ring
  readonly ends: readonly StepEnd[]
  readonly claimed: ReturnType<typeof claims>
  readonly wants: readonly WantMark[]
  readonly leases: Leases
  readonly at: string
  readonly nowMs: number
}

async function commitTurn(commit: Commit, ports: TurnPorts): Promise<Stored<Ring> | undefined> {
  const { situation, before, ring, ends, claimed, wants, at, nowMs } = commit
  const leases = leaseMoves(takingOf(situation, ring, commit.leases, nowMs))
  if (leases === 'held') return undefined
  const moved = ends.map(({ hostId, step, outcome, because, exitCode, commandId, collected, outputLocation }) => ({
    hostId,
    step,
    outcome,
    exitCode,
    commandId,
    ...(because ? { because } : {}),
    ...(collected ? { collected: { ...collected, ...(outputLocation ? { outputLocation } : {}) } } : {}),
  }))
  const evidence: [EvidenceRecord, ...EvidenceRecord[]] = [
    evidenceOf(
      ring,
      ring.state === 'open' ? 'rollout.moved' : 'rollout.ring-ended',
      {
        ended: moved,
        intents: newIntents(before.value, ring),
        state: ring.state,
        ...(wants.length > 0 ? { waitsFor: [...new Set(wants.map(({ service }) => service))].sort() } : {}),
        ...(ring.because ? { because: ring.because } : {}),
      },
      ports,
    ),
  ]
  const isEscalated = ring.rtoEscalatedAt !== before.value.rtoEscalatedAt
  if (isEscalated) evidence.push(evidenceOf(ring, 'rollback.escalated', escalationOf(ring, at), ports))
  const change = changeAfter(ring, situation, at, ports)
  if (change) evidence.push(change.evidence)
  const result = await ports.ledger.commit({
    moves: [
      ringMove(before, ring),
      ...leases,
      ...[...claimed].map(([service, work]) => workMove(service, situation.works, work)),
      ...ends.map((end) => stepMove(end, ring.changeId, ring.name, at)),
      ...(change ? [change.move] : []),
    ],
    evidence,
  })
  if (!('committed' in result)) return undefined
  if (isEscalated) ports.metrics.count('RollbackRtoAtRisk')
  const isLost = ({ hostId }: StepEnd) => ring.hosts[hostId]?.state === 'quarantined'
  if (ring.mode === 'rollback' && ends.some(isLost)) ports.metrics.count('RollbackFailed')
  return { key: before.key, version: before.version + 1, value: ring }
}

const newIntents = (before: Ring, after: Ring) =>
  Object.entries(after.commands)
    .filter(([intentId]) => !(intentId in before.commands))
    .map(([intentId, { step, hostIds, packages }]) => ({ intentId, step, hostIds, packages }))

/** The change moves with the end of its ring: on to validation, or held where the ring was stopped. */
function changeAfter(
  ring: Ring,
  { change, permission }: Situation,
  at: string,
  { ids, account }: TurnPorts,
): { move: Move; evidence: EvidenceRecord } | undefined {
  const event = changeEventOf(ring, permission)
  const moved = change && event && moveChange(change.value, event, at)
  if (!moved || 'refused' in moved) return undefined
  return {
    move: changeMove(change, moved.change),
    evidence: changeEvidence(moved.change, event, { leafId: ids.next(), at, account, actor: 'drydock' }),
  }
}

function changeEventOf(ring: Ring, { stop, closed }: Permission): ChangeEvent | undefined {
  if (ring.mode === 'rollback') return undefined
  if (ring.state === 'succeeded') return { type: 'ring-deployed', ring: ring.name, quarantined: quarantinedOf(ring) }
  if (ring.state !== 'stopped') return undefined
  const { because, until } = stop ?? closed ?? { because: 'stopped' }
  return { type: 'held', because, ...(until === undefined ? {} : { until }) }
}
