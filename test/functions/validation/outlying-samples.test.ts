import { describe, expect, it } from 'vitest'
import { normalNumbers } from '../../../bench/canary-runs.ts'
import { hostsOf } from '../../../functions/validation/hosts.ts'
import type { MetricSamples } from '../../../functions/validation/judge-input.ts'
import { outlyingSamples } from '../../../functions/validation/outlying-samples.ts'

const next = normalNumbers(5)
const side = (isHurt: (host: number, minute: number) => boolean = () => false) =>
  Array.from({ length: 6 }, (_, host) =>
    Array.from({ length: 60 }, (_one, minute) => next() + (isHurt(host, minute) ? 50 : 0)),
  )
const outlying = (more: Partial<MetricSamples>) =>
  outlyingSamples(hostsOf({ name: 'Latency', higherIsWorse: true, canary: side(), ...more }, 12), 1)

describe('6.3 outlyingSamples: rare ones, far above their host’s own median', () => {
  const twentieth = (host: number, minute: number) => (minute + host) % 20 === 7

  it('has nothing to say without anybody to compare with', () => {
    expect(outlying({})).toBeUndefined()
  })

  it('finds one in twenty on every host, against peers and against the past', () => {
    const found = outlying({ canary: side(twentieth), baseline: side(), history: side() })
    expect(found?.p).toBeLessThan(1e-4)
    expect(found?.share).toBeCloseTo(0.05, 2)
  })

  it('blames no patch for outliers that peers have as well, or that there were before', () => {
    expect(outlying({ canary: side(twentieth), baseline: side(twentieth) })?.p).toBeGreaterThan(0.05)
    expect(outlying({ canary: side(twentieth), baseline: side(), history: side(twentieth) })?.p).toBeGreaterThan(0.05)
  })

  it('takes hosts for units where they differ: one host’s outliers are no proof of the patch', () => {
    const oneHost = (host: number, minute: number) => host === 2 && minute % 3 === 0
    expect(outlying({ canary: side(oneHost), baseline: side() })?.p).toBeGreaterThan(0.05)
  })

  it('does not mind outliers on the better side', () => {
    expect(outlying({ canary: side(twentieth), baseline: side(), higherIsWorse: false })?.p).toBeGreaterThan(0.05)
  })
})
