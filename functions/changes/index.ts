export { Change, ChangeRecord, ChangeState } from './change.ts'
export { FindingChangeRecord, OpenChangeRecord } from './coalesce.ts'
export { HostExposureRecord } from './exposure.ts'
export { type HeldEvent, HoldEnd, HoldReason, heldEvent, holdTriggers } from './hold.ts'
export { type MovePorts, moveRecordedChange } from './move-change.ts'
export type { ChangeDriver } from './ports.ts'
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
export { Stop, StopRecord } from './stop.ts'
export { type UrgencyStanding, urgencyStanding } from './urgency-standing.ts'
