import { describe, expect, it } from 'vitest'
import { runPaced } from '../../local/paced.ts'
import { Scheduler } from '../../simulator/scheduler.ts'

describe('virtual time at the pace of a clock on the wall', () => {
  it.each([
    [1, 500],
    [10, 50],
  ])('at pace %d an action in half a virtual second runs after %d real milliseconds', async (pace, afterMs) => {
    let wallMs = 7_000
    const scheduler = new Scheduler({ startMs: 0 })
    const wall = {
      nowMs: () => wallMs,
      pause: async (ms: number) => {
        wallMs += ms
      },
    }
    let ranAtMs: number | undefined
    scheduler.after(500, 'x', () => {
      ranAtMs = wallMs - 7_000
    })
    await runPaced(scheduler, pace, () => ranAtMs !== undefined, wall)
    expect(ranAtMs).toBe(afterMs)
  })
})
