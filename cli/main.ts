/** The drydock command: every verb, its help with an example, and its exit code. */
import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import * as z from 'zod'
import { nearest } from '../functions/catalogue/index.ts'
import { addApprove } from './commands/approve.ts'
import { addCalendar } from './commands/calendar.ts'
import { addCanary } from './commands/canary.ts'
import { addCatalogue } from './commands/catalogue.ts'
import { addChanges } from './commands/changes.ts'
import { addDecide } from './commands/decide.ts'
import { addDoctor } from './commands/doctor.ts'
import { addDocuments } from './commands/documents.ts'
import { addEvidence } from './commands/evidence.ts'
import { addFindings } from './commands/findings.ts'
import { addLog } from './commands/log.ts'
import { addMigrate } from './commands/migrate.ts'
import { addPlan } from './commands/plan.ts'
import { addReplay } from './commands/replay.ts'
import { addStart } from './commands/start.ts'
import { addStop } from './commands/stop.ts'
import { addVersions } from './commands/versions.ts'
import { runProgram } from './run.ts'

const version = () =>
  z.object({ version: z.string() }).parse(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')))
    .version

/** The command with all its verbs, not yet run. */
export function drydock(): Command {
  const program = new Command('drydock')
    .description('Takes vulnerabilities on managed nodes from found to fixed, proven and filed.')
    .option('--stack <name>', 'the hub stack to talk to', 'DrydockHub')
    .version(version(), '--version', 'print the version')
    .exitOverride()
    .showHelpAfterError('(run with --help for usage)')
    .addHelpText(
      'after',
      '\nExit codes: 0 ok, 1 error, 2 pending, 3 policy, 4 approval refused or expired, 5 rolled back, 6 held, 7 evidence bad, 8 no plan found, 64 usage, 130 interrupted',
    )
  for (const add of [
    addStart,
    addDoctor,
    addFindings,
    addCatalogue,
    addPlan,
    addCalendar,
    addCanary,
    addChanges,
    addLog,
    addApprove,
    addStop,
    addMigrate,
    addReplay,
    addDecide,
    addVersions,
    addDocuments,
    addEvidence,
  ])
    add(program)
  for (const verb of [...program.commands, ...program.commands.flatMap((command) => command.commands)])
    verb.exitOverride().showHelpAfterError('(run with --help for usage)')
  for (const group of program.commands)
    for (const verb of group.commands) if (verb.registeredArguments.length === 0) nameUnknownVerb(group, verb)
  return program
}

/** A group would pass an unknown verb to its default verb, which would complain about too many arguments. */
function nameUnknownVerb(group: Command, verb: Command): void {
  const complain = verb.error.bind(verb)
  const names = group.commands.map((command) => command.name())
  verb.error = (message, options) => {
    const [word = ''] = verb.args
    if (options?.code !== 'commander.excessArguments') return complain(message, options)
    const meant = nearest(word, names)
    const hint = meant ? `(Did you mean ${meant}?)` : `(It has ${names.join(', ')}.)`
    return complain(`error: '${word}' is not a verb of ${group.name()}\n${hint}`, options)
  }
}

/** Runs one command line; returns its exit code. */
export const runCommandLine = (words: readonly string[]): Promise<number> => runProgram(drydock(), words)
