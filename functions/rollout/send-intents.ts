/** Sends intents, and finds out about those of which nobody knows whether SSM has them. */
import { transactionItemsMax } from '../kit/ledger.ts'
import { isoInstant } from '../kit/time.ts'
import type { Plan } from '../planning/index.ts'
import { logged } from './host-steps.ts'
import { parametersOf } from './parameters.ts'
import type { SendResult } from './ports.ts'
import { type CommandOut, type Ring, spokeAccess } from './ring.ts'
import { type ReconcilePorts, type RingContext, ringEvidence } from './ring-context.ts'
import { ringMoves } from './ring-moves.ts'
import type { ReadRing } from './ring-record.ts'
import { afterRefusal, type Refused, withoutRefusals } from './send-refusal.ts'

/**
 * Younger intents may be in the hands of another dispatcher that is sending them now: it begins no send after `sendMsMax`, and
 * SendCommand itself takes 12 s at most (aws/runtime.ts). Looked for earlier, a command could be sent twice (I1).
 */
export const orphanAfterMs = 60_000

/** How long after the intents were recorded a pass still begins to send; what is left by then the next pass settles as orphans. */
export const sendMsMax = 15_000

/**
 * F8, F9: an intent whose command nobody here knows was perhaps sent: SSM is asked before anything is sent again. Until it
 * has proven that it did not take the command, the hosts count as those that it runs on. What one transaction does not
 * hold is left for the next pass.
 */
export async function adoptOrphans(read: ReadRing, plan: Plan, ports: ReconcilePorts): Promise<ReadRing | 'conflict'> {
  const orphans = Object.entries(read.value.commands).filter(
    ([, command]) => command.commandId === undefined && ports.clock.nowMs() - command.intendedAtMs >= orphanAfterMs,
  )
  if (orphans.length === 0) return read
  const { found, unreachable } = await findOrphans(read.value, orphans, plan, ports)
  const askedAtMs = ports.clock.nowMs()
  for (const [intentId, commandId] of found) ports.rings?.keepCommand(intentId, { commandId, askedAtMs: 0 })
  const commands = Object.fromEntries(
    Object.entries(read.value.commands).map(([intentId, command]) => {
      const commandId = found.get(intentId)
      return [intentId, commandId === undefined ? command : { ...command, commandId }]
    }),
  )
  const adopted = { ...read, value: { ...read.value, commands } }
  const untaken = orphans.filter(([intentId]) => !found.has(intentId) && !unreachable.has(intentId))
  return untaken.length === 0 ? adopted : settle(adopted, untaken, isoInstant(askedAtMs), ports)
}

type Orphans = readonly (readonly [string, CommandOut])[]

/** What SSM has proven not to have taken. */
async function settle(read: ReadRing, untaken: Orphans, at: string, ports: ReconcilePorts) {
  let ring = read.value
  const settled: string[] = []
  for (const [intentId, command] of untaken) {
    const next = withoutIntent(ring, intentId, command)
    // With the leaf.
    if (settled.length > 0 && ringMoves(read, next).moves.length + 1 > transactionItemsMax) break
    ring = next
    settled.push(intentId)
  }
  const evidence = ringEvidence(ring, 'rollout.orphans-settled', { intentIds: settled, at }, ports)
  const { moves, drops, after } = ringMoves(read, ring)
  const result = await ports.ledger.commit({ moves, drops, evidence: [evidence] })
  return 'committed' in result ? after : 'conflict'
}

/** The ring without an intent that SSM does not have: its hosts wait again. */
function withoutIntent(ring: Ring, intentId: string, command: CommandOut): Ring {
  const { [intentId]: _, ...commands } = ring.commands
  const hosts = { ...ring.hosts }
  for (const hostId of command.hostIds) {
    const host = hosts[hostId]
    if (host?.intentId !== intentId || host.state !== 'sent') continue
    const { intentId: __, ...rest } = host
    hosts[hostId] = { ...rest, state: 'waiting' }
  }
  return { ...ring, commands, hosts }
}

interface Looked {
  readonly found: ReadonlyMap<string, string>
  readonly unreachable: ReadonlySet<string>
}

/** F44: one search for each place; a spoke that does not answer delays only its own intents. */
async function findOrphans(ring: Ring, orphans: Orphans, plan: Plan, ports: ReconcilePorts): Promise<Looked> {
  const found = new Map<string, string>()
  const unreachable = new Set<string>()
  const places = Map.groupBy(orphans, ([, { place }]) => (place ? `${place.account} ${place.region}` : ''))
  for (const there of places.values()) {
    const [first] = there
    if (!first) continue
    const [, command] = first
    const intentIds = there.map(([intentId]) => intentId)
    const documents = there.flatMap(([, { step }]) => plan.manifest.documents[step]?.name ?? [])
    const sinceMs = Math.min(...there.map(([, { intendedAtMs }]) => intendedAtMs))
    try {
      const sought = { intentIds, documents: [...new Set(documents)], sinceMs }
      for (const [intentId, commandId] of await ports.commands.find(sought, spokeAccess(ring, command)))
        found.set(intentId, commandId)
    } catch (error) {
      if (!command.place) throw error
      ports.metrics.count('SpokesUnreachable')
      for (const intentId of intentIds) unreachable.add(intentId)
    }
  }
  return { found, unreachable }
}

/**
 * Sends the recorded intents. What SSM took is known from its events, or found by the intents; only what it refused is
 * recorded. An answer that was lost refuses nothing: the command may run.
 * @returns whether nothing is left to send.
 */
export async function sendIntents(
  committed: ReadRing,
  intentIds: readonly string[],
  { plan, policy }: RingContext,
  ports: ReconcilePorts,
): Promise<boolean> {
  const nowMs = ports.clock.nowMs()
  let ring = committed.value
  let refused: Refused | undefined
  let isCut = false
  for (const intentId of intentIds) {
    const command = ring.commands[intentId]
    const document = command && plan.manifest.documents[command.step]
    if (!command || !document) continue
    if (ports.clock.nowMs() - command.intendedAtMs > sendMsMax) {
      isCut = true
      break
    }
    const access = spokeAccess(ring, command)
    // F24: after one throttled call nothing more is sent in this pass.
    const result: SendResult =
      refused?.refused === 'throttled'
        ? refused
        : await ports.commands.send({
            intentId,
            step: command.step,
            document,
            parameters: parametersOf(ring, intentId, command, plan),
            hostIds: command.hostIds,
            timeoutSeconds: policy.rollout.stepTimeoutSeconds[command.step],
            ...(access ? { access } : {}),
          })
    if ('commandId' in result) {
      ring = { ...ring, commands: { ...ring.commands, [intentId]: { ...command, commandId: result.commandId } } }
      ports.rings?.keepCommand(intentId, { commandId: result.commandId, askedAtMs: ports.clock.nowMs() })
    } else if (result.refused === 'unavailable') ports.metrics.count('AnswersLost')
    else {
      refused = { ...result, refused: result.refused }
      ring = afterRefusal(ring, intentId, refused, policy.rollout, { nowMs, documentName: document.name })
    }
  }
  if (!refused) {
    const calmed = withoutRefusals(ring)
    if (calmed === ring) return !isCut
    ring = calmed
  }
  const outcomeOf = (command: CommandOut | undefined) => (command ? (command.commandId ?? 'not known') : 'refused')
  const sent = Object.fromEntries(intentIds.map((intentId) => [intentId, outcomeOf(ring.commands[intentId])]))
  const log = logged(committed.value, ring)
  const moved = ringMoves(committed, log.ring)
  const result = await ports.ledger.commit({
    moves: [...moved.moves, ...log.moves],
    drops: moved.drops,
    evidence: [ringEvidence(ring, 'rollout.sent', { sent }, ports)],
  })
  // Another pass moved the ring meanwhile: the next ones look for these commands by their intents.
  if (!('committed' in result)) ports.metrics.count('CommandsToAdopt', intentIds.length)
  if ('committed' in result) ports.rings?.keep(moved.after)
  return 'committed' in result && !refused && !isCut
}
