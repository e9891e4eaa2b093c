export { lowerBoundSeconds } from './bound/lower-bound.ts'
export { PlanningProblem } from './problem.ts'
export { schedule } from './schedule.ts'
export { verifySchedule } from './verify/schedule.ts'
