export { type Judgement, judgeProblem } from './judge.ts'
export type { MetricSource } from './ports.ts'
export { JudgeProblem } from './samples.ts'
export { Validation, ValidationRecord } from './validation.ts'
