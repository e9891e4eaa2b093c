/** `drydock log`: every step on every host, by host, change and time. */
import { type Command, InvalidArgumentError } from 'commander'
import { type FoundStep, type StepSearch, searchSteps } from '../../functions/rollout/index.ts'
import { connect } from '../connection.ts'
import { print, printJson, say, table } from '../output.ts'

interface Options {
  readonly host?: string
  readonly change?: string
  readonly since?: string
  readonly until?: string
  readonly before?: string
  readonly limit: number
  readonly json?: boolean
}

export function addLog(program: Command) {
  program
    .command('log')
    .description('steps that ran on hosts: start, end, exit code, outcome and output location')
    .option('--host <id>', 'one host')
    .option('--change <id>', 'one change')
    .option('--since <time>', 'recorded at or after an ISO 8601 time', instant)
    .option('--until <time>', 'recorded before an ISO 8601 time', instant)
    .option('--limit <n>', 'show at most this many steps, the newest', count, 200)
    .option('--before <next>', 'older steps: what "next" of the page before says')
    .option('--json', 'one JSON document')
    .addHelpText(
      'after',
      '\nExample: drydock log --host i-0000000000d0c0007 --since 2026-11-25T08:00:00Z\nWith a time alone, every change that moved since then is searched.',
    )
    .action(async (options: Options) => {
      const { ledger } = await connect(program.opts<{ stack: string }>().stack)
      const { steps, next } = await searchSteps(searchOf(options), ledger)
      if (options.json) return printJson({ steps, ...(next === undefined ? {} : { next }) })
      print(table(['ENDED', 'HOST', 'CHANGE', 'RING', 'STEP', 'TRY', 'EXIT', 'OUTCOME', 'OUTPUT'], steps.map(rowOf)))
      if (next !== undefined) say(`there are older ones: --before '${next}', or a larger --limit`)
    })
}

const searchOf = ({ host, change, since, until, before, limit }: Options): StepSearch => ({
  limit,
  ...(host === undefined ? {} : { hostId: host }),
  ...(change === undefined ? {} : { changeId: change }),
  ...(since === undefined ? {} : { since }),
  ...(until === undefined ? {} : { until }),
  ...(before === undefined ? {} : { before }),
})

const rowOf = (step: FoundStep): string[] => [
  step.endedAt ?? step.at,
  step.hostId,
  step.changeId,
  step.ring,
  step.step,
  String(step.attempt),
  String(step.exitCode),
  step.because === undefined ? step.outcome : `${step.outcome}: ${step.because}`,
  step.outputLocation ?? '',
]

function instant(text: string): string {
  const ms = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(ms)) throw new InvalidArgumentError('expected a time like 2026-11-25T08:00:00Z')
  return new Date(ms).toISOString()
}

function count(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('expected a whole number of at least 1')
  return value
}
