export {
  Asset,
  AssetRecord,
  Catalogue,
  CatalogueRecord,
  Freeze,
  Person,
  RingDefinition,
  Service,
  ServiceMetric,
  Window,
} from './catalogue.ts'
export { checkPolicyAgainstCatalogue } from './check-policy.ts'
export { findCycle } from './cycle.ts'
export { type ClosedSpan, icsSpans } from './ics.ts'
export { type Loaded, loadCatalogue, loadPolicy, type Problem } from './load.ts'
export { ownName } from './mistakes.ts'
export { nearest } from './nearest.ts'
export { Policy, PolicyRecord, Quorum } from './policy.ts'
export type { Inventory, NodeFacts, Nodes } from './ports.ts'
