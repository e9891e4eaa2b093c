/** Windows updates by knowledge-base number, the only identifier of a fix for a Windows host. */
import type { Finding } from './finding.ts'

const update = /^KB\d{6,8}$/

/** Whether text is one update number, in the only spelling that reaches a host. */
export const isWindowsUpdate = (text: string): boolean => update.test(text)

/** The one update that a text names; undefined if it names several, because then it is ambiguous. */
export function updateNamedIn(text: string): string | undefined {
  const named = new Set(Array.from(text.matchAll(/\bKB\d{6,8}\b/gi), ([number]) => number.toUpperCase()))
  const [only] = named
  return named.size === 1 ? only : undefined
}

/**
 * The updates that fix a finding, in text order: those that its packages name, or the one that the finding is named
 * after.
 *
 * @see https://docs.aws.amazon.com/inspector/latest/user/findings-types.html: Inspector gives one finding for an update
 * of Windows, named by the update, and the CVEs that it mends as related ones.
 */
export function windowsUpdatesOf({ vulnerabilityId = '', packages }: Pick<Finding, 'vulnerabilityId' | 'packages'>) {
  const stated = packages
    .filter(({ isPatchable }) => isPatchable)
    .flatMap(({ fixedVersion = '', name }) => [fixedVersion, name].map(upper).find(isWindowsUpdate) ?? [])
  const named = stated.length > 0 ? stated : [upper(vulnerabilityId)].filter(isWindowsUpdate)
  return [...new Set(named)].sort()
}

const upper = (text: string) => text.toUpperCase()
