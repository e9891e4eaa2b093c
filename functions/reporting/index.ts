export { claimsOf } from './claims.ts'
export { type FiledRecord, type HostPath, type PathOutcome, type PathQuestion, pathOf } from './host-path.ts'
