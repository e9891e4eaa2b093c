/** Files what waits in the outbox, on a nudge or on the schedule. */
import * as z from 'zod'
import { type ArchivePorts, archive } from './archive.ts'

/** An SQS event, or the schedule's `{}`. The content of a nudge does not matter: the outbox says what to do. */
export const ArchiveLeaves = z.looseObject({ Records: z.array(z.unknown()).optional() })
export type ArchiveLeaves = z.infer<typeof ArchiveLeaves>

/** Every nudge of a batch wakes the same work, so they succeed or are redelivered together. */
export async function run(_input: ArchiveLeaves, ports: ArchivePorts) {
  return { batchItemFailures: [], ...(await archive(ports)) }
}
