/**
 * What a change of Windows updates installs: update numbers, the override list that names them, and the updates each
 * host needs.
 */
import type { Change } from '../changes/index.ts'
import { type Finding, isWindowsUpdate, windowsUpdatesOf } from '../finding/index.ts'

export interface WindowsPatch {
  readonly overrideList: { readonly yaml: string; readonly sha256: string }
  /** Updates that open findings of the change name, by host. */
  readonly updatesByHost: ReadonlyMap<string, readonly string[]>
}

/** The key of a list in the override-list bucket: its SHA-256, so that it cannot be another list. */
export const overrideKeyOf = ({ sha256 }: { readonly sha256: string }): string => `overrides/${sha256}.yaml`

/**
 * The override list of the patch baseline for these updates, each once and in text order.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/patch-manager-override-lists.html
 */
export const overrideListOf = (updates: readonly string[]): string =>
  `patches:\n${[...new Set(updates)]
    .sort()
    .map((update) => `  - id: ${update}\n    title: ${update}\n`)
    .join('')}`

/**
 * The patch of a change and its findings; or those packages of the change that are not updates, which must never be
 * written into a list.
 */
export function windowsPatchOf(
  { packages }: Pick<Change, 'packages'>,
  findings: readonly Finding[],
  digest: (text: string) => string,
): WindowsPatch | { readonly bad: readonly string[] } {
  const names = packages.map(({ name }) => name)
  const bad = names.filter((name) => !isWindowsUpdate(name))
  if (bad.length > 0) return { bad: [...new Set(bad)].sort() }
  const yaml = overrideListOf(names)
  const open = findings.filter(({ status }) => status === 'active')
  const byHost = Map.groupBy(open, ({ resource }) => resource.id)
  return {
    overrideList: { yaml, sha256: digest(yaml) },
    updatesByHost: new Map([...byHost].map(([hostId, own]) => [hostId, own.flatMap(windowsUpdatesOf)])),
  }
}
