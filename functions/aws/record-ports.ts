/** The ports of nearly every Lambda: the ledger, the clock, identifiers, and the account that evidence names. */
import type { EvidenceByPorts } from '../kit/evidence-by.ts'
import type { Ledger } from '../kit/ledger.ts'
import type { Clock } from '../kit/ports.ts'
import type { Settings } from './configuration.ts'
import { dynamoLedger } from './ledger.ts'
import { systemClock, systemIds } from './runtime.ts'

export interface RecordPorts extends EvidenceByPorts {
  readonly ledger: Ledger
  readonly clock: Clock
}

/** What `recordPorts` reads of the configuration. */
export const recordSettings = { table: true, account: true } as const

/** Ports that read and move records of one table, on behalf of one account. */
export const recordPorts = ({ table, account }: Pick<Settings, keyof typeof recordSettings>): RecordPorts => ({
  ledger: dynamoLedger(table),
  clock: systemClock,
  ids: systemIds,
  account,
})
