/** What a plan installs: one version of each package, the newest that any finding of the change names. */

import type { Change } from '../changes/index.ts'
import type { Asset } from '../inventory/index.ts'
import { compareVersions, type VersionScheme } from '../inventory/index.ts'
import { byText } from '../kit/by-text.ts'
import type { Plan } from './plan.ts'

type Packages = Plan['manifest']['packages']

/** The version scheme of a platform's packages; absent if the planner knows none. */
export const schemes: Readonly<Partial<Record<Asset['platform'], VersionScheme>>> = {
  ubuntu: 'deb',
  debian: 'deb',
  'amazon-linux': 'rpm',
  rhel: 'rpm',
  suse: 'rpm',
}

/**
 * The packages in text order; or those whose versions cannot be compared because the service runs on both Debian and
 * RPM.
 */
export function packagesOf(
  change: Change,
  assets: readonly Asset[],
): { readonly packages: Packages } | { readonly mixed: readonly string[] } {
  const used = [...new Set(assets.flatMap(({ platform }) => schemes[platform] ?? []))]
  const byName = [...Map.groupBy(change.packages, ({ name }) => name)].map(([name, entries]) => ({
    name,
    versions: [...new Set(entries.map(({ fixedVersion }) => fixedVersion))].sort(byText),
  }))
  const mixed = used.length > 1 ? byName.filter(({ versions }) => versions.length > 1).map(({ name }) => name) : []
  if (mixed.length > 0) return { mixed: mixed.sort(byText) }
  const scheme = used[0] ?? 'deb'
  const newest = (versions: readonly string[]) =>
    versions.reduce((best, one) => (compareVersions(scheme, best, one) < 0 ? one : best))
  return {
    packages: byName
      .map(({ name, versions }) => ({ name, version: newest(versions) }))
      .toSorted((left, right) => byText(left.name, right.name)),
  }
}
