export { CvssVector, Finding, FindingPackage, FindingRecord, FindingRoute } from './finding.ts'
