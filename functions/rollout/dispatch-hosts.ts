/**
 * The dispatcher's Lambda: wakes on bursts of nudges and Run Command events, and reconciles each ring concerned until
 * nothing is left to do now.
 */
import * as z from 'zod'
import { PolicyRecord } from '../catalogue/index.ts'
import { inParallel } from '../kit/in-parallel.ts'
import { keys } from '../kit/keys.ts'
import type { TaskTokens } from '../kit/ports.ts'
import { type Asked, commandResultsFor, type EndedCommand } from './command-results.ts'
import { type Lease, LeaseRecord } from './lease.ts'
import { rememberedPlans } from './plans.ts'
import { reconcileRing } from './reconcile-ring.ts'
import { HostId, type Ring } from './ring.ts'
import { type ReconcilePorts, ringEvidence } from './ring-context.ts'
import { ringMoves } from './ring-moves.ts'
import { readRing } from './ring-record.ts'
import { rememberedRings } from './rings.ts'

const Nudge = z.object({ changeId: z.string(), ring: z.string(), sweep: z.number().optional() })
const CommandEvent = z.object({
  source: z.literal('aws.ssm'),
  detail: z.object({ 'command-id': z.string(), 'instance-id': z.string() }),
})
export const DispatchMessage = z.union([Nudge, CommandEvent])
export type DispatchMessage = z.infer<typeof DispatchMessage>

export interface Ports extends ReconcilePorts {
  readonly tokens: TaskTokens
}

/** Ports whose plans are read from the ledger and cached between calls, as are rings. */
export const withPlans = (ports: Omit<Ports, 'plans' | 'rings'>): Ports => ({
  ...ports,
  plans: rememberedPlans(ports.ledger),
  rings: rememberedRings(),
})

/**
 * Most passes over one ring per call, and the milliseconds they may take of the call's minute. A message to ourselves
 * continues the rest.
 */
const passesMax = 12
const passesMsMax = 25_000
/** Rings reconciled in parallel in one call. */
const ringsAtOnceMax = 4

/** Leases read in parallel. */
const leasesAtOnceMax = 50

/** A ring that messages are about. */
interface Woken {
  readonly changeId: string
  readonly ring: string
  /** Messages that this ring's passes answer, by position in the batch. */
  readonly messages: number[]
  asked: Asked
  /** Commands that ended on some host, as events have it. */
  readonly ended: EndedCommand[]
  sweep?: number
}

export interface Dispatching {
  /** State of each ring after its last pass, by change and ring. */
  readonly rings: Readonly<Record<string, string>>
  /** Messages whose ring failed, by position in the batch, with the reason. */
  readonly failed: ReadonlyMap<number, unknown>
}

/** The readable messages of a batch, by position; F4: an unreadable one does not affect the others. */
export function readMessages(bodies: readonly string[]): {
  readonly messages: readonly (DispatchMessage | undefined)[]
  readonly unreadable: ReadonlyMap<number, unknown>
} {
  const unreadable = new Map<number, unknown>()
  const messages = bodies.map((body, place) => {
    try {
      return DispatchMessage.parse(JSON.parse(body))
    } catch (error) {
      unreadable.set(place, error)
      return undefined
    }
  })
  return { messages, unreadable }
}

/** Reconciles every ring that a message is about; a failing ring does not delay the others (I15). */
export async function run(messages: readonly (DispatchMessage | undefined)[], ports: Ports): Promise<Dispatching> {
  const failed = new Map<number, unknown>()
  const rings: Record<string, string> = {}
  const endMs = ports.clock.nowMs() + passesMsMax
  const all = await wakeUp(messages, ports)
  const moveOne = async (woken: Woken) => {
    try {
      rings[`${woken.changeId} ${woken.ring}`] = await move(woken, endMs, ports)
    } catch (error) {
      for (const place of woken.messages) failed.set(place, error)
    }
  }
  await inParallel(all, ringsAtOnceMax, moveOne)
  return { rings, failed }
}

/** Handles a batch from the queue; returns the failures by position, with the reason. */
export async function runBodies(bodies: readonly string[], ports: Ports): Promise<ReadonlyMap<number, unknown>> {
  const { messages, unreadable } = readMessages(bodies)
  const { failed } = await run(messages, ports)
  return new Map([...unreadable, ...failed])
}

/** One entry per ring, however many messages are about it; the lease of a host tells for which ring it works. */
async function wakeUp(messages: readonly (DispatchMessage | undefined)[], { ledger }: Ports): Promise<Woken[]> {
  const leases = new Map<string, Lease | undefined>()
  const hostIds = messages.flatMap((message) => (message && 'detail' in message ? message.detail['instance-id'] : []))
  await inParallel([...new Set(hostIds)], leasesAtOnceMax, async (hostId) => {
    // An id of no node is a key of nothing.
    if (HostId.safeParse(hostId).success)
      leases.set(hostId, (await ledger.read(LeaseRecord, keys.lease(hostId)))?.value)
  })
  const woken = new Map<string, Woken>()
  const wokenOf = ({ changeId, ring }: { changeId: string; ring: string }, place: number): Woken => {
    const name = `${changeId} ${ring}`
    const one = woken.get(name) ?? { changeId, ring, messages: [], asked: 'ended' as const, ended: [] }
    woken.set(name, one)
    one.messages.push(place)
    return one
  }
  for (const [place, message] of messages.entries()) {
    if (!message) continue
    if ('detail' in message) {
      const { 'command-id': commandId, 'instance-id': hostId } = message.detail
      const lease = leases.get(hostId)
      if (lease && !lease.isReleased) wokenOf(lease, place).ended.push({ commandId, hostId })
      continue
    }
    const one = wokenOf(message, place)
    if (message.sweep === undefined) one.asked = 'all'
    else {
      if (one.asked === 'ended') one.asked = 'due'
      one.sweep = Math.max(one.sweep ?? 0, message.sweep)
    }
  }
  return [...woken.values()]
}

async function move({ changeId, ring, asked, ended, sweep }: Woken, endMs: number, ports: Ports): Promise<string> {
  const results = commandResultsFor(asked, ended)
  let isDone = false
  for (let pass = 0; pass < passesMax && !isDone && ports.clock.nowMs() <= endMs; pass++) {
    const result = await reconcileRing(changeId, ring, results, ports)
    if (result.kind === 'ended' || result.kind === 'not-open')
      return result.ring ? finish(result.ring, ports) : 'unknown'
    isDone = result.kind === 'waiting'
  }
  if (!isDone) await ports.nudges.send('dispatch', { changeId, ring })
  if (sweep !== undefined) {
    const policy = await ports.ledger.read(PolicyRecord, keys.policy())
    const seconds = policy?.value.rollout.sweepSeconds ?? 30
    await ports.nudges.send('dispatch', { changeId, ring, sweep: sweep + 1 }, seconds)
  }
  return 'open'
}

/**
 * Answers the machine that waits for the ring, and notes that it was: until then the reconciler has the ring looked at again.
 *
 * Answering twice is harmless: the second answer finds nobody waiting.
 */
async function finish(ended: Ring, ports: Ports): Promise<string> {
  const { changeId, name, state, taskToken } = ended
  if (taskToken !== undefined) {
    const answer = await ports.tokens.succeed(taskToken, { changeId, ring: name, outcome: state })
    await noteAnswered(ended, answer, ports)
  }
  await ports.nudges.send('archive', { changeId })
  return state
}

/** A machine that took the ring over meanwhile has a token of its own, which stays. */
async function noteAnswered({ changeId, name, taskToken }: Ring, answer: string, ports: Ports): Promise<void> {
  const read = await readRing(changeId, name, ports.ledger)
  if (!read || read.value.taskToken !== taskToken) return
  const { taskToken: _, ...ring } = read.value
  const evidence = [ringEvidence(ring, 'rollout.ring-answered', { answer }, ports)] as const
  const { moves, drops } = ringMoves(read, ring)
  await ports.ledger.commit({ moves, drops, evidence })
}
