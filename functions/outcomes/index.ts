export { type RestoreDrill, RestoreDrillRecord } from './drill.ts'
export type { Attempt, HostRun } from './host-run.ts'
export { type HostOutcome, HostOutcomeRecord, type HostVerdict } from './outcome.ts'
export {
  type LastRestore,
  lastRestoreOf,
  outcomeSetsOf,
  outcomesOfChange,
  outcomesOfHost,
  outcomesOfService,
  type Page,
  type PageOptions,
  type Period,
} from './outcome-queries.ts'
export {
  type Digest,
  OutcomeBegunRecord,
  type OutcomeSet,
  OutcomeSetRecord,
  type RollbackTime,
  type ServiceOutcome,
  ServiceOutcomeRecord,
  setDigestOf,
} from './outcome-set.ts'
export { type DrillPorts, RecordDrill, run as recordDrill } from './record-drill.ts'
export { type EndedChange, type OutcomePorts, type Recorded, run as recordOutcomes } from './record-outcomes.ts'
