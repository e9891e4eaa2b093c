export { Change, ChangeRecord, ChangeState } from './change.ts'
export {
  type ChangeEvent,
  changeEvidence,
  changeMove,
  legalMoves,
  type MoveResult,
  moveChange,
  terminalStates,
} from './reducer.ts'
