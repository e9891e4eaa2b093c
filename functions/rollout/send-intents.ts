/** Sends intents, and settles those whose answer was lost. */
import type { Move, Stored } from '../kit/ledger.ts'
import { commandMove } from './command-index.ts'
import { intentsMax } from './dispatch.ts'
import { parametersOf } from './parameters.ts'
import type { SendResult } from './ports.ts'
import { type CommandOut, type Ring, ringMove, spokeAccess } from './ring.ts'
import { type ReconcilePorts, type RingContext, ringEvidence } from './ring-context.ts'
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
export async function adoptOrphans(read: Stored<Ring>, ports: ReconcilePorts): Promise<Stored<Ring> | 'conflict'> {
  const orphans = Object.entries(read.value.commands).filter(
    ([, command]) => command.commandId === undefined && ports.clock.nowMs() - command.intendedAtMs >= orphanAfterMs,
  )
  if (orphans.length === 0) return read
  const commands = { ...read.value.commands }
  const hosts = { ...read.value.hosts }
  const moves: Move[] = []
  const settled: string[] = []
  for (const [intentId, command] of orphans) {
    if (settled.length >= intentsMax) break
    const found = await findOrphan(read.value, intentId, command, ports)
    if (found === 'unreachable') continue
    settled.push(intentId)
    const { commandId } = found
    if (commandId !== undefined) {
      commands[intentId] = { ...command, commandId }
      moves.push(commandMove(commandId, read.value.changeId, read.value.name, ports.clock.nowMs()))
      continue
    }
    delete commands[intentId]
    for (const hostId of command.hostIds) {
      const host = hosts[hostId]
      if (host?.intentId !== intentId || host.state !== 'sent') continue
      const { intentId: _, ...rest } = host
      hosts[hostId] = { ...rest, state: 'waiting' }
    }
  }
  if (settled.length === 0) return read
  const ring = { ...read.value, commands, hosts }
  const evidence = ringEvidence(ring, 'rollout.orphans-settled', { intentIds: settled }, ports)
  const result = await ports.ledger.commit({ moves: [ringMove(read, ring), ...moves], evidence: [evidence] })
  return 'committed' in result ? { ...read, version: read.version + 1, value: ring } : 'conflict'
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
  committed: Stored<Ring>,
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
  const result = await ports.ledger.commit({
    moves: [ringMove(committed, ring), ...moves],
    evidence: [ringEvidence(ring, 'rollout.sent', { sent }, ports)],
  })
  // Another pass moved the ring meanwhile: the next ones adopt these commands by their intents.
  if (!('committed' in result)) ports.metrics.count('CommandsToAdopt', intentIds.length)
  return 'committed' in result && !refused && !isCut
}
