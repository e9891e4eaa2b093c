import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { judgeProblem } from '../../../functions/validation/judge.ts'
import { JudgeProblem } from '../../../functions/validation/samples.ts'

const problemOf = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../fixtures/canary/${name}.json`, import.meta.url), 'utf8'))
const judged = (name: string) => judgeProblem(JudgeProblem.parse(problemOf(name)))

describe('6.3 canaries as people met them elsewhere', () => {
  it.each([
    ['c01-sparse-errors', 'fail', /^Errors on the canary is 0\.5, on unpatched hosts 0\./],
    ['c02-seven-of-ten-high', 'fail', /^Errors on the canary is 100, on unpatched hosts 1\./],
    ['c03-zeros-vs-errors', 'fail', /^Errors on the canary is 2, on unpatched hosts 0\./],
    ['c04-variance-up', 'fail', /^the worst of Latency on the canary is 106, on unpatched hosts 17\.7\./],
    ['c05-all-null-canary', 'inconclusive', /0 samples of patched hosts/],
    ['c06-baseline-null', 'inconclusive', /0 samples of unpatched peers/],
    ['c07-identical-constants', 'pass', /^Errors on the canary is not worse: median 0, 0 on unpatched hosts\./],
    ['c08-one-bad-host-of-20', 'fail', /^Errors on 1 of 20 canary hosts \(host 20\) is 100, on unpatched hosts 0\./],
    ['c09-crash-flatline', 'fail', /^Requests on the canary is 0, on unpatched hosts 100\./],
    [
      'c10-traffic-stops-midway',
      'inconclusive',
      /the canary gave 11 of 31 samples and was silent for up to 20 periods/,
    ],
    ['c11-minute-sums-absent-means-zero', 'inconclusive', /0 samples of unpatched peers/],
    ['c13-infinity-ratio', 'fail', /^Errors on the canary is 1e\+308, on unpatched hosts 0\.1\./],
    ['c14-slow-rise-late', 'fail', /^Errors on the canary rose from 0 to 50 since the last look\./],
    [
      'c16-one-host-of-ten-dead-1h',
      'fail',
      /^Errors on 1 of 10 canary hosts \(host 10\) is 500, on unpatched hosts 0\./,
    ],
    ['c17-two-hosts-of-ten-dead-1h', 'fail', /^Errors on 2 of 10 canary hosts \(host 9, host 10\) is 500, /],
    ['c18-three-hosts-of-ten-dead-1h', 'fail', /^Errors on 3 of 10 canary hosts \(host 8, host 9, host 10\) is 500, /],
    ['c19-canary-silent-after-11-of-60', 'inconclusive', /the canary gave 11 of 60 samples/],
  ])('%s: %s', (name, verdict, sentence) => {
    const judgement = judged(name)
    expect(judgement.verdict).toBe(verdict)
    expect(judgement.reasons[0]).toMatch(sentence)
  })

  it('c12: refuses texts for numbers', () => {
    expect(JudgeProblem.safeParse(problemOf('c12-bad-value-type')).success).toBe(false)
  })

  it('c11: fails where absence means zero', () => {
    const problem = JudgeProblem.parse(problemOf('c11-minute-sums-absent-means-zero'))
    const metrics = problem.metrics.map((metric) => ({ ...metric, missing: 'zero' as const }))
    expect(judgeProblem({ ...problem, metrics }).verdict).toBe('fail')
  })

  it('c05: passes where absence means zero on both sides', () => {
    const problem = JudgeProblem.parse(problemOf('c05-all-null-canary'))
    const metrics = problem.metrics.map((metric) => ({ ...metric, missing: 'zero' as const }))
    expect(judgeProblem({ ...problem, metrics }).verdict).toBe('pass')
  })
})
