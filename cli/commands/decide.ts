/**
 * `drydock decide`: evaluates the decision tables for stated facts, exactly as the pipeline decides about a finding.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { loadPolicy } from '../../functions/catalogue/index.ts'
import { assess, factsOfQuestion, Questions } from '../../functions/risk/index.ts'
import { exitCodes } from '../exit-codes.ts'
import { Ended, print, printJson } from '../output.ts'
import { readInput } from '../read-input.ts'
import { describeProblems } from './catalogue.ts'
import { describeClocks, sha256 } from './replay.ts'

const ownPolicy = join(import.meta.dirname, '..', '..', 'policy', 'policy.yaml')

export function addDecide(program: Command) {
  program
    .command('decide')
    .description("evaluate a policy's decision tables for stated facts; needs no AWS")
    .requiredOption(
      '--input <file>',
      'facts as JSON, one object or a list, see docs/guides/decisions.md; - reads stdin',
    )
    .option('--policy <file>', 'the policy to decide by', ownPolicy)
    .option('--json', 'one JSON document', false)
    .addHelpText('after', '\nExample: drydock decide --input facts.json --json')
    .action(({ input, policy, json }: { input: string; policy: string; json: boolean }) => {
      const { risk } = readPolicy(policy)
      const decisions = readInput(input, Questions).map((question, index) =>
        assess(question.id ?? String(index), factsOfQuestion(question), risk, sha256),
      )
      if (json)
        printJson({
          decisions: decisions.map(({ findingId: id, policyRisk: _, ...decision }) => ({ id, ...decision })),
        })
      else
        for (const decision of decisions)
          print([`${decision.findingId}  priority ${decision.priority} of 100`, ...describeClocks(decision)].join('\n'))
    })
}

function readPolicy(file: string) {
  const loaded = loadPolicy(readFileSync(file, 'utf8'))
  if ('problems' in loaded)
    throw new Ended(exitCodes.policy, describeProblems(loaded.problems.map((problem) => ({ file, ...problem }))))
  return loaded.value
}
