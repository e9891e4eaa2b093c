/** Lets the fleet live on virtual time: it is looked at when something happens on it, and at no other instant. */
import type { Scheduler } from '../scheduler.ts'
import type { FleetEvent } from './commands.ts'
import type { Fleet } from './fleet.ts'

export interface Pump {
  /** To be called after everything that may bring the next event forward: a command, a node that comes back. */
  look(): void
}

/** Milliseconds after which a fleet is looked at again that says it is due and does not move. */
const pauseMs = 1_000

/** Hands events and outputs on as they come about; `onMove` is told after each look. */
export function fleetPump({
  fleet,
  scheduler,
  onEvent,
  onMove,
}: {
  readonly fleet: Fleet
  readonly scheduler: Scheduler
  readonly onEvent: (event: FleetEvent) => void
  readonly onMove: () => void
}): Pump {
  const { clock } = scheduler
  let armedMs = Number.POSITIVE_INFINITY
  let cancel = () => {}
  const arm = (soonestMs: number) => {
    const nextMs = Math.max(soonestMs, fleet.nextAtMs() ?? Number.POSITIVE_INFINITY)
    if (nextMs === armedMs) return
    cancel()
    armedMs = nextMs
    if (armedMs < Number.POSITIVE_INFINITY) cancel = scheduler.after(armedMs - clock.nowMs(), 'fleet', move)
  }
  const move = () => {
    armedMs = Number.POSITIVE_INFINITY
    const nowMs = clock.nowMs()
    for (const event of fleet.tick(nowMs)) onEvent(event)
    fleet.outputs.length = 0
    onMove()
    const nextMs = fleet.nextAtMs() ?? Number.POSITIVE_INFINITY
    arm(nextMs > nowMs ? nowMs : nowMs + pauseMs)
  }
  return {
    look() {
      onMove()
      arm(clock.nowMs())
    },
  }
}
