/** What others may use of the rollout: how rings stand, what its gates say, and the execution log. */
export { askGates } from './ask-gates.ts'
export { BaselineRecord, ProbeOutcome, probeAll } from './baseline.ts'
export { CommandOwnerRecord } from './command-index.ts'
export { failureReasons } from './failure-reasons.ts'
export { LeaseRecord } from './lease.ts'
export { ServiceOccupancyRecord } from './occupancy.ts'
export type { ProbeResult, Prober } from './ports.ts'
export { countHosts, type HostCounts, HostProgress, isUnsettled, Ring, RingSummary } from './ring.ts'
export { quarantinedOf } from './ring-end.ts'
export { ringMoves } from './ring-moves.ts'
export {
  RingHostRecord,
  RingOpeningRecord,
  RingPartRecord,
  RingRecord,
  RingSummaryRecord,
  readRing,
  ringSummariesOf,
  ringsOf,
  UnsettledRingRecord,
} from './ring-record.ts'
export { type FoundSteps, type StepSearch, searchSteps } from './search-steps.ts'
export { type FoundStep, foundSteps, StepLog, StepLogRecord, stepsInWork } from './step-log.ts'
