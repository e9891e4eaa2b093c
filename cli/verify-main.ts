/** The drydock command with one verb, `evidence verify`: it needs no AWS, so it loads no SDK. */
import { Command } from 'commander'
import { addEvidenceVerify } from './commands/evidence-verify.ts'
import { runProgram } from './run.ts'

/** Runs `evidence verify …`; returns its exit code. */
export function runCommandLine(words: readonly string[]): Promise<number> {
  const program = new Command('drydock').exitOverride().showHelpAfterError('(run with --help for usage)')
  const evidence = program.command('evidence').exitOverride()
  addEvidenceVerify(evidence)
  for (const verb of evidence.commands) verb.exitOverride().showHelpAfterError()
  return runProgram(program, words)
}
