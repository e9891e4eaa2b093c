/** `drydock stop`: the kill switch. */
import type { Command } from 'commander'
import { systemClock, systemIds } from '../../functions/aws/runtime.ts'
import { pullStop } from '../../functions/changes/index.ts'
import { connect } from '../connection.ts'
import { exitCodes } from '../exit-codes.ts'
import { Ended, say } from '../output.ts'

export function addStop(program: Command) {
  program
    .command('stop [change]')
    .description('send no further command: for one change, or for all with --all; --lift takes it back')
    .option('--all', 'every change', false)
    .option('--lift', 'let the dispatcher send again', false)
    .requiredOption('--because <text>', 'the reason, kept in evidence')
    .requiredOption('--as <person>', 'your id in the catalogue, kept in evidence')
    .addHelpText('after', '\nExample: drydock stop --all --because "checkout is down" --as sven')
    .action(
      async (changeId: string | undefined, options: { all: boolean; lift: boolean; because: string; as: string }) => {
        if ((changeId === undefined) === !options.all)
          throw new Ended(exitCodes.usage, 'name a change or say --all, not both')
        const { ledger } = await connect(program.opts<{ stack: string }>().stack)
        await pullStop(
          {
            scope: options.all ? 'all' : (changeId ?? ''),
            isLifted: options.lift,
            because: options.because,
            by: options.as,
          },
          { ledger, clock: systemClock, ids: systemIds, account: process.env.DRYDOCK_ACCOUNT ?? 'unknown' },
        )
        say(options.lift ? 'the stop is lifted' : 'stopped: commands in flight finish, nothing new is sent')
      },
    )
}
