/** When the fleet has to be looked at again, so that virtual time can go there at once. */
import { countOf, type SimulatedCommand, type SimulatedInvocation } from './commands.ts'
import type { FleetNode } from './model.ts'

interface LostAfter {
  /** Milliseconds from the request until delivery to a node that is away is given up, and in a scripted loss. */
  readonly offline: number
  readonly scripted: number
}

/** The earliest instant at which an invocation starts, ends, is given up or is finished late; undefined: none will by itself. */
export function nextAtMs(
  commands: Iterable<SimulatedCommand>,
  nodes: ReadonlyMap<string, FleetNode>,
  lostAfter: (command: SimulatedCommand) => LostAfter,
): number | undefined {
  let least = Number.POSITIVE_INFINITY
  for (const command of commands) {
    const inWork = command.invocations.filter(({ status }) => status === 'InProgress').length
    const isFull = inWork >= countOf(command.concurrencyMax, command.invocations.length, 1)
    for (const invocation of command.invocations)
      least = Math.min(least, nextOf(command, invocation, { nodes, isFull, lostAfter }))
  }
  return least === Number.POSITIVE_INFINITY ? undefined : least
}

interface Around {
  readonly nodes: ReadonlyMap<string, FleetNode>
  /** No more invocations of the command may work now; the end of one makes room. */
  readonly isFull: boolean
  readonly lostAfter: (command: SimulatedCommand) => LostAfter
}

function nextOf(command: SimulatedCommand, invocation: SimulatedInvocation, { nodes, isFull, lostAfter }: Around) {
  const { status, startsAtMs, endsAtMs, lateRun, hostId, fault } = invocation
  if (status === 'InProgress') return endsAtMs
  if (status !== 'Pending' && status !== 'Delayed')
    return lateRun && !lateRun.result ? lateRun.atMs : Number.POSITIVE_INFINITY
  const isScripted = fault?.fault === 'delivery-timeout'
  if (status === 'Delayed' && (isScripted || nodes.get(hostId)?.isOnline === false))
    return command.requestedAtMs + lostAfter(command)[isScripted ? 'scripted' : 'offline']
  return isFull ? Number.POSITIVE_INFINITY : startsAtMs
}
