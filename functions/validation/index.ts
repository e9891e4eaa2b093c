export type { Comparison } from './compare.ts'
export {
  type Judgement,
  judgeCanary,
  judgeProblem,
  type MetricVerdict,
  mediumEffect,
  usualSamplesMin,
  type Verdict,
} from './judge.ts'
export type { JudgeInput, MetricSamples } from './judge-input.ts'
export { type MannWhitney, mannWhitney } from './mann-whitney.ts'
export type { MetricSource } from './ports.ts'
export { JudgeProblem } from './samples.ts'
export { Look, Validation, ValidationRecord } from './validation.ts'
