/** `drydock start`: the local cloud and its scenario. */
import { type Command, InvalidArgumentError } from 'commander'
import { stopOnInterrupt } from '../../tools/processes.ts'
import { exitCodes } from '../exit-codes.ts'
import { Ended } from '../output.ts'
import { type StartOptions, start } from '../start.ts'

export function addStart(program: Command) {
  program
    .command('start')
    .description('run all of Drydock on this machine and watch a finding being fixed, proven and filed')
    .option('--yes', 'approve without a person', false)
    .option('--ci', 'plain lines', process.env.CI === 'true')
    .option('--keep', 'stay up afterwards, to explore', false)
    .option('--json', 'the summary as one JSON document', false)
    .option('--in-process', 'run without the emulator, on in-memory ports and virtual time', false)
    .option('--pace <factor>', 'in process: virtual seconds per real second, with console and inbox', paceOf)
    .option(
      '--from <instant>',
      'in process: when virtual time begins (ISO 8601), so that a run can be made again',
      instantOf,
    )
    .addHelpText('after', '\nExample: drydock start --yes')
    .action(async (options: StartOptions) => {
      stopOnInterrupt()
      if (!(await start(options)))
        throw new Ended(exitCodes.error, 'the scenario did not end as expected; see the summary')
    })
}

/** @throws InvalidArgumentError for anything but a number from 0.1 to 1000. */
function paceOf(text: string): number {
  const pace = Number(text)
  if (!(pace >= 0.1 && pace <= 1_000)) throw new InvalidArgumentError('Expected a number from 0.1 to 1000.')
  return pace
}

/** @throws InvalidArgumentError for anything but an instant with its offset. */
function instantOf(text: string): number {
  const atMs = Date.parse(text)
  if (!/^\d{4}-\d\d-\d\dT.*(?:Z|[+-]\d\d:\d\d)$/.test(text) || Number.isNaN(atMs))
    throw new InvalidArgumentError('Expected an instant such as 2026-11-30T22:35:58Z.')
  return atMs
}
