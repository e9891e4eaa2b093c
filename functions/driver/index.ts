export { LastCatalogueRecord } from './last-catalogue.ts'
