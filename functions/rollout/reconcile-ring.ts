/**
 * One pass of the dispatcher over a ring: collect results, move hosts, record intents, send them, record the commands'
 * ids.
 */

import { PolicyRecord } from '../catalogue/index.ts'
import { type ChangeEvent, changeEvidence, changeMove, heldEvent, moveChange } from '../changes/index.ts'
import { DrydockError } from '../kit/errors.ts'
import { evidenceBy } from '../kit/evidence-by.ts'
import { keys } from '../kit/keys.ts'
import { type EvidenceRecord, type Move, transactionItemsMax } from '../kit/ledger.ts'
import { isoInstant } from '../kit/time.ts'
import { hostFactsOf, longestLeftSeconds } from './budgets.ts'
import { type CommandResults, collectResults, identified } from './command-results.ts'
import { type Dispatched, dispatch } from './dispatch.ts'
import { doubted, doubtLookSeconds } from './doubt.ts'
import { checkGates, type GateVerdict } from './gates/gates.ts'
import { logged, withEnds } from './host-steps.ts'
import { heldBySomeoneElse, type Leases, leaseMoves, readLeases } from './lease-moves.ts'
import { nextOccupancies } from './next-occupancy.ts'
import { occupancyMove, readOccupancies, type WaitMark } from './occupancy.ts'
import { readGateFacts } from './read-gate-facts.ts'
import { isFinal, movedHosts, type Ring, stepsOf } from './ring.ts'
import { type ReconcilePorts, type RingContext, ringEvidence } from './ring-context.ts'
import { endRing, quarantinedOf } from './ring-end.ts'
import { type RingMoves, ringMoves } from './ring-moves.ts'
import { type ReadRing, readRing } from './ring-record.ts'
import { type Applied, applyInvocations } from './ring-reducer.ts'
import { escalated, escalationOf } from './rto.ts'
import { adoptOrphans, sendIntents } from './send-intents.ts'
import type { StepEnd } from './step-end.ts'

export type ReconcileResult =
  /** `moved`: there may be more to do at once; `waiting`: nothing to do until something happens. */
  | { readonly kind: 'moved' | 'waiting' | 'conflict' }
  | { readonly kind: 'ended' | 'not-open'; readonly ring: Ring | undefined }

/** Of the 100 items of a transaction: change and three evidence leaves, and room for one more. */
const itemsMax = transactionItemsMax - 5

/** What is tried next when a pass holds more than one transaction does. */
const fewer = (count: number) => Math.floor(count * 0.7)

/** Items that the ends of steps take: the ring's header and hosts, a lease and a record of the log where work is over. */
const itemsOfEnds = (before: ReadRing, { ring }: Applied) =>
  itemsOfRing(ringMoves(before, ring)) + 2 * releasedBy(before, ring)

const itemsOfRing = ({ moves, drops }: RingMoves) => moves.length + drops.length

const releasedBy = (before: ReadRing, ring: Ring) =>
  movedHosts(before.value, ring).filter(([, host]) => isFinal(host)).length

/** One pass over one ring. Safe to repeat at any time, and concurrently with another pass over the same ring. */
export async function reconcileRing(
  changeId: string,
  ringName: string,
  results: CommandResults,
  ports: ReconcilePorts,
): Promise<ReconcileResult> {
  const known = await readRing(changeId, ringName, ports.ledger, ports.rings?.known(changeId, ringName))
  if (known) ports.rings?.keep(known)
  if (known?.value.state !== 'open') return { kind: 'not-open', ring: known?.value }
  const standing = { ...known, value: identified(known.value, ports) }
  const opened = await readRingContext(standing, ports)
  const adopted = results.asked === 'ended' ? standing : await adoptOrphans(standing, opened.plan, ports)
  if (adopted === 'conflict') return { kind: 'conflict' }
  const context = { ...opened, read: adopted }
  const { read, plan, policy, occupancies } = context
  const applied = await applyResults(adopted, context, results, ports)
  const nowMs = ports.clock.nowMs()
  const at = isoInstant(nowMs)
  const leases: Leases = new Map()
  const next = await admitHosts(applied, adopted, context, leases, ports)
  const ring = escalated(endRing(doubted(next.ring, context.gates, at), next.canStart, context.gates, at), at)
  const occupied = nextOccupancies({
    ring,
    plan,
    occupancies,
    waits: next.waits,
    nowMs,
    occupiedMs: occupiedMsOf(ring, policy.rollout),
  })
  if (next.intentIds.length === 0 && applied.ends.length === 0 && ring === read.value && occupied.size === 0)
    return { kind: 'waiting' }
  const { ends } = applied
  const committed = await commitPass(
    { context, before: adopted, ring, ends, occupied, waits: next.waits, leases, at, nowMs },
    ports,
  )
  if (!committed) return { kind: 'conflict' }
  ports.rings?.keep(committed)
  const isAllSent = next.intentIds.length === 0 || (await sendIntents(committed, next.intentIds, context, ports))
  if (ring.state !== 'open') return { kind: 'ended', ring }
  const isNewDoubt = ring.doubtedSince !== undefined && read.value.doubtedSince === undefined
  if (isNewDoubt) await ports.nudges.send('dispatch', { changeId, ring: ringName }, doubtLookSeconds)
  return { kind: isAllSent && !applied.isFull && !next.isFull ? 'waiting' : 'moved' }
}

/** Milliseconds that an entry is valid: longer than every step of a host that is down, tried twice. */
function occupiedMsOf({ mode }: Ring, { stepTimeoutSeconds, leaseSeconds }: RingContext['policy']['rollout']): number {
  const seconds = stepsOf[mode].reduce((sum, step) => sum + stepTimeoutSeconds[step], 0)
  return (2 * seconds + leaseSeconds) * 1000
}

/**
 * Dispatches until no admitted host is leased by another change, and until all that moves fits into one transaction;
 * fills `leases` for every host that moves.
 */
async function admitHosts(
  { ring, ends }: Applied,
  before: ReadRing,
  context: RingContext,
  leases: Leases,
  { ids, ledger, clock }: ReconcilePorts,
): Promise<Dispatched> {
  const { read, plan, policy, occupancies, gates } = context
  const heldByOthers = new Set<string>()
  const nowMs = clock.nowMs()
  let movesMax = itemsMax - occupancies.size - ends.length
  for (let isStrict = false; ; ) {
    const timeoutSeconds = policy.rollout.stepTimeoutSeconds
    const nextIntentId = () => ids.next()
    const pass = { ring, plan, heldByOthers, occupancies, gates, timeoutSeconds, nowMs, nextIntentId }
    const next = dispatch({ ...pass, movesMax, isStrict })
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
    const due = leaseMoves(takingOf(context, next.ring, leases, nowMs))
    const own = itemsOfRing(ringMoves(before, next.ring)) + releasedBy(before, next.ring)
    const items = due === 'held' ? 0 : own + due.length + occupancies.size
    // Once sent, the ids of the commands are recorded with the same hosts.
    if (movesMax === 0 || (items <= itemsMax && own + next.intentIds.length <= itemsMax)) return next
    if (isStrict) movesMax = fewer(movesMax)
    else movesMax = Math.min(movesMax, sent.length)
    isStrict = true
  }
}

const takingOf = ({ read, plan, policy }: RingContext, after: Ring, leases: Leases, nowMs: number) => ({
  before: read.value,
  after,
  leases,
  servicesOf: (hostId: string) => hostFactsOf(plan).get(hostId)?.services ?? [],
  at: isoInstant(nowMs),
  nowMs,
  leaseSeconds: policy.rollout.leaseSeconds,
})

async function readRingContext(read: ReadRing, ports: ReconcilePorts): Promise<RingContext> {
  const { ledger, plans } = ports
  const { changeId, name, planHash } = read.value
  const [plan, policy] = await Promise.all([plans(changeId, planHash), ledger.read(PolicyRecord, keys.policy())])
  if (!plan || !policy)
    throw new DrydockError('DD1802', `ring ${name} of ${changeId} has no ${plan ? 'policy' : 'plan'}: nothing is sent`)
  const inWork = { planHash, longestLeftSeconds: longestLeftSeconds(read.value, plan) }
  const { facts, change } = await readGateFacts({ changeId, ring: name, plan, inWork }, ports)
  // A rollback may be the only way to bring hosts up again, so no gate holds it.
  const gates: GateVerdict = read.value.mode === 'rollback' ? { verdict: 'go' } : checkGates(facts, 'every pass')
  return { read, plan, policy: policy.value, change, gates, occupancies: await readOccupancies(plan, ledger) }
}

async function applyResults(
  read: ReadRing,
  context: RingContext,
  results: CommandResults,
  ports: ReconcilePorts,
): Promise<Applied> {
  const { plan, policy } = context
  // A plan that cannot be rolled back was approved as such.
  const retry =
    plan.rollbackPlan.rung === 'none' ? { ...policy.rollout, withoutRestorePoint: 'go' as const } : policy.rollout
  const collected = await collectResults(read.value, results, ports)
  const room = itemsMax - context.occupancies.size
  for (let endsMax = room; ; endsMax = fewer(endsMax)) {
    const applied = applyInvocations(read.value, collected, retry, ports.clock.nowMs(), endsMax)
    if (endsMax <= 1 || itemsOfEnds(read, applied) <= room) return applied
  }
}

interface Commit {
  readonly context: RingContext
  readonly before: ReadRing
  readonly ring: Ring
  readonly ends: readonly StepEnd[]
  readonly occupied: ReturnType<typeof nextOccupancies>
  readonly waits: readonly WaitMark[]
  readonly leases: Leases
  readonly at: string
  readonly nowMs: number
}

async function commitPass(commit: Commit, ports: ReconcilePorts): Promise<ReadRing | undefined> {
  const { context, before, ring, ends, occupied, waits, at, nowMs } = commit
  const leases = leaseMoves(takingOf(context, ring, commit.leases, nowMs))
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
    ringEvidence(
      ring,
      ring.state === 'open' ? 'rollout.moved' : 'rollout.ring-ended',
      {
        ended: moved,
        intents: newIntents(before.value, ring),
        state: ring.state,
        ...(waits.length > 0 ? { waitsFor: [...new Set(waits.map(({ service }) => service))].sort() } : {}),
        ...(ring.because ? { because: ring.because } : {}),
        ...doubtOf(ring, before.value, context.gates),
      },
      ports,
    ),
  ]
  const isEscalated = ring.rtoEscalatedAt !== before.value.rtoEscalatedAt
  if (isEscalated) evidence.push(ringEvidence(ring, 'rollback.escalated', escalationOf(ring, at), ports))
  const change = changeAfter(ring, context, at, ports)
  if (change) evidence.push(change.evidence)
  const log = logged(before.value, withEnds(ring, ends, at))
  const stands = ringMoves(before, log.ring)
  const result = await ports.ledger.commit({
    moves: [
      ...stands.moves,
      ...leases,
      ...[...occupied].map(([service, work]) => occupancyMove(service, context.occupancies, work)),
      ...log.moves,
      ...(change ? [change.move] : []),
    ],
    drops: stands.drops,
    evidence,
  })
  if (!('committed' in result)) return undefined
  if (isEscalated) ports.metrics.count('RollbackRtoAtRisk')
  const isLost = ({ hostId }: StepEnd) => ring.hosts[hostId]?.state === 'quarantined'
  if (ring.mode === 'rollback' && ends.some(isLost)) ports.metrics.count('RollbackFailed')
  return stands.after
}

/** What a ring begins to doubt; told once. */
const doubtOf = (ring: Ring, before: Ring, gates: GateVerdict): { readonly doubts?: string } =>
  gates.verdict === 'hold' && ring.doubtedSince !== before.doubtedSince && ring.doubtedSince !== undefined
    ? { doubts: heldEvent(gates.holds).because }
    : {}

const newIntents = (before: Ring, after: Ring) =>
  Object.entries(after.commands)
    .filter(([intentId]) => !(intentId in before.commands))
    .map(([intentId, { step, hostIds, packages }]) => ({ intentId, step, hostIds, packages }))

/** The change moves with the end of its ring: to validation, or held if the ring was stopped. */
function changeAfter(
  ring: Ring,
  { change, gates }: RingContext,
  at: string,
  ports: ReconcilePorts,
): { move: Move; evidence: EvidenceRecord } | undefined {
  const event = changeEventOf(ring, gates)
  const moved = change && event && moveChange(change.value, event, at)
  if (!moved || 'refused' in moved) return undefined
  return {
    move: changeMove(change, moved.change),
    evidence: changeEvidence(moved.change, event, evidenceBy(ports, at)),
  }
}

function changeEventOf(ring: Ring, gates: GateVerdict): ChangeEvent | undefined {
  if (ring.mode === 'rollback') return undefined
  if (ring.state === 'succeeded') return { type: 'ring-deployed', ring: ring.name, quarantined: quarantinedOf(ring) }
  return ring.state === 'stopped' && gates.verdict === 'hold' ? heldEvent(gates.holds) : undefined
}
