/** Run Command's results for a ring's commands, read once for all passes of one call. */
import { inParallel } from '../kit/in-parallel.ts'
import type { Invocation } from './ports.ts'
import { type CommandOut, type Ring, spokeAccess } from './ring.ts'
import type { ReconcilePorts } from './ring-context.ts'
import { orphanAfterMs } from './send-intents.ts'

/** Commands read in parallel. */
const askedAtOnceMax = 10
/** A sweep asks again about a command after this share of its time, at least. */
const askAgainShare = 0.1
const askAgainMsMin = 120_000

/** That a command ended on a host, as an event has it. */
export interface EndedCommand {
  readonly commandId: string
  readonly hostId: string
}

/** What a call is about: the commands that events name, those that are due for a look, or all. */
export type Asked = 'ended' | 'due' | 'all'

export interface CommandResults {
  readonly asked: Asked
  readonly ended: readonly EndedCommand[]
  /** Results so far, by command id. */
  readonly answers: Map<string, readonly Invocation[]>
}

export const commandResultsFor = (asked: Asked, ended: readonly EndedCommand[] = []): CommandResults => ({
  asked,
  ended,
  answers: new Map(),
})

/** The ring with the ids of its commands, as far as this dispatcher knows them. */
export function identified(ring: Ring, { rings }: Pick<ReconcilePorts, 'rings'>): Ring {
  if (!rings) return ring
  const commands = Object.entries(ring.commands).map(([intentId, command]) => {
    const known = command.commandId ?? rings.commandOf(intentId)?.commandId
    return [intentId, known === undefined ? command : { ...command, commandId: known }] as const
  })
  return { ...ring, commands: Object.fromEntries(commands) }
}

/** A command that SSM is asked about. */
interface AskedCommand {
  readonly intentId: string
  readonly command: CommandOut
  /** Undefined: overdue, and SSM could not be asked which command it is. */
  readonly commandId: string | undefined
}

/**
 * Invocations of the commands that may have ended, by intent; none from a spoke that does not answer. An event names the
 * command, and its comment the intent: so the id of a command need not be recorded.
 */
export async function collectResults(
  ring: Ring,
  results: CommandResults,
  ports: ReconcilePorts,
): Promise<Map<string, readonly Invocation[]>> {
  const collected = new Map<string, readonly Invocation[]>()
  await inParallel(askedOf(ring, results, ports), askedAtOnceMax, async ({ intentId, command, commandId }) => {
    if (commandId === undefined) return collected.set(intentId, [])
    const answer = results.answers.get(commandId) ?? (await ask(ring, command, commandId, ports))
    if (answer === 'unreachable') return
    results.answers.set(commandId, answer)
    const isOther = answer.some((invocation) => invocation.intentId !== undefined && invocation.intentId !== intentId)
    if (isOther) return
    ports.rings?.keepCommand(intentId, { commandId, askedAtMs: ports.clock.nowMs() })
    collected.set(
      intentId,
      answer.map((invocation) => ({ ...invocation, commandId })),
    )
  })
  return collected
}

function askedOf(ring: Ring, { asked, ended }: CommandResults, ports: ReconcilePorts): AskedCommand[] {
  const nowMs = ports.clock.nowMs()
  const told = toldOf(ring, ended)
  return Object.entries(ring.commands).flatMap(([intentId, command]): AskedCommand[] => {
    const isOverdue = nowMs >= command.deadlineMs
    const known = command.commandId
    const named = told.get(intentId)
    if (known === undefined) {
      if (named !== undefined) return [...named].map((commandId) => ({ intentId, command, commandId }))
      // Younger ones are not looked for yet; of these, SSM could not be asked.
      const isSought = asked !== 'ended' && nowMs - command.intendedAtMs >= orphanAfterMs
      return isOverdue && isSought ? [{ intentId, command, commandId: undefined }] : []
    }
    const isAsked = asked === 'all' || (asked === 'due' && isDue(intentId, command, nowMs, ports))
    return isAsked || isOverdue || named?.has(known) ? [{ intentId, command, commandId: known }] : []
  })
}

/** The commands that events name, by the intent that is out to the host. */
function toldOf({ hosts }: Ring, ended: readonly EndedCommand[]): ReadonlyMap<string, ReadonlySet<string>> {
  const told = new Map<string, Set<string>>()
  for (const { hostId, commandId } of ended) {
    const intentId = hosts[hostId]?.intentId
    if (intentId === undefined) continue
    const named = told.get(intentId) ?? new Set()
    told.set(intentId, named.add(commandId))
  }
  return told
}

/** A sweep looks for what no event told: seldom, and less often the longer a step may take. */
function isDue(intentId: string, { intendedAtMs, deadlineMs }: CommandOut, nowMs: number, { rings }: ReconcilePorts) {
  const askedAtMs = rings?.commandOf(intentId)?.askedAtMs
  const pauseMs = Math.max(askAgainMsMin, askAgainShare * (deadlineMs - intendedAtMs))
  return askedAtMs === undefined || nowMs - askedAtMs >= pauseMs
}

/** F44: a spoke that does not answer gives no results until its commands are overdue; the others continue. */
async function ask(ring: Ring, command: CommandOut, commandId: string, ports: ReconcilePorts) {
  try {
    return await ports.commands.invocations(commandId, spokeAccess(ring, command))
  } catch (error) {
    if (!command.place) throw error
    ports.metrics.count('SpokesUnreachable')
    return ports.clock.nowMs() < command.deadlineMs ? 'unreachable' : []
  }
}
