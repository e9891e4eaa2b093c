/**
 * docs/performance.md, the page to read: what was measured against what, and which goals are missed. The tables are in
 * the log.
 */
import { counted } from '../functions/kit/display-text.ts'
import { type Bench, isMissed } from './table.ts'

/** One benchmark as a section: how many of its goals are met, each missed one with its ratio, and its notes. */
export function sectionOf({ title, command, rows, notes = [] }: Bench): string {
  const goals = rows.filter(({ goalRatioMax }) => goalRatioMax !== undefined)
  const missed = rows.filter(isMissed)
  const met =
    goals.length === 0
      ? `${counted(rows.length, 'row')}, no goal set.`
      : `${goals.length - missed.length} of ${counted(goals.length, 'goal')} met.`
  return [
    `## ${title}`,
    '',
    `\`${command}\`: ${met}`,
    '',
    ...missed.map(
      ({ what, ours, peer, goalRatioMax }) =>
        `- **Missed:** ${what}: ${(ours / peer).toFixed(2)} times the bound, goal ${goalRatioMax}.`,
    ),
    ...(missed.length > 0 ? [''] : []),
    ...notes.flatMap((note) => [note, '']),
  ].join('\n')
}

/** The page; `measured` says when and on what, one sentence. */
export const pageOf = (benches: readonly Bench[], measured: string): string =>
  [
    '# Performance',
    '',
    measured,
    '',
    'Every ratio is ours over a named peer or bound, measured in the same run: seconds alone say nothing, because machines differ.',
    'Every row is in the [log](performance-log.md).',
    '',
    benches.map(sectionOf).join('\n').trimEnd(),
    '',
  ].join('\n')

/** The part of a title that names a whole benchmark, whose sections are written together. */
const groupOf = (title: string) => title.split(/[:,(]/)[0]?.trim() ?? title

/** A page whose sections of these benches' groups are replaced, where the first of them stood; others stay as they are. */
export function withSections(text: string, benches: readonly Bench[], render: (bench: Bench) => string): string {
  const groups = new Set(benches.map(({ title }) => groupOf(title)))
  const parts = text.split(/^(?=## )/m)
  const isOurs = (part: string) => part.startsWith('## ') && groups.has(groupOf(part.slice(3, part.indexOf('\n'))))
  const first = parts.findIndex(isOurs)
  const place = first < 0 ? parts.length : first
  const written = benches.map((bench) => `${render(bench).trimEnd()}\n\n`)
  const kept = [...parts.slice(0, place), ...written, ...parts.slice(place).filter((part) => !isOurs(part))]
  return `${kept.join('').trimEnd()}\n`
}
