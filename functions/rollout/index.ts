/** What others may use of the rollout: how rings stand, what its gates say, and the execution log. */
export { askGates } from './ask-gates.ts'
export { BaselineRecord, ProbeOutcome, probeAll } from './baseline.ts'
export type { Commands, Invocation, ProbeResult, Prober } from './ports.ts'
export type { GatePorts, GateQuestion, OpeningPorts } from './read-gate-facts.ts'
export { HostProgress, Ring, RingRecord, RingSummary, RingSummaryRecord, ringMove } from './ring.ts'
export { quarantinedOf } from './ring-end.ts'
export { type FoundStep, type StepSearch, searchSteps } from './search-steps.ts'
export { StepLog, StepLogRecord } from './step-log.ts'
