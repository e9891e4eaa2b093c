/** `drydock stop`: the kill switch. */
import type { Command } from 'commander'
import { ChangeRecord, pullStop } from '../../functions/changes/index.ts'
import { keys } from '../../functions/kit/keys.ts'
import { connect } from '../connection.ts'
import { exitCodes } from '../exit-codes.ts'
import { movePorts } from '../hub-ports.ts'
import { Ended, printJson, say } from '../output.ts'

interface Options {
  readonly all: boolean
  readonly lift: boolean
  readonly because: string
  readonly as: string
  readonly json: boolean
}

export function addStop(program: Command) {
  program
    .command('stop [change]')
    .description('send no further commands for one change, or for all with --all; --lift ends the stop')
    .option('--all', 'every change', false)
    .option('--lift', 'let the dispatcher send again', false)
    .requiredOption('--because <text>', 'the reason, kept in evidence')
    .requiredOption('--as <person>', 'your id in the catalogue, kept in evidence')
    .option('--json', 'one JSON document', false)
    .addHelpText('after', '\nExample: drydock stop --all --because "checkout is down" --as sven')
    .action(async (changeId: string | undefined, { all, lift, because, as: by, json }: Options) => {
      if ((changeId === undefined) === !all) throw new Ended(exitCodes.usage, 'name a change or say --all, not both')
      const ports = movePorts(await connect(program.opts<{ stack: string }>().stack))
      // Only a stop must name an existing change; any stop can be lifted.
      if (changeId !== undefined && !lift && !(await ports.ledger.read(ChangeRecord, keys.change(changeId))))
        throw new Ended(exitCodes.error, `no change ${changeId}: nothing was stopped`)
      const stop = await pullStop({ scope: changeId ?? 'all', isLifted: lift, because, by }, ports)
      if (json) return printJson({ stop })
      say(lift ? 'the stop is lifted' : 'stopped: commands in flight finish, nothing new is sent')
    })
}
