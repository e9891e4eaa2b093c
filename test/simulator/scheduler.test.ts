import { describe, expect, it } from 'vitest'
import { Scheduler, type SchedulerOptions } from '../../simulator/scheduler.ts'

const startMs = Date.parse('2026-01-01T00:00:00.000Z')
const make = (options: Partial<SchedulerOptions> = {}) => new Scheduler({ startMs, ...options })
const never = { until: () => false }

describe('2.4 virtual time', () => {
  it('runs actions in the order of their instants, and those of one instant as they were scheduled', async () => {
    const scheduler = make()
    const seen: string[] = []
    const note = (text: string) => () => seen.push(`${text} ${scheduler.clock.nowMs() - startMs}`)
    scheduler.after(20, 'c', note('c'))
    scheduler.after(10, 'a', note('a'))
    scheduler.after(10, 'b', note('b'))
    await scheduler.run({ until: () => seen.length === 3 })
    expect(seen).toEqual(['a 10', 'b 10', 'c 20'])
  })

  it('lets everything that follows from an action happen before time goes on', async () => {
    const scheduler = make()
    const seen: number[] = []
    const chain = async () => {
      for (let count = 0; count < 50; count++) await Promise.resolve()
      await new Promise((done) => setImmediate(done))
      seen.push(scheduler.clock.nowMs() - startMs)
    }
    scheduler.after(5, 'chain', chain)
    scheduler.after(6, 'next', () => seen.push(6))
    await scheduler.run({ until: () => seen.length === 2 })
    expect(seen).toEqual([5, 6])
  })

  it('lets work that sleeps run side by side, each on its own time', async () => {
    const scheduler = make()
    const seen: string[] = []
    const walker = async (name: string, stepMs: number) => {
      for (let step = 1; step <= 3; step++) {
        await scheduler.sleep(stepMs, name)
        seen.push(`${name}${step}`)
      }
    }
    await scheduler.during(async () => Promise.all([walker('slow', 10), walker('fast', 4)]))
    expect(seen).toEqual(['fast1', 'fast2', 'slow1', 'fast3', 'slow2', 'slow3'])
    expect(scheduler.clock.nowMs()).toBe(startMs + 30)
  })

  it('does not run what was cancelled', async () => {
    const scheduler = make()
    const seen: string[] = []
    scheduler.after(1, 'a', () => seen.push('a'))()
    scheduler.after(2, 'b', () => seen.push('b'))
    await scheduler.run({ until: () => seen.length > 0 })
    expect(seen).toEqual(['b'])
  })

  it('repeats a schedule until it is cancelled', async () => {
    const scheduler = make()
    let count = 0
    const cancel = scheduler.every(1_000, 'tick', () => count++)
    await scheduler.runTo(startMs + 3_500)
    cancel()
    await scheduler.runTo(startMs + 9_000)
    expect([count, scheduler.clock.nowMs() - startMs]).toEqual([3, 9_000])
  })

  it('says who waits for what when nothing is scheduled any more', async () => {
    const scheduler = make({ describe: () => ['approval in "Ask the approvers"'] })
    await expect(scheduler.run(never)).rejects.toThrow(
      /stalled at 2026-01-01T00:00:00.000Z: nothing is scheduled any more; waiting: approval in "Ask the approvers"/,
    )
  })

  it('calls it a stall when schedules alone go on, and names what is scheduled', async () => {
    const scheduler = make()
    scheduler.every(60_000, 'reconcile', () => undefined)
    const run = scheduler.run({ ...never, quietMs: 600_000 })
    await expect(run).rejects.toThrow(/nothing but schedules ran for 600 virtual seconds.*reconcile at/)
    expect(scheduler.clock.nowMs()).toBe(startMs + 600_000)
  })

  it('does not call it a stall while a timer runs, however long', async () => {
    const scheduler = make()
    let isOver = false
    scheduler.every(60_000, 'reconcile', () => undefined)
    scheduler.after(86_400_000, 'timeout', () => {
      isOver = true
    })
    await scheduler.run({ until: () => isOver, quietMs: 600_000 })
    expect(scheduler.clock.nowMs()).toBe(startMs + 86_400_000)
  })

  it('ends a run that takes longer than it may', async () => {
    const scheduler = make()
    scheduler.after(10_000, 'late', () => undefined)
    await expect(scheduler.run({ ...never, withinMs: 5_000 })).rejects.toMatchObject({ code: 'DD2440' })
    expect(scheduler.stepCount).toBe(0)
  })

  it('ends a run without end at its bound', async () => {
    const scheduler = make({ stepsMax: 100 })
    const again = () => scheduler.after(0, 'again', again)
    again()
    await expect(scheduler.run(never)).rejects.toMatchObject({ code: 'DD2441' })
    expect(scheduler.clock.nowMs()).toBe(startMs)
  })

  it('names the work that waits for something outside virtual time', async () => {
    const scheduler = make()
    scheduler.after(0, 'a call into the void', () => new Promise(() => undefined))
    await expect(scheduler.run(never)).rejects.toThrow(/a call into the void waits for something outside/)
  })

  it('ends the run with what an action throws', async () => {
    const scheduler = make()
    scheduler.after(0, 'bad', () => Promise.reject(new Error('broken')))
    await expect(scheduler.run(never)).rejects.toThrow('broken')
  })

  it('hands back what fails in work that it lets time pass for', async () => {
    const scheduler = make()
    const work = async () => {
      await scheduler.sleep(5, 'a little')
      throw new Error('the work failed')
    }
    await expect(scheduler.during(work)).rejects.toThrow('the work failed')
  })
})
