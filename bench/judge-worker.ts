/** A thread of the judge's benchmark: simulates the canaries of one cell after another. */
import { parentPort } from 'node:worker_threads'
import { type CellJob, runJob } from './judge-jobs.ts'

parentPort?.on('message', (job: CellJob) => parentPort?.postMessage(runJob(job)))
