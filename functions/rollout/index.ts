export { quarantinedOf } from './apply.ts'
export type { Commands, Invocation, ProbeResult, Prober } from './ports.ts'
export { HostProgress, Ring, RingRecord, ringMove } from './ring.ts'
export { StepLog, StepLogRecord } from './step-log.ts'
