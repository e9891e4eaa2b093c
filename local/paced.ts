/** Lets virtual time pass at the pace of a clock on the wall, for people who watch and vote. */
import type { Scheduler } from '../simulator/scheduler.ts'

/** How often it looks at the wall, in milliseconds. */
const everyMs = 50

export interface Wall {
  nowMs(): number
  pause(ms: number): Promise<void>
}

const systemWall: Wall = {
  nowMs: () => performance.now(),
  pause: (ms) => new Promise((done) => setTimeout(done, ms)),
}

/** Runs the scheduler `pace` virtual seconds for each real one until `isOver`; what it throws ends it. */
export async function runPaced(
  scheduler: Scheduler,
  pace: number,
  isOver: () => boolean,
  wall: Wall = systemWall,
): Promise<void> {
  const [startedMs, virtualMs] = [wall.nowMs(), scheduler.clock.nowMs()]
  while (!isOver()) {
    await scheduler.runTo(virtualMs + Math.floor((wall.nowMs() - startedMs) * pace))
    if (!isOver()) await wall.pause(everyMs)
  }
}
