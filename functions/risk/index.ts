export { Assessment, AssessmentRecord, Clock, RiskFacts } from './assessment.ts'
