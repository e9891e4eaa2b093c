export { run as readHostRuns } from './read-host-runs.ts'
