export type { NormaliseContext, NormalisedItem } from './finish-draft.ts'
export { type ImportedFile, importFile, importText } from './import.ts'
export { importDetails, importDetailType, importSource, recordsIn } from './import-event.ts'
export { findingSources, normaliseDocument } from './normalise.ts'
export {
  type FindingPage,
  type FindingQueue,
  type FindingSource,
  type Refusals,
  type RefusedInput,
  refusedBodyMax,
} from './ports.ts'
export { FindingPullRecord } from './pull-findings.ts'
export { type Received, type ReceivePorts, receiveFindings } from './receive-findings.ts'
export { type Recorded, type RecordFindingPorts, recordFinding } from './record-finding.ts'
export type { Refusal, RefusalCode } from './refusals.ts'
