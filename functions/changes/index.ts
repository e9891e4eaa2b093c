export { type AssessPorts, assessRecordedFinding } from './assess-finding.ts'
export { Change, ChangeRecord, ChangeState } from './change.ts'
export { type HeldEvent, HoldEnd, HoldReason, heldEvent, holdTriggers } from './hold.ts'
export { type MovePorts, moveRecordedChange } from './move.ts'
export type { ChangeDriver } from './ports.ts'
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
export { type Standing, standingOf } from './standing.ts'
export { type PullStop, pullStop, Stop, StopRecord } from './stop.ts'
