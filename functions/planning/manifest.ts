/** What a plan installs: for each platform one version of each package, the newest that any finding on it names. */

import type { Change } from '../changes/index.ts'
import { type Asset, compareVersions, type VersionScheme } from '../inventory/index.ts'
import { byText } from '../kit/by-text.ts'
import type { Plan } from './plan.ts'

type Packages = Plan['manifest']['packages']
type Platform = Asset['platform']

/** The version scheme of a platform's packages; absent if the planner knows none. */
export const schemes: Readonly<Partial<Record<Platform, VersionScheme>>> = {
  ubuntu: 'deb',
  debian: 'deb',
  'amazon-linux': 'rpm',
  rhel: 'rpm',
  suse: 'rpm',
}

/**
 * The packages in text order, then by platform; or those of an older Drydock's change that name no platform, where the
 * service runs on several: whose versions they are cannot be told.
 */
export function packagesOf(
  change: Change,
  assets: readonly Asset[],
): { readonly packages: Packages } | { readonly unplaced: readonly string[] } {
  const used = [...new Set(assets.flatMap(({ platform }) => (schemes[platform] ? [platform] : [])))]
  const isWindows = change.patchSet === 'windows-updates'
  const unplaced = change.packages.filter(({ platform }) => platform === undefined).map(({ name }) => name)
  if (!isWindows && used.length > 1 && unplaced.length > 0) return { unplaced: [...new Set(unplaced)].sort(byText) }
  const [only] = isWindows ? [] : used
  const placed = change.packages.map(({ platform = only, ...entry }) => ({ ...entry, platform }))
  const byPlace = Map.groupBy(placed, ({ name, platform = '' }) => `${name} ${platform}`)
  return {
    packages: [...byPlace]
      .toSorted(([left], [right]) => byText(left, right))
      .flatMap(([, entries]) => newestOf(entries)),
  }
}

interface Fix {
  readonly name: string
  readonly fixedVersion: string
  readonly platform: Platform | undefined
}

/** Equal versions in any order give the same one. */
function newestOf(entries: readonly Fix[]): Packages {
  const [first, ...others] = entries.toSorted((left, right) => byText(left.fixedVersion, right.fixedVersion))
  if (!first) return []
  const { name, platform } = first
  const scheme = (platform && schemes[platform]) ?? 'deb'
  const version = others.reduce(
    (best, { fixedVersion }) => (compareVersions(scheme, best, fixedVersion) < 0 ? fixedVersion : best),
    first.fixedVersion,
  )
  return [{ name, version, ...(platform === undefined ? {} : { platform }) }]
}

/** The packages that a host of a platform may get; those of an old plan name no platform and are for all its hosts. */
export const packagesFor = <Entry extends Pick<Packages[number], 'platform'>>(
  packages: readonly Entry[],
  platform: Platform | undefined,
): Entry[] => packages.filter((entry) => entry.platform === undefined || entry.platform === platform)

/** The packages in words, each with its platform where there are several. */
export function packageWords(packages: Packages): string[] {
  const isMixed = new Set(packages.map(({ platform }) => platform)).size > 1
  return packages.map(({ name, version, platform }) =>
    isMixed && platform !== undefined ? `${name} ${version} (${platform})` : `${name} ${version}`,
  )
}
