export { CvssVector, Finding, FindingCopy, FindingPackage, FindingRecord } from './finding.ts'
export { KnownPackageRecord } from './known-package.ts'
export { type MergeCause, mergeFinding } from './merge.ts'
export { isPatchablePackage, routeOf } from './route.ts'
export {
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
export { parseTimestamp } from './timestamp.ts'
export { isWindowsUpdate, updateNamedIn, windowsUpdatesOf } from './windows-update.ts'
