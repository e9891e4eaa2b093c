/** `drydock doctor`: what is wrong, each with the command that fixes it. */
import type { Command } from 'commander'
import type { Check } from '../doctor/check.ts'
import { checkHub } from '../doctor/hub.ts'
import { checkMachine } from '../doctor/machine.ts'
import { exitCodes } from '../exit-codes.ts'
import { Ended, print, printJson, table } from '../output.ts'

const shown = { ok: 'ok', warn: 'warn', fail: 'FAIL' } as const

export function addDoctor(program: Command) {
  program
    .command('doctor')
    .description('check this machine, the hub, its account and its nodes; exits 1 when anything fails, 0 with warnings')
    .option('--json', 'one JSON document', false)
    .addHelpText('after', '\nExample: drydock doctor --json')
    .action(async (options: { json: boolean }) => {
      report([...(await checkMachine()), ...(await checkHub(program.opts<{ stack: string }>().stack))], options.json)
    })
}

/** @throws Ended with exit code 1 when a check fails. */
export function report(checks: readonly Check[], isJson: boolean): void {
  const count = (verdict: Check['verdict']) => checks.filter((check) => check.verdict === verdict).length
  if (isJson) printJson({ checks, fails: count('fail'), warnings: count('warn') })
  else
    print(
      table(
        ['', 'CHECK', 'FOUND'],
        checks.flatMap(({ verdict, name, found, mend }) => [
          [shown[verdict], name, found],
          ...(mend === '' ? [] : [['', 'to do', mend]]),
        ]),
      ),
    )
  if (count('fail') > 0) throw new Ended(exitCodes.error, `${count('fail')} of ${checks.length} checks failed`)
}
