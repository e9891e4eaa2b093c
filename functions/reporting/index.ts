export { claimsOf } from './claims.ts'
export { type FiledRecord, type HostPath, type PathOutcome, pathOf } from './host-path.ts'
