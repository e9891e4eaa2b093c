/**
 * docs/performance.md, the page to read: what was measured against what, and which goals are missed. The tables are in
 * the log.
 */
import { counted } from '../functions/kit/display-text.ts'
import { type Bench, isMissed } from './table.ts'

/** One benchmark as a section: how many of its goals are met, each missed one with its ratio, and its notes. */
function section({ title, command, rows, notes = [] }: Bench): string {
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
    benches.map(section).join('\n').trimEnd(),
    '',
  ].join('\n')
