export { Change, ChangeRecord, ChangeState } from './change.ts'
export { FindingChangeRecord, OpenChangeRecord } from './coalesce.ts'
export { changeIdOfDriver, DriverRecord, DriverStart, driverName } from './driver.ts'
export { HostExposureRecord } from './exposure.ts'
export { type HeldEvent, HoldEnd, HoldReason, heldEvent, holdEndInWords, holdsOf, holdTriggers } from './hold.ts'
export { type MovePorts, moveRecordedChange } from './move-change.ts'
export type { ChangeDriver, DriverExecution, DriverStatus } from './ports.ts'
export { type PullStop, pullStop } from './pull-stop.ts'
export {
  type ChangeEvent,
  changeEvidence,
  changeMove,
  legalMoves,
  type MoveResult,
  moveChange,
  terminalStates,
  type Urgency,
} from './reducer.ts'
export { type DriverNews, type StartDriverPorts, startDriver } from './start-driver.ts'
export { Stop, StopRecord } from './stop.ts'
export { type UrgencyStanding, urgencyStanding } from './urgency-standing.ts'
