/** `drydock canary`: judges samples of patched and unpatched hosts from a file, exactly as a live canary is judged. */
import type { Command } from 'commander'
import { type Judgement, JudgeProblem, judgeProblem } from '../../functions/validation/index.ts'
import { exitCodes } from '../exit-codes.ts'
import { Ended, print, printJson, table } from '../output.ts'
import { readInput } from '../read-input.ts'

const codes = { pass: exitCodes.ok, fail: exitCodes.policy, inconclusive: exitCodes.held } as const

export function addCanary(program: Command) {
  const canary = program.command('canary').description('judge a canary')
  canary
    .command('judge')
    .description('whether patched hosts are worse than unpatched peers and than their own past, metric by metric')
    .requiredOption('--input <file>', 'samples as JSON, see docs/guides/canary-judge.md; - reads stdin')
    .option('--json', 'one JSON document', false)
    .addHelpText(
      'after',
      '\nExit codes: 0 pass, 3 fail, 6 inconclusive, 64 the input is malformed\nExample: drydock canary judge --input samples.json --json',
    )
    .action(({ input, json }: { input: string; json: boolean }) => {
      const problem = readInput(input, JudgeProblem)
      const judgement = judgeProblem(problem)
      if (json) printJson(document(problem, judgement))
      else print(asText(judgement))
      throw new Ended(codes[judgement.verdict])
    })
}

function document(problem: JudgeProblem, { verdict, alphaSpent, isTooEarly, metrics, reasons }: Judgement) {
  return {
    verdict,
    alpha: problem.alpha,
    looks: problem.looks,
    look: problem.look ?? problem.looks,
    alphaSpent,
    isTooEarly,
    reasons,
    metrics: [...metrics],
  }
}

function asText({ verdict, metrics, reasons }: Judgement): string {
  const number = (value: number) => String(Number(value.toPrecision(3)))
  const rows = metrics.map(({ name, verdict: ofMetric, pAdjusted, threshold, effect, samples }) => [
    name,
    ofMetric,
    number(pAdjusted),
    number(threshold),
    number(effect),
    `${samples.canary}/${samples.baseline}/${samples.history}`,
  ])
  const head = ['METRIC', 'VERDICT', 'P', 'NEEDED', 'EFFECT', 'CANARY/PEERS/PAST']
  return [verdict, '', table(head, rows), '', ...reasons].join('\n')
}
