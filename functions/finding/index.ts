export { CvssVector, Finding, FindingCopy, FindingPackage, FindingRecord, FindingRoute } from './finding.ts'
export { type MergeCause, type MergeResult, mergeFinding } from './merge.ts'
export { isPatchablePackage, routeOf } from './route.ts'
export {
  type CleanText,
  cleanText,
  grammarOf,
  installItemsMax,
  isHostId,
  isInstallable,
  isPackageName,
  isPackageVersion,
  type PackageGrammar,
  quoted,
} from './text.ts'
export { parseTimestamp, type Timestamp } from './timestamp.ts'
export { isWindowsUpdate, updateNamedIn, windowsUpdatesOf } from './windows-update.ts'
