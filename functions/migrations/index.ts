import { priority } from './001-priority.ts'
import { serviceOccupancy } from './002-service-occupancy.ts'
import { heldFor } from './003-held-for.ts'
import { drivers } from './004-drivers.ts'
import { questions } from './005-questions.ts'
import { doubts } from './006-doubts.ts'
import { joinedFindings } from './008-joined-findings.ts'
import type { Migration } from './migration.ts'

export { type Migrated, run as migrateLedger } from './migrate-ledger.ts'
export type { RawItem } from './migration.ts'
export type { LedgerItems } from './ports.ts'
export { MigrationsRecord, pendingOf } from './progress.ts'
export { ownerSchemas } from './schemas.ts'

/** Every migration step, in order. */
export const migrations: readonly Migration[] = [
  priority,
  serviceOccupancy,
  heldFor,
  drivers,
  questions,
  doubts,
  joinedFindings,
]
