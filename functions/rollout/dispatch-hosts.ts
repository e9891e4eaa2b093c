/** The dispatcher's Lambda: wakes on nudges and on Run Command events, and takes turns until a ring has nothing left to do now. */
import * as z from 'zod'
import type { TaskTokens } from '../approvals/index.ts'
import { PolicyRecord } from '../catalogue/index.ts'
import { keys } from '../kit/keys.ts'
import { CommandOwnerRecord, commandKey } from './command-index.ts'
import { RingRecord } from './ring.ts'
import type { TurnPorts } from './situation.ts'
import { takeTurn } from './turn.ts'

const Nudge = z.object({ changeId: z.string(), ring: z.string(), sweep: z.number().optional() })
const CommandEvent = z.object({ source: z.literal('aws.ssm'), detail: z.object({ 'command-id': z.string() }) })
export const DispatchMessage = z.union([Nudge, CommandEvent])
export type DispatchMessage = z.infer<typeof DispatchMessage>

export interface Ports extends TurnPorts {
  readonly tokens: TaskTokens
}

/** Turns in one call; what is left is taken up by the next message. */
const turnsMax = 12

export async function run(message: DispatchMessage, ports: Ports) {
  const target =
    'detail' in message
      ? (await ports.ledger.read(CommandOwnerRecord, commandKey(message.detail['command-id'])))?.value
      : message
  // An event may come before the command's id is written; the sweep hears of it again.
  if (!target) return { outcome: 'unknown-command' }
  const { changeId, ring } = target
  for (let turn = 0; turn < turnsMax; turn++) {
    const result = await takeTurn(changeId, ring, ports)
    if (result.kind === 'waiting' || result.kind === 'not-open') break
  }
  const after = await ports.ledger.read(RingRecord, keys.ring(changeId, ring))
  if (after && after.value.state !== 'open') return finish(after.value, ports)
  if (after && 'sweep' in message && message.sweep !== undefined) {
    const policy = await ports.ledger.read(PolicyRecord, keys.policy())
    await ports.nudges.send(
      'dispatch',
      { changeId, ring, sweep: message.sweep + 1 },
      policy?.value.rollout.sweepSeconds ?? 30,
    )
  }
  return { outcome: 'open' }
}

/** Answers the machine that waits for the ring. Answering twice is harmless: the second answer finds nobody waiting. */
async function finish(
  {
    changeId,
    name,
    state,
    taskToken,
  }: { changeId: string; name: string; state: string; taskToken?: string | undefined },
  { tokens, nudges }: Ports,
) {
  if (taskToken !== undefined) await tokens.succeed(taskToken, { changeId, ring: name, outcome: state })
  await nudges.send('archive', { changeId })
  return { outcome: state }
}
