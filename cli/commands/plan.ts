/**
 * `drydock plan`: the plan of a change as a table with minimum healthy at every step, as the exact JSON whose hash is
 * approved, or as a picture; or the solution of a planning problem.
 */
import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { ChangeRecord } from '../../functions/changes/index.ts'
import { canonicalJson } from '../../functions/kit/json.ts'
import { keys } from '../../functions/kit/keys.ts'
import { ganttOfPlan, ganttSvg, PlanRecord } from '../../functions/planning/index.ts'
import { PlanningProblem, repeatedConflicts } from '../../functions/scheduling/index.ts'
import { connect } from '../connection.ts'
import { exitCodes } from '../exit-codes.ts'
import { Ended, print, printExact, say } from '../output.ts'
import { readInput } from '../read-input.ts'
import { renderPlan, renderSolution } from '../render-plan.ts'
import { solveProblem } from '../solve-problem.ts'

interface PlanOptions {
  readonly problem?: string
  readonly svg?: string
  readonly json: boolean
}

export function addPlan(program: Command) {
  program
    .command('plan [change]')
    .description('show the plan of a change; or solve a planning problem from a file')
    .option('--problem <file>', 'a planning problem as JSON, see docs/guides/planning.md; - reads stdin')
    .option('--svg <file>', 'also draw the plan: which hosts are in work when, and minimum healthy over time')
    .option('--json', 'canonical JSON; for a change exactly the bytes whose SHA-256 is the plan hash', false)
    .addHelpText(
      'after',
      '\nExit codes of --problem: 0 planned, 3 proven infeasible, 8 no plan found, 64 not a planning problem\nExample: drydock plan 01JD3F7Q4VQ8X2M5N6P7R8S9T0 --svg plan.svg',
    )
    .action(async (changeId: string | undefined, options: PlanOptions) => {
      if (options.problem !== undefined) return solveFile(options.problem, options)
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
      if (options.svg !== undefined) writePicture(options.svg, ganttSvg(ganttOfPlan(plan.value), { isFile: true }))
      if (options.json) printExact(canonicalJson(plan.value))
      else print(renderPlan(plan.value, change.value.planHash))
    })
}

function solveFile(file: string, { json, svg }: PlanOptions) {
  const problem = readInput(file, PlanningProblem)
  const repeated = repeatedConflicts(problem)
  if (repeated.length > 0) say(`${file}: conflicts name a pair more than once: ${someOf(repeated)}`)
  const solved = solveProblem(problem)
  if (!('solution' in solved)) {
    if (json) printExact(canonicalJson(solved))
    if ('infeasible' in solved)
      throw new Ended(exitCodes.policy, `no plan is possible: ${solved.infeasible}${namesOf(solved.names)}`)
    throw new Ended(exitCodes.noPlanFound, `no plan found: ${solved.noPlanFound}${namesOf(solved.names)}`)
  }
  if (svg !== undefined) writePicture(svg, solved.svg())
  if (json) printExact(canonicalJson(solved.solution))
  else print(renderSolution(solved.solution))
}

const namesMax = 10

const someOf = (names: readonly string[]) =>
  `${names.slice(0, namesMax).join(', ')}${names.length > namesMax ? ` and ${names.length - namesMax} more` : ''}`
const namesOf = (names: readonly string[]) => (names.length === 0 ? '' : ` (${someOf(names)})`)

function writePicture(file: string, svg: string) {
  writeFileSync(file, svg)
  say(`wrote ${file}`)
}
