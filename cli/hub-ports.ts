/** The ports of verbs that move records or read the log, for the connected hub. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { KMSClient } from '@aws-sdk/client-kms'
import { S3Client } from '@aws-sdk/client-s3'
import { Settings } from '../functions/aws/configuration.ts'
import { s3EvidenceStore } from '../functions/aws/evidence-store.ts'
import { dynamoLedgerItems } from '../functions/aws/ledger-items.ts'
import { dynamoChainHeads } from '../functions/aws/outbox.ts'
import { systemClock, systemIds } from '../functions/aws/runtime.ts'
import { kmsSigner, namedKeys, signerSettings } from '../functions/aws/signer.ts'
import type { MovePorts } from '../functions/changes/index.ts'
import type { ChainHeads, EvidenceStore, Signer } from '../functions/evidence/index.ts'
import type { LedgerItems } from '../functions/migrations/ports.ts'
import type { Connection } from './connection.ts'

const Account = Settings.pick({ account: true })
const Log = Settings.pick({ ...signerSettings, evidenceBucket: true, table: true })

/**
 * The ports for moving a record.
 *
 * @throws DrydockError DD1002 when the hub's account is unknown: a leaf must name it.
 */
export const movePorts = ({ ledger, configuration }: Connection): MovePorts => ({
  ledger,
  clock: systemClock,
  ids: systemIds,
  account: configuration(Account).account,
})

/** Every record of the hub's table as it is stored. */
export const ledgerItems = ({ client, configuration }: Connection): LedgerItems =>
  dynamoLedgerItems(configuration(Settings.pick({ table: true })).table, new DynamoDBClient(client()))

/** The files of the evidence log, the last leaf of each change in it, and the keys that sign it. */
export function evidenceLog({ client, configuration, isLocal }: Connection): {
  readonly store: EvidenceStore
  readonly chainHeads: ChainHeads
  readonly signer: Signer
} {
  const settings = configuration(Log)
  return {
    store: s3EvidenceStore(settings.evidenceBucket, new S3Client({ ...client(), forcePathStyle: isLocal })),
    chainHeads: dynamoChainHeads(settings.table, new DynamoDBClient(client())),
    signer: kmsSigner(namedKeys(settings), new KMSClient(client())),
  }
}
