/** Which ring a command belongs to, as an older Drydock recorded it; now the lease of the host tells. */
import * as z from 'zod'
import type { RecordKind } from '../kit/ledger.ts'

const CommandOwner = z.strictObject({ changeId: z.string(), ring: z.string() })

/** The ring of a command, one record per command id, which expires after 40 days; read by nobody. */
export const CommandOwnerRecord: RecordKind<z.infer<typeof CommandOwner>> = { kind: 'command', schema: CommandOwner }
