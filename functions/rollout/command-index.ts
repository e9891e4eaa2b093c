/** Which ring a command belongs to, for events that name only the command. */
import * as z from 'zod'
import { keys } from '../kit/keys.ts'
import type { Move, RecordKind } from '../kit/ledger.ts'

const CommandOwner = z.strictObject({ changeId: z.string(), ring: z.string() })

/** The ring of a command, one record per command id; expires after 40 days. */
export const CommandOwnerRecord: RecordKind<z.infer<typeof CommandOwner>> = { kind: 'command', schema: CommandOwner }

/** SSM keeps commands for 30 days; the entry may go after 40. */
export const commandMove = (commandId: string, changeId: string, ring: string, nowMs: number): Move => ({
  kind: 'command',
  key: keys.command(commandId),
  from: 0,
  value: { changeId, ring },
  deleteAfterSeconds: Math.floor(nowMs / 1000) + 40 * 86_400,
})
