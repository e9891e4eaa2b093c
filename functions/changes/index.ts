export { Change, ChangeRecord, ChangeState } from './change.ts'
export { type MovePorts, moveRecordedChange } from './move.ts'
export { type ChangeEvent, changeEvidence, changeMove, legalMoves, type MoveResult, moveChange, terminalStates } from './reducer.ts'
