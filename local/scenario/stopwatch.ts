/** The seconds of each part of a start, on the machine's clock whatever the cloud's own time is. */

export interface Lap {
  readonly name: string
  /** Real seconds. */
  readonly seconds: number
}

export interface Stopwatch {
  /** Ends the part that runs, under this name; the next begins. */
  lap(name: string): void
  readonly laps: readonly Lap[]
}

export function startStopwatch(nowMs: () => number = () => performance.now()): Stopwatch {
  let sinceMs = nowMs()
  const laps: Lap[] = []
  return {
    laps,
    lap(name) {
      const endMs = nowMs()
      laps.push({ name, seconds: (endMs - sinceMs) / 1000 })
      sinceMs = endMs
    },
  }
}
