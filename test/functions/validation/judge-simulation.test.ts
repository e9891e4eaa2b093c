import { describe, expect, it } from 'vitest'
import { processes, runCanaries } from '../../../bench/canary-runs.ts'

/** Three standard deviations above a share: a right judge exceeds it once in 700 seeds, and the seeds are fixed. */
const upTo = (share: number, runs: number) => share + 3 * Math.sqrt((share * (1 - share)) / runs)
const failedShare = (found: readonly unknown[]) => found.filter((count) => count !== undefined).length / found.length

describe('6.3 the judge in simulation: an hour, a sample a minute, a look every five minutes (bench/judge.ts has the large runs)', () => {
  it.each(processes.map((process, index) => [process.name, process, 40 + index] as const))(
    'fails a healthy patch in no more than 2 of 100 runs: %s',
    (_, process, seed) => {
      const runs = 150
      expect(failedShare(runCanaries({ process, runs, seed }))).toBeLessThanOrEqual(upTo(0.02, runs))
    },
    60_000,
  )

  it('raises no more false alarms for ten metrics than for one', () => {
    const [process] = processes
    const runs = 25
    expect(process && failedShare(runCanaries({ process, runs, seed: 50, metrics: 10 }))).toBeLessThanOrEqual(
      upTo(0.02, runs),
    )
  }, 60_000)

  it.each([
    [1, 26],
    [2, 13],
  ])(
    'finds a shift of %d standard deviations in %d samples on average, and nearly always within the hour',
    (shift, most) => {
      const [process] = processes
      const runs = 150
      const found = process ? runCanaries({ process, runs, seed: 60 + shift, shift }) : []
      const counts = found.filter((count) => count !== undefined)
      expect(1 - failedShare(found)).toBeLessThanOrEqual(upTo(0.01, runs))
      const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length
      const deviation = Math.sqrt(counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / counts.length)
      expect(mean).toBeLessThanOrEqual(most + (3 * deviation) / Math.sqrt(runs))
    },
    60_000,
  )

  it('finds a shift of two standard deviations in nearly every hour even at an autocorrelation of 0.5', () => {
    const process = processes.at(-1)
    const runs = 100
    const found = process ? runCanaries({ process, runs, seed: 70, shift: 2 }) : []
    expect(failedShare(found)).toBeGreaterThan(0.97)
  }, 60_000)
})
