/** What Run Command says of a ring's commands, asked once for all the turns that one wake-up takes. */
import type { Invocation } from './ports.ts'
import { type CommandOut, type Ring, reachOf } from './ring.ts'
import type { TurnPorts } from './situation.ts'

/** Commands asked about at the same time. */
const askedAtOnceMax = 10

export interface News {
  /** Commands that ended somewhere, by their ids; `all`: a sweep. */
  readonly commands: ReadonlySet<string> | 'all'
  /** Answers so far, by command id. */
  readonly answers: Map<string, readonly Invocation[]>
}

export const newsFrom = (commands: News['commands']): News => ({ commands, answers: new Map() })

/** Answers about the commands of a ring that there is news of, by intent; a spoke that does not answer has none. */
export async function hearOf(ring: Ring, news: News, ports: TurnPorts): Promise<Map<string, readonly Invocation[]>> {
  const nowMs = ports.clock.nowMs()
  const asked = Object.entries(ring.commands).flatMap(([intentId, command]) =>
    command.commandId !== undefined &&
    (news.commands === 'all' || news.commands.has(command.commandId) || nowMs >= command.deadlineMs)
      ? [{ intentId, command, commandId: command.commandId }]
      : [],
  )
  const heard = new Map<string, readonly Invocation[]>()
  for (let start = 0; start < asked.length; start += askedAtOnceMax)
    await Promise.all(
      asked.slice(start, start + askedAtOnceMax).map(async ({ intentId, command, commandId }) => {
        const answer = news.answers.get(commandId) ?? (await ask(ring, command, commandId, ports))
        if (answer === 'unreachable') return
        news.answers.set(commandId, answer)
        heard.set(intentId, answer)
      }),
    )
  return heard
}

/** F44: a spoke that does not answer has no news until its commands are overdue; the others go on. */
async function ask(ring: Ring, command: CommandOut, commandId: string, ports: TurnPorts) {
  try {
    return await ports.commands.invocations(commandId, reachOf(ring, command))
  } catch (error) {
    if (!command.place) throw error
    ports.metrics.count('SpokesUnreachable')
    return ports.clock.nowMs() < command.deadlineMs ? 'unreachable' : []
  }
}
