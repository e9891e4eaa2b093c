export { DocumentPin, Plan, PlannedHost, PlannedRing, PlanRecord, ServiceLimit } from './plan.ts'
