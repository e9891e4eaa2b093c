import { describe, expect, it } from 'vitest'
import { normalNumbers } from '../../../bench/canary-runs.ts'
import { detectable } from '../../../functions/validation/detectable.ts'
import { hostsOf } from '../../../functions/validation/hosts.ts'
import { viewsOf } from '../../../functions/validation/views.ts'

/** Hosts whose levels lie `apart` standard deviations from each other, `count` samples of each. */
function views(hosts: number, apart: number, count: number) {
  const next = normalNumbers(17)
  const side = () =>
    Array.from({ length: hosts }, () => {
      const level = 50 + apart * next()
      return Array.from({ length: count }, () => level + next())
    })
  return viewsOf(hostsOf({ name: 'Latency', higherIsWorse: true, canary: side(), baseline: side() }, 12), 'level')
}

describe('6.3 detectable: what a judge without a past can still find', () => {
  it('finds one standard deviation where hosts are alike and samples many', () => {
    expect(detectable(views(10, 0, 60), 0.001).shift).toBeLessThan(1)
  })

  it('says how many hosts it takes where they differ, and that no time helps', () => {
    const { shift, hostsNeeded, samplesNeeded } = detectable(views(10, 2, 60), 0.001)
    expect(shift).toBeGreaterThan(2)
    expect(hostsNeeded).toBeGreaterThan(50)
    expect(samplesNeeded).toBeUndefined()
  })

  it('says how many samples it takes where only samples lack', () => {
    const { shift, samplesNeeded } = detectable(views(5, 0, 12), 0.001)
    expect(shift).toBeGreaterThan(1)
    expect(samplesNeeded).toBeGreaterThan(12)
    expect(samplesNeeded).toBeLessThan(120)
  })

  it('finds nothing with one host a side', () => {
    expect(detectable(views(1, 0, 60), 0.001)).toEqual({ shift: Number.POSITIVE_INFINITY })
  })
})
