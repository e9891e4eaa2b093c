export { ringsOf, run as readHostRuns } from './read-host-runs.ts'
