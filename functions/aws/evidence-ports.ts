/** The archiver's ports: the log in its bucket, the keys that sign it, the outbox that feeds it. */
import { countMetric } from '../kit/lambda-handler.ts'
import type { Settings } from './configuration.ts'
import { s3EvidenceStore } from './evidence-store.ts'
import { sha256 } from './node-crypto.ts'
import { dynamoChainHeads, dynamoLogHead, dynamoOutbox } from './outbox.ts'
import { systemClock } from './runtime.ts'
import { s3Client } from './s3-client.ts'
import { kmsSigner, namedKeys, signerSettings } from './signer.ts'

/** What `evidencePorts` reads of the configuration. */
export const evidenceSettings = { ...signerSettings, table: true, endpointUrl: true, evidenceBucket: true } as const

/** Ports that file transitions as leaves of the log. */
export const evidencePorts = (settings: Pick<Settings, keyof typeof evidenceSettings>) => ({
  store: s3EvidenceStore(settings.evidenceBucket, s3Client(settings)),
  signer: kmsSigner(namedKeys(settings)),
  outbox: dynamoOutbox(settings.table),
  logHead: dynamoLogHead(settings.table),
  chainHeads: dynamoChainHeads(settings.table),
  clock: systemClock,
  metrics: countMetric,
  sha256,
})
