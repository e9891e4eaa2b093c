/** Which ring a command belongs to, so that an event that names only the command finds its way. */
import * as z from 'zod'
import { keys } from '../kit/keys.ts'
import type { Move, RecordKind } from '../kit/ledger.ts'

const CommandOwner = z.strictObject({ changeId: z.string(), ring: z.string() })
export const CommandOwnerRecord: RecordKind<z.infer<typeof CommandOwner>> = { kind: 'command', schema: CommandOwner }

/** SSM keeps commands for 30 days; the entry may go after 40. */
export const commandMove = (commandId: string, changeId: string, ring: string, nowMs: number): Move => ({
  kind: 'command',
  key: keys.command(commandId),
  from: 0,
  value: { changeId, ring },
  deleteAfterSeconds: Math.floor(nowMs / 1000) + 40 * 86_400,
})
