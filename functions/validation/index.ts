export {
  type JudgeInput,
  type Judgement,
  judgeCanary,
  type MetricSamples,
  type MetricVerdict,
  mediumEffect,
  type Verdict,
} from './judge.ts'
export { type MannWhitney, mannWhitney } from './mann-whitney.ts'
export type { MetricSource } from './ports.ts'
export { Look, Validation, ValidationRecord } from './validation.ts'
