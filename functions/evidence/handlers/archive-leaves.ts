/** Files what waits in the outbox: woken by a nudge on the archive queue, and by a schedule in case a nudge is lost. */
import * as z from 'zod'
import { s3EvidenceStore } from '../../aws/evidence-store.ts'
import { sha256 } from '../../aws/node-crypto.ts'
import { dynamoLogHead, dynamoOutbox } from '../../aws/outbox.ts'
import { systemClock } from '../../aws/runtime.ts'
import { kmsSigner } from '../../aws/signer.ts'
import { countMetric, lambdaHandler } from '../../kit/lambda-handler.ts'
import { type ArchivePorts, archive } from '../archive.ts'

/** An SQS event, or the schedule's `{}`. What a nudge says does not matter: the outbox says what is to be done. */
export const ArchiveLeaves = z.looseObject({ Records: z.array(z.unknown()).optional() })
export type ArchiveLeaves = z.infer<typeof ArchiveLeaves>

/** Every nudge of a batch wakes the same work, so they succeed or come again together. */
export async function run(_input: ArchiveLeaves, ports: ArchivePorts) {
  return { batchItemFailures: [], ...(await archive(ports)) }
}

const buildPorts = (): ArchivePorts => ({
  store: s3EvidenceStore(),
  signer: kmsSigner(),
  outbox: dynamoOutbox(),
  logHead: dynamoLogHead(),
  clock: systemClock,
  metrics: countMetric,
  sha256,
})

export const handler = lambdaHandler(ArchiveLeaves, buildPorts, run)
