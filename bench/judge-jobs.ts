/** What the judge's benchmark simulates, cell by cell, on as many threads as there are cores; each cell has its own seed. */
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { type Cell, type Outcome, runCell } from './canary-cells.ts'
import { type Experiment, runCanaries, samplesPerLook } from './canary-runs.ts'
import type { BenchRow } from './table.ts'

export type CellJob =
  | { readonly cell: Cell; readonly runs: number; readonly seed: number }
  /** One series a side. */
  | { readonly experiment: Experiment }

/** A job, and what the table says of its outcomes. */
export interface PlannedRows {
  readonly name: string
  readonly job: CellJob
  readonly rowsOf: (outcomes: readonly Outcome[]) => BenchRow[]
}

/** The outcomes of a job, the same for the same job. */
export function runJob(job: CellJob): readonly Outcome[] {
  if ('cell' in job) return runCell(job.cell, job.runs, job.seed)
  return runCanaries(job.experiment).map((count) =>
    count === undefined
      ? { verdict: 'inconclusive', isTooEarly: false, isFoundByBest: false }
      : { verdict: 'fail', look: count / samplesPerLook, isTooEarly: false, isFoundByBest: false },
  )
}

/** The rows of each planned job, in their order; lines on stderr for each job done. */
export async function rowsOfAll(planned: readonly PlannedRows[]): Promise<BenchRow[][]> {
  const rows: BenchRow[][] = planned.map(() => [])
  const waiting = planned.map((one, index) => ({ ...one, index }))
  let done = 1
  const work = async () => {
    const worker = new Worker(new URL('./judge-worker.ts', import.meta.url))
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const found = next.rowsOf(await answerOf(worker, next.job))
      rows[next.index] = found
      for (const { what, ours } of found)
        process.stderr.write(`judge ${done}/${planned.length}: ${what}: ${ours.toFixed(2)}\n`)
      done++
    }
    await worker.terminate()
  }
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), planned.length) }, work))
  return rows
}

/** One job at a time is with a worker. */
const answerOf = async (worker: Worker, job: CellJob): Promise<readonly Outcome[]> => {
  worker.postMessage(job)
  const [outcomes]: (readonly Outcome[])[] = await once(worker, 'message')
  return outcomes ?? []
}
