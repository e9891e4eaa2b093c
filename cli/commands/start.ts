/** `drydock start`: the local cloud and its scenario. */
import type { Command } from 'commander'
import { exitCodes } from '../exit-codes.ts'
import { Ended } from '../output.ts'
import { start, stopOnInterrupt } from '../start.ts'

export function addStart(program: Command) {
  program
    .command('start')
    .description('bring up the whole of Drydock on this machine and watch a finding being fixed, proven and filed')
    .option('--yes', 'approve without a person', false)
    .option('--ci', 'plain lines', process.env.CI === 'true')
    .option('--keep', 'stay up afterwards, to play with', false)
    .option('--json', 'the summary as one JSON document', false)
    .option('--in-process', 'no emulator: the local implementations of the ports', false)
    .addHelpText('after', '\nExample: drydock start --yes')
    .action(async (options: { yes: boolean; ci: boolean; keep: boolean; json: boolean; inProcess: boolean }) => {
      stopOnInterrupt()
      if (!(await start(options)))
        throw new Ended(exitCodes.error, 'the scenario did not end as it should; see the summary')
    })
}
