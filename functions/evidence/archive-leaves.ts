/** Files what waits in the outbox, for a nudge and for the schedule alike. */
import * as z from 'zod'
import { type ArchivePorts, archive } from './archive.ts'

/** An SQS event, or the schedule's `{}`. What a nudge says does not matter: the outbox says what is to be done. */
export const ArchiveLeaves = z.looseObject({ Records: z.array(z.unknown()).optional() })
export type ArchiveLeaves = z.infer<typeof ArchiveLeaves>

/** Every nudge of a batch wakes the same work, so they succeed or come again together. */
export async function run(_input: ArchiveLeaves, ports: ArchivePorts) {
  return { batchItemFailures: [], ...(await archive(ports)) }
}
