/** `drydock plan`: the plan of a change as a table with minimum healthy at every step, or the exact JSON whose hash is approved. */
import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { ChangeRecord } from '../../functions/changes/index.ts'
import { canonicalJson } from '../../functions/kit/json.ts'
import { keys } from '../../functions/kit/keys.ts'
import { PlanningProblem, PlanRecord, schedule } from '../../functions/planning/index.ts'
import { connect } from '../connection.ts'
import { exitCodes } from '../exit-codes.ts'
import { Ended, print, printExact } from '../output.ts'
import { renderPlan } from '../render-plan.ts'

export function addPlan(program: Command) {
  program
    .command('plan [change]')
    .description('show the plan of a change; or solve a planning problem from a file')
    .option('--problem <file>', 'a planning problem as JSON, see docs/guides/planning.md')
    .option('--json', 'the canonical JSON: exactly the bytes whose SHA-256 is the plan hash', false)
    .addHelpText('after', '\nExample: drydock plan 01JD3F7Q4VQ8X2M5N6P7R8S9T0')
    .action(async (changeId: string | undefined, options: { problem?: string; json: boolean }) => {
      if (options.problem !== undefined) return solveFile(options.problem)
      if (changeId === undefined) throw new Ended(exitCodes.usage, 'name a change, or give --problem FILE')
      const { ledger } = await connect(program.opts<{ stack: string }>().stack)
      const change = await ledger.read(ChangeRecord, keys.change(changeId))
      if (!change) throw new Ended(exitCodes.error, `no change ${changeId}`)
      if (change.value.planHash === undefined)
        throw new Ended(
          change.value.state === 'held' ? exitCodes.held : exitCodes.pending,
          `no plan yet: ${change.value.heldBecause ?? change.value.state}`,
        )
      const plan = await ledger.read(PlanRecord, keys.plan(changeId, change.value.planHash))
      if (!plan) throw new Ended(exitCodes.error, `plan ${change.value.planHash} is missing`)
      if (options.json) printExact(canonicalJson(plan.value))
      else print(renderPlan(plan.value, change.value.planHash))
    })
}

function solveFile(file: string) {
  const problem = PlanningProblem.safeParse(JSON.parse(readFileSync(file, 'utf8')))
  if (!problem.success)
    throw new Ended(
      exitCodes.usage,
      `${file}: ${problem.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')}`,
    )
  const solution = schedule(problem.data)
  printExact(canonicalJson(solution))
  if ('infeasible' in solution) throw new Ended(exitCodes.policy, `no plan is possible: ${solution.infeasible}`)
}
