/** The drydock command: every verb, its help with an example, and its exit code. */
import { Command } from 'commander'
import { addApprove } from './commands/approve.ts'
import { addCanary } from './commands/canary.ts'
import { addCatalogue } from './commands/catalogue.ts'
import { addChanges } from './commands/changes.ts'
import { addDoctor } from './commands/doctor.ts'
import { addEvidence } from './commands/evidence.ts'
import { addFindings } from './commands/findings.ts'
import { addLog } from './commands/log.ts'
import { addPlan } from './commands/plan.ts'
import { addReplay } from './commands/replay.ts'
import { addStart } from './commands/start.ts'
import { addStop } from './commands/stop.ts'
import { runProgram } from './run.ts'

/** The command with all its verbs, not yet run. */
export function drydock(): Command {
  const program = new Command('drydock')
    .description('A vulnerability on managed nodes, from found to fixed, proven and filed.')
    .option('--stack <name>', 'the hub stack to talk to', 'DrydockHub')
    .exitOverride()
    .showHelpAfterError('(run with --help for usage)')
    .addHelpText(
      'after',
      '\nExit codes: 0 ok, 1 error, 2 pending, 3 policy, 4 approval refused or expired, 5 rolled back, 6 held, 7 evidence bad, 64 usage, 130 interrupted',
    )
  for (const add of [
    addStart,
    addDoctor,
    addFindings,
    addCatalogue,
    addPlan,
    addCanary,
    addChanges,
    addLog,
    addApprove,
    addStop,
    addReplay,
    addEvidence,
  ])
    add(program)
  for (const verb of [...program.commands, ...program.commands.flatMap((command) => command.commands)])
    verb.exitOverride().showHelpAfterError()
  return program
}

/** Runs one command line; returns its exit code. */
export const runCommandLine = (words: readonly string[]): Promise<number> => runProgram(drydock(), words)
