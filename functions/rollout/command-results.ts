/** What Run Command says of a ring's commands, asked once for all the passes of one wake-up. */
import { inParallel } from '../kit/in-parallel.ts'
import type { Invocation } from './ports.ts'
import { type CommandOut, type Ring, spokeAccess } from './ring.ts'
import type { ReconcilePorts } from './ring-context.ts'

/** Commands asked about at the same time. */
const askedAtOnceMax = 10

export interface CommandResults {
  /** Commands that ended somewhere, by their ids; `all`: a sweep. */
  readonly commands: ReadonlySet<string> | 'all'
  /** Answers so far, by command id. */
  readonly answers: Map<string, readonly Invocation[]>
}

export const commandResultsFor = (commands: CommandResults['commands']): CommandResults => ({
  commands,
  answers: new Map(),
})

/** Invocations of the commands that may have ended, by intent; a spoke that does not answer has none. */
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

/** F44: a spoke that does not answer has no results until its commands are overdue; the others go on. */
async function ask(ring: Ring, command: CommandOut, commandId: string, ports: ReconcilePorts) {
  try {
    return await ports.commands.invocations(commandId, spokeAccess(ring, command))
  } catch (error) {
    if (!command.place) throw error
    ports.metrics.count('SpokesUnreachable')
    return ports.clock.nowMs() < command.deadlineMs ? 'unreachable' : []
  }
}
