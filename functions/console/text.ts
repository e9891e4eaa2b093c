/** Instants, counts and spans as people read them. */
import { shown } from '../kit/display-text.ts'

/** An instant for people, to the second, in UTC. */
export const instantText = (at: string): string =>
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(at) ? `${at.slice(0, 19).replace('T', ' ')} UTC` : shown(at)

/** The same to the minute, rounded down, so that nobody is late by it. */
export const minuteText = (at: string): string =>
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(at) ? `${at.slice(0, 16).replace('T', ' ')} UTC` : shown(at)

/** The first of many ids, and how many more; `-` for none. */
export function idsText(ids: readonly string[], namedMax = 1): string {
  const named = ids.slice(0, namedMax).map(shown).join(', ')
  return named === '' ? '-' : `${named}${ids.length > namedMax ? ` and ${ids.length - namedMax} more` : ''}`
}

/** A span in its two largest units: `2 d 4 h`, `1 h 5 min`, `40 s`. */
export function spanText(seconds: number): string {
  const units = [
    [86_400, 'd'],
    [3_600, 'h'],
    [60, 'min'],
    [1, 's'],
  ] as const
  const parts: string[] = []
  let rest = Math.max(0, Math.round(seconds))
  for (const [size, name] of units) {
    const count = Math.floor(rest / size)
    rest -= count * size
    if (count > 0) parts.push(`${count} ${name}`)
    if (parts.length > 0 && (parts.length === 2 || count === 0)) break
  }
  return parts.join(' ') || '0 s'
}
