/** One turn of the dispatcher: read results, move hosts, write intents, send, note the commands' ids. */

import { PolicyRecord } from '../catalogue/index.ts'
import { type Change, ChangeRecord, changeEvidence, changeMove, moveChange, StopRecord } from '../changes/index.ts'
import { DrydockError } from '../kit/errors.ts'
import { keys, lists } from '../kit/keys.ts'
import type { EvidenceRecord, Move, Stored } from '../kit/ledger.ts'
import { isoInstant } from '../kit/time.ts'
import { PlanRecord } from '../planning/index.ts'
import { applyInvocations, endRing, quarantinedOf, type StepEnd } from './apply.ts'
import { type DispatchInput, dispatch } from './dispatch.ts'
import { isHeld, LeaseRecord, leaseMove, takeLease } from './lease.ts'
import { isFinal, type Ring, RingRecord, ringMove } from './ring.ts'
import { adoptOrphans, sendIntents } from './send.ts'
import { evidenceOf, type Situation, type TurnPorts } from './situation.ts'
import { stepMove } from './step-log.ts'

export type TurnResult =
  | { readonly kind: 'moved' | 'waiting' | 'conflict' | 'not-open' }
  | { readonly kind: 'ended'; readonly ring: Ring }

/** A transaction holds 100 items: ring, change, evidence; a step record and a lease for each of these hosts. */
const hostMovesMax = 40

/** One turn for one ring. Safe to repeat at any moment, and beside another turn for the same ring. */
export async function takeTurn(changeId: string, ringName: string, ports: TurnPorts): Promise<TurnResult> {
  const situation = await readSituation(changeId, ringName, ports)
  if (!situation) return { kind: 'not-open' }
  const { read } = situation
  const adopted = await adoptOrphans(read, ports)
  if (adopted === 'conflict') return { kind: 'conflict' }
  const heard = await hear(adopted, situation, ports)
  const nowMs = ports.clock.nowMs()
  const at = isoInstant(nowMs)
  const next = dispatch(inputOf(heard.ring, situation, ports, nowMs))
  const ended = endRing(next.ring, next.canStart, situation.stop?.because, at)
  if (next.intentIds.length === 0 && heard.ends.length === 0 && ended === read.value) return { kind: 'waiting' }
  const committed = await commitTurn({ situation, before: adopted, ring: ended, ends: heard.ends, at, nowMs }, ports)
  if (!committed) return { kind: 'conflict' }
  if (next.intentIds.length > 0) await sendIntents(committed, next.intentIds, situation, ports)
  return ended.state === 'open' ? { kind: 'moved' } : { kind: 'ended', ring: ended }
}

async function readSituation(
  changeId: string,
  ringName: string,
  { ledger }: TurnPorts,
): Promise<Situation | undefined> {
  const read = await ledger.read(RingRecord, keys.ring(changeId, ringName))
  if (read?.value.state !== 'open') return undefined
  const [plan, policy, stop, leases] = await Promise.all([
    ledger.read(PlanRecord, keys.plan(changeId, read.value.planHash)),
    ledger.read(PolicyRecord, keys.policy()),
    ledger.read(StopRecord, keys.stop()),
    ledger.list(LeaseRecord, lists.leases),
  ])
  if (!plan || !policy)
    throw new DrydockError(
      'DD1802',
      `ring ${ringName} of ${changeId} has no ${plan ? 'policy' : 'plan'}: nothing is sent`,
    )
  const isStopped = stop !== undefined && (stop.value.all || stop.value.changeIds.includes(changeId))
  return {
    read,
    plan: plan.value,
    policy: policy.value,
    stop: isStopped ? { because: `stopped by ${stop.value.by}: ${stop.value.because}` } : undefined,
    leases: new Map(leases.map((lease) => [lease.value.hostId, lease])),
  }
}

function inputOf(
  ring: Ring,
  { plan, policy, leases, stop }: Situation,
  { ids }: TurnPorts,
  nowMs: number,
): DispatchInput {
  const others = [...leases.values()]
    .map(({ value }) => value)
    .filter((lease) => lease.changeId !== ring.changeId && isHeld(lease, nowMs))
  return {
    ring,
    plan,
    heldByOthers: new Set(others.map(({ hostId }) => hostId)),
    servicesInWorkElsewhere: new Set(others.flatMap(({ services }) => services)),
    isStopped: stop !== undefined,
    timeoutSeconds: policy.rollout.stepTimeoutSeconds,
    nowMs,
    movesMax: hostMovesMax,
    nextIntentId: () => ids.next(),
  }
}

async function hear(
  read: Stored<Ring>,
  { policy }: Situation,
  ports: TurnPorts,
): Promise<{ ring: Ring; ends: readonly StepEnd[] }> {
  let ring = read.value
  const ends: StepEnd[] = []
  for (const [intentId, command] of Object.entries(read.value.commands)) {
    if (command.commandId === undefined || ends.length >= hostMovesMax) continue
    const invocations = await ports.commands.invocations(command.commandId)
    const applied = applyInvocations(
      ring,
      intentId,
      invocations,
      policy.rollout,
      ports.clock.nowMs(),
      hostMovesMax - ends.length,
    )
    ring = applied.ring
    ends.push(...applied.ends)
  }
  return { ring, ends }
}

interface Commit {
  readonly situation: Situation
  readonly before: Stored<Ring>
  readonly ring: Ring
  readonly ends: readonly StepEnd[]
  readonly at: string
  readonly nowMs: number
}

async function commitTurn(commit: Commit, ports: TurnPorts): Promise<Stored<Ring> | undefined> {
  const { before, ring, ends, at, nowMs } = commit
  const leases = leaseMoves(commit, at, nowMs)
  if (leases === 'held') return undefined
  const moved = ends.map(({ hostId, step, outcome, because, exitCode, commandId }) => ({
    hostId,
    step,
    outcome,
    exitCode,
    commandId,
    ...(because ? { because } : {}),
  }))
  const evidence: [EvidenceRecord, ...EvidenceRecord[]] = [
    evidenceOf(
      ring,
      ring.state === 'open' ? 'rollout.moved' : 'rollout.ring-ended',
      {
        ended: moved,
        intents: newIntents(before.value, ring),
        state: ring.state,
        ...(ring.because ? { because: ring.because } : {}),
      },
      ports,
    ),
  ]
  const change = ring.state === 'succeeded' && ring.mode === 'patch' ? await changeDeployed(ring, at, ports) : undefined
  if (change) evidence.push(change.evidence)
  const result = await ports.ledger.commit({
    moves: [
      ringMove(before, ring),
      ...leases,
      ...ends.map((end) => stepMove(end, ring.changeId, ring.name, at)),
      ...(change ? [change.move] : []),
    ],
    evidence,
  })
  if (!('committed' in result)) return undefined
  if (ring.mode === 'rollback' && ends.some(({ outcome }) => outcome === 'failed' || outcome === 'quarantined'))
    ports.metrics.count('RollbackFailed')
  return { key: before.key, version: before.version + 1, value: ring }
}

const newIntents = (before: Ring, after: Ring) =>
  Object.entries(after.commands)
    .filter(([intentId]) => !(intentId in before.commands))
    .map(([intentId, { step, hostIds, packages }]) => ({ intentId, step, hostIds, packages }))

/** Leases taken for hosts that are sent out, released for hosts whose work is over. */
function leaseMoves({ situation, before, ring }: Commit, at: string, nowMs: number): Move[] | 'held' {
  const services = new Map(
    situation.plan.rings.flatMap(({ hosts }) => hosts).map((host) => [host.hostId, host.services]),
  )
  const moves: Move[] = []
  for (const [hostId, host] of Object.entries(ring.hosts)) {
    const was = before.value.hosts[hostId]
    if (was?.state === host.state && was.step === host.step && was.intentId === host.intentId) continue
    const known = situation.leases.get(hostId)
    if (isFinal(host)) {
      if (known && known.value.changeId === ring.changeId && !known.value.isReleased)
        moves.push(leaseMove(known, { ...known.value, isReleased: true }))
      continue
    }
    if (host.state !== 'sent') continue
    const taken = takeLease(known?.value, {
      hostId,
      changeId: ring.changeId,
      ring: ring.name,
      services: services.get(hostId) ?? [],
      at,
      nowMs,
      leaseSeconds: situation.policy.rollout.leaseSeconds,
    })
    if ('heldBy' in taken) return 'held'
    moves.push(leaseMove(known, taken.lease))
  }
  return moves
}

async function changeDeployed(
  ring: Ring,
  at: string,
  ports: TurnPorts,
): Promise<{ move: Move; evidence: EvidenceRecord; change: Change } | undefined> {
  const read = await ports.ledger.read(ChangeRecord, keys.change(ring.changeId))
  if (!read) return undefined
  const event = { type: 'ring-deployed', ring: ring.name, quarantined: quarantinedOf(ring) } as const
  const moved = moveChange(read.value, event, at)
  if ('refused' in moved) return undefined
  return {
    change: moved.change,
    move: changeMove(read, moved.change),
    evidence: changeEvidence(moved.change, event, {
      leafId: ports.ids.next(),
      at,
      account: ports.account,
      actor: 'drydock',
    }),
  }
}
