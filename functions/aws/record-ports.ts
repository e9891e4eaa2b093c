/** The ports of nearly every Lambda: the ledger, the clock, identifiers, and the account that evidence names. */
import type { EvidenceByPorts } from '../kit/evidence-by.ts'
import type { Ledger } from '../kit/ledger.ts'
import type { Clock } from '../kit/ports.ts'
import type { Settings } from './configuration.ts'
import { s3EvidenceStore } from './evidence-store.ts'
import { dynamoLedger } from './ledger.ts'
import { systemClock, systemIds } from './runtime.ts'
import { s3Client } from './s3-client.ts'

export interface RecordPorts extends EvidenceByPorts {
  readonly ledger: Ledger
  readonly clock: Clock
}

/** What `recordPorts` reads of the configuration. */
export const recordSettings = { table: true, account: true, evidenceBucket: true, endpointUrl: true } as const

/** Ports that read and move records of one table, on behalf of one account. */
export const recordPorts = (settings: Pick<Settings, keyof typeof recordSettings>): RecordPorts => ({
  ledger: dynamoLedger(settings.table, undefined, s3EvidenceStore(settings.evidenceBucket, s3Client(settings))),
  clock: systemClock,
  ids: systemIds,
  account: settings.account,
})
