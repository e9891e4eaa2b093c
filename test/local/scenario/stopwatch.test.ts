import { describe, expect, it } from 'vitest'
import { startStopwatch } from '../../../local/scenario/stopwatch.ts'

describe('startStopwatch', () => {
  it('gives each part the seconds since the part before', () => {
    let nowMs = 1_000
    const stopwatch = startStopwatch(() => nowMs)
    nowMs += 2_500
    stopwatch.lap('cloud')
    nowMs += 40
    stopwatch.lap('scenario')
    expect(stopwatch.laps).toEqual([
      { name: 'cloud', seconds: 2.5 },
      { name: 'scenario', seconds: 0.04 },
    ])
  })
})
