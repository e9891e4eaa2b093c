/** Run Command's results for a ring's commands, read once for all passes of one call. */
import { inParallel } from '../kit/in-parallel.ts'
import type { Invocation } from './ports.ts'
import { type CommandOut, type Ring, spokeAccess } from './ring.ts'
import type { ReconcilePorts } from './ring-context.ts'

/** Commands read in parallel. */
const askedAtOnceMax = 10

export interface CommandResults {
  /** Ids of commands that ended on some host; `all`: a sweep. */
  readonly commands: ReadonlySet<string> | 'all'
  /** Results so far, by command id. */
  readonly answers: Map<string, readonly Invocation[]>
}

export const commandResultsFor = (commands: CommandResults['commands']): CommandResults => ({
  commands,
  answers: new Map(),
})

/** Invocations of the commands that may have ended, by intent; none from a spoke that does not answer. */
export async function collectResults(
  ring: Ring,
  results: CommandResults,
  ports: ReconcilePorts,
): Promise<Map<string, readonly Invocation[]>> {
  const nowMs = ports.clock.nowMs()
  const asked = Object.entries(ring.commands).flatMap(([intentId, command]) =>
    command.commandId !== undefined &&
    (results.commands === 'all' || results.commands.has(command.commandId) || nowMs >= command.deadlineMs)
      ? [{ intentId, command, commandId: command.commandId }]
      : [],
  )
  const collected = new Map<string, readonly Invocation[]>()
  await inParallel(asked, askedAtOnceMax, async ({ intentId, command, commandId }) => {
    const answer = results.answers.get(commandId) ?? (await ask(ring, command, commandId, ports))
    if (answer === 'unreachable') return
    results.answers.set(commandId, answer)
    collected.set(intentId, answer)
  })
  return collected
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
