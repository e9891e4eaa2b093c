export { heldChange } from './held-change.ts'
export { LastCatalogueRecord } from './last-catalogue.ts'
