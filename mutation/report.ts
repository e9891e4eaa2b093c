/** What became of the mutants of each file, from Stryker's report: the score is of all that are not explained in the file. */
import * as z from 'zod'

/** The part of a mutation testing report (schema 2) that is counted. */
export const Report = z.object({
  files: z.record(
    z.string(),
    z.object({
      mutants: z.array(
        z.object({
          mutatorName: z.string(),
          replacement: z.string().optional(),
          status: z.string(),
          statusReason: z.string().optional(),
          static: z.boolean().optional(),
          location: z.object({ start: z.object({ line: z.number() }) }),
        }),
      ),
    }),
  ),
})
export type Report = z.infer<typeof Report>

/** The mutants of one file. */
export interface FileCount {
  readonly file: string
  readonly killed: number
  /** Killed as the tests did not end. */
  readonly timedOut: number
  /** Alive after all tests, or met by none. */
  readonly survived: number
  /** Turned off in the file, by a comment that says why. */
  readonly ignored: number
  /** Let no test file load: the tests cannot miss it. */
  readonly unloadable: number
  /** Could not be run for any other reason, which says nothing of the tests. */
  readonly invalid: number
  /** Run as the module loads, whatever became of them; counted above too. */
  readonly static: number
}

type Mutant = Report['files'][string]['mutants'][number]

const detected = ['Killed', 'Timeout', 'Unloadable']

/** Stryker's status; it calls a test file that does not load an error of the run. */
const fateOf = ({ status, statusReason = '' }: Mutant) =>
  status === 'RuntimeError' && statusReason.includes('An error occurred outside of a test run') ? 'Unloadable' : status

/** Counts each file of a report, in the order of the report. */
export function countMutants({ files }: Report): readonly FileCount[] {
  return Object.entries(files).map(([file, { mutants }]) => {
    const count = (...fates: readonly string[]) => mutants.filter((mutant) => fates.includes(fateOf(mutant))).length
    return {
      file,
      killed: count('Killed'),
      timedOut: count('Timeout'),
      survived: count('Survived', 'NoCoverage'),
      ignored: count('Ignored'),
      unloadable: count('Unloadable'),
      invalid: count('CompileError', 'RuntimeError', 'Pending'),
      static: mutants.filter((mutant) => mutant.static === true).length,
    }
  })
}

/** Why the report is not good enough, a line each; empty: every mutant is killed, or explained where it stands. */
export function faultsOf({ files }: Report): readonly string[] {
  return Object.entries(files).flatMap(([file, { mutants }]) =>
    mutants.flatMap((mutant) => {
      const { location, mutatorName, replacement = '' } = mutant
      const at = `${file}:${location.start.line} ${mutatorName} -> ${replacement.replace(/\s+/gu, ' ').slice(0, 80)}`
      const fate = fateOf(mutant)
      if (detected.includes(fate)) return []
      if (fate !== 'Ignored') return [`${at}: ${fate}`]
      return isExplained(mutant.statusReason) ? [] : [`${at}: ignored without a reason`]
    }),
  )
}

/** Stryker writes a reason of its own where the comment gives none. */
const isExplained = (reason: string | undefined) =>
  reason !== undefined && reason !== '' && !reason.startsWith('Ignored ') && !reason.startsWith('Static mutant')

/** The table that a person reads. */
export function tableOf(counts: readonly FileCount[]): string {
  const heads = ['killed', 'timed out', 'unloadable', 'survived', 'ignored', 'invalid', 'static', 'score'] as const
  const rows = counts.map((count) => [
    count.file,
    ...[count.killed, count.timedOut, count.unloadable, count.survived, count.ignored, count.invalid, count.static].map(
      String,
    ),
    scoreOf(count),
  ])
  const width = Math.max(...rows.map(([file = '']) => file.length), 4)
  return [['file', ...heads], ...rows]
    .map(([file = '', ...cells]) => `${file.padEnd(width)} ${cells.map((cell) => cell.padStart(10)).join(' ')}`)
    .join('\n')
}

function scoreOf({ killed, timedOut, unloadable, survived, invalid }: FileCount): string {
  const found = killed + timedOut + unloadable
  const all = found + survived + invalid
  return all === 0 ? '-' : ((100 * found) / all).toFixed(2)
}
