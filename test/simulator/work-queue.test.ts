import { describe, expect, it } from 'vitest'
import { Scheduler } from '../../simulator/scheduler.ts'
import { workQueue } from '../../simulator/work-queue.ts'

function setUp(latencyMs?: () => number) {
  const scheduler = new Scheduler({ startMs: 0 })
  const failures: string[] = []
  const queue = workQueue(scheduler, (what, error) => failures.push(`${what}: ${String(error)}`), latencyMs)
  return { scheduler, failures, queue }
}

describe('the queues of the simulated cloud', () => {
  it('tries again later each time, five times in all, and then gives up and says so', async () => {
    const { scheduler, failures, queue } = setUp()
    const triedAtMs: number[] = []
    const work = async () => {
      triedAtMs.push(scheduler.clock.nowMs())
      throw new Error('no')
    }
    queue.add('archive', work, 2)
    await scheduler.runTo(60_000)
    expect(triedAtMs).toEqual([2_000, 2_400, 3_200, 4_800, 8_000])
    expect(failures).toEqual(['archive: Error: no'])
  })

  it('takes its latency on the way', async () => {
    const { scheduler, queue } = setUp(() => 30)
    const doneAtMs: number[] = []
    queue.add('assess', async () => doneAtMs.push(scheduler.clock.nowMs()), 0)
    await scheduler.runTo(1_000)
    expect(doneAtMs).toEqual([30])
  })

  it('keeps no run alive by what a schedule does', async () => {
    const { scheduler, queue } = setUp()
    scheduler.every(60_000, 'tick', () => queue.add('tick', async () => undefined, 0, true))
    const run = scheduler.run({ until: () => false, quietMs: 600_000 })
    await expect(run).rejects.toThrow('nothing but schedules ran')
  })
})
