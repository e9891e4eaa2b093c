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
export { Policy, PolicyRecord, Quorum } from './policy.ts'
