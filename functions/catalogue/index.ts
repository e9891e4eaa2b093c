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
export { checkPolicyAgainstCatalogue, findCycle, type Loaded, loadCatalogue, loadPolicy, type Problem } from './load.ts'
export { Policy, PolicyRecord, Quorum } from './policy.ts'
export type { NodeFacts, Nodes } from './ports.ts'
