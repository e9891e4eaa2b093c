/** Sends intents, and settles those whose answer was lost. */
import { type Move, transactionItemsMax } from '../kit/ledger.ts'
import { commandMove } from './command-index.ts'
import { parametersOf } from './parameters.ts'
import type { SendResult } from './ports.ts'
import { type CommandOut, type Ring, spokeAccess } from './ring.ts'
import { type ReconcilePorts, type RingContext, ringEvidence } from './ring-context.ts'
import { ringMoves } from './ring-moves.ts'
import type { ReadRing } from './ring-record.ts'
import { afterRefusal, withoutRefusals } from './send-refusal.ts'

/**
 * Younger intents may be in the hands of another dispatcher that is sending them now: it begins no send after `sendMsMax`, and
 * SendCommand itself takes 12 s at most (aws/runtime.ts). Looked for earlier, a command could be sent twice (I1).
 */
export const orphanAfterMs = 30_000

/** How long after the intents were recorded a pass still begins to send; what is left by then the next pass settles as orphans. */
export const sendMsMax = 15_000

/**
 * F8, F9: an intent whose command id was never written was perhaps sent: look before sending again. What one
 * transaction does not hold is left for the next pass.
 */
export async function adoptOrphans(read: ReadRing, ports: ReconcilePorts): Promise<ReadRing | 'conflict'> {
  const orphans = Object.entries(read.value.commands).filter(
    ([, command]) => command.commandId === undefined && ports.clock.nowMs() - command.intendedAtMs >= orphanAfterMs,
  )
  if (orphans.length === 0) return read
  let ring = read.value
  const moves: Move[] = []
  const settled: string[] = []
  for (const [intentId, command] of orphans) {
    const found = await findOrphan(read.value, intentId, command, ports)
    if (found === 'unreachable') continue
    const next = settledOrphan(ring, intentId, command, found.commandId)
    const { changeId, name } = read.value
    const own = found.commandId ? [commandMove(found.commandId, changeId, name, ports.clock.nowMs())] : []
    // With the leaf.
    if (ringMoves(read, next).moves.length + moves.length + own.length + 1 > transactionItemsMax) break
    ring = next
    moves.push(...own)
    settled.push(intentId)
  }
  if (settled.length === 0) return read
  const evidence = ringEvidence(ring, 'rollout.orphans-settled', { intentIds: settled }, ports)
  const moved = ringMoves(read, ring)
  const result = await ports.ledger.commit({ moves: [...moved.moves, ...moves], evidence: [evidence] })
  return 'committed' in result ? moved.after : 'conflict'
}

/** The ring with the command that was found, or without the intent that nobody sent: its hosts wait again. */
function settledOrphan(ring: Ring, intentId: string, command: CommandOut, commandId: string | undefined): Ring {
  if (commandId !== undefined) return { ...ring, commands: { ...ring.commands, [intentId]: { ...command, commandId } } }
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

/** F44: a spoke that does not answer delays only its own intents. */
async function findOrphan(ring: Ring, intentId: string, command: Ring['commands'][string], ports: ReconcilePorts) {
  try {
    return { commandId: await ports.commands.find(intentId, spokeAccess(ring, command)) }
  } catch (error) {
    if (!command.place) throw error
    ports.metrics.count('SpokesUnreachable')
    return 'unreachable'
  }
}

/**
 * Sends the recorded intents, and records the commands' ids. A crash here leaves orphans, which the next pass settles.
 * @returns whether every command was accepted and recorded.
 */
export async function sendIntents(
  committed: ReadRing,
  intentIds: readonly string[],
  { plan, policy }: RingContext,
  ports: ReconcilePorts,
): Promise<boolean> {
  const nowMs = ports.clock.nowMs()
  const moves: Move[] = []
  let ring = committed.value
  let refused: SendResult | undefined
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
      refused && 'refused' in refused && refused.refused === 'throttled'
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
      moves.push(commandMove(result.commandId, ring.changeId, ring.name, nowMs))
    } else {
      refused = result
      ring = afterRefusal(ring, intentId, result, policy.rollout, { nowMs, documentName: document.name })
    }
  }
  if (!refused) ring = withoutRefusals(ring)
  const outcomeOf = (command: CommandOut | undefined) => (command ? (command.commandId ?? 'not sent') : 'refused')
  const sent = Object.fromEntries(intentIds.map((intentId) => [intentId, outcomeOf(ring.commands[intentId])]))
  const moved = ringMoves(committed, ring)
  const result = await ports.ledger.commit({
    moves: [...moved.moves, ...moves],
    evidence: [ringEvidence(ring, 'rollout.sent', { sent }, ports)],
  })
  // Another pass moved the ring meanwhile: the next ones adopt these commands by their intents.
  if (!('committed' in result)) ports.metrics.count('CommandsToAdopt', intentIds.length)
  if ('committed' in result) ports.rings?.keep(moved.after)
  return 'committed' in result && !refused && !isCut
}
