/** Whether an installed version contains a fix, judged off the host from the two version texts alone. */
import { isPackageVersion, type PackageGrammar } from '../finding/index.ts'
import { isOtherDistribution, mayBeOtherStream } from './stream-of.ts'
import { compareVersions, type VersionScheme } from './version-order.ts'

/** `unknown`: undecidable from the texts, and never read as fixed. */
export type FixState = 'fixed' | 'not-fixed' | 'unknown'

const grammars: Readonly<Record<VersionScheme, PackageGrammar>> = { deb: 'dpkg', rpm: 'rpm', windows: 'windows' }

/**
 * Whether `installed` is `fixed` or newer: at least, never equal only.
 *
 * - `deb` and `rpm`: by the order of the package manager, where the texts can be compared. `unknown` if exactly one has
 *   an epoch, if exactly one has a release and the rest is equal, if they are of two distributions or releases of one,
 *   or if their module streams may differ.
 * - `windows`: builds of one branch (`10.0.17763.5458`) by their last number; a fix of another branch says nothing.
 *   KB numbers have no order, and a later update may hold an earlier one, so only the very same KB is `fixed`.
 * - Text that is no version of the scheme is `unknown`.
 */
export function fixStateOf(scheme: VersionScheme, installed: string, fixed: string): FixState {
  if (!isPackageVersion(installed, grammars[scheme]) || !isPackageVersion(fixed, grammars[scheme])) return 'unknown'
  if (scheme === 'windows') return windowsState(installed, fixed)
  if (hasEpoch(installed) !== hasEpoch(fixed) || isReleaseUntold(scheme, installed, fixed)) return 'unknown'
  if (isOtherDistribution(scheme, installed, fixed)) return 'unknown'
  const order = compareVersions(scheme, installed, fixed)
  if (scheme === 'rpm' && order !== 0 && mayBeOtherStream(installed, fixed, order > 0)) return 'unknown'
  return order < 0 ? 'not-fixed' : 'fixed'
}

/** An epoch of 0 is no epoch, for both package managers. */
const hasEpoch = (version: string) => /^0*[1-9]\d*:/.test(version)

/** Whether only one text has a release, or Debian revision, and they are equal without it. */
function isReleaseUntold(scheme: VersionScheme, installed: string, fixed: string): boolean {
  if (installed.includes('-') === fixed.includes('-')) return false
  return compareVersions(scheme, upstreamOf(installed), upstreamOf(fixed)) === 0
}

const upstreamOf = (version: string) => (version.includes('-') ? version.slice(0, version.lastIndexOf('-')) : version)

const knowledgeBase = /^KB(\d{6,8})$/i
/** Major, minor, build and revision; the first three identify the branch. */
const windowsBuild = /^(\d{1,5}\.\d{1,5}\.\d{1,9})\.(\d{1,9})$/

function windowsState(installed: string, fixed: string): FixState {
  const [ownUpdate, wantedUpdate] = [installed, fixed].map((text) => knowledgeBase.exec(text)?.[1])
  if (ownUpdate !== undefined && ownUpdate === wantedUpdate) return 'fixed'
  const [own, wanted] = [windowsBuild.exec(installed), windowsBuild.exec(fixed)]
  if (!own || !wanted || compareVersions('windows', own[1] ?? '', wanted[1] ?? '') !== 0) return 'unknown'
  return compareVersions('windows', installed, fixed) < 0 ? 'not-fixed' : 'fixed'
}
