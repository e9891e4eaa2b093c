import { describe, expect, it } from 'vitest'
import { normalNumbers } from '../../../bench/canary-runs.ts'
import { hostsOf } from '../../../functions/validation/hosts.ts'
import type { MetricSamples } from '../../../functions/validation/judge-input.ts'
import { testMetric } from '../../../functions/validation/metric-tests.ts'

const next = normalNumbers(31)
const draw = (level = 0, scatter = 1) => Array.from({ length: 60 }, () => level + scatter * next())
const side = (count: number, level = 0, scatter = 1) => Array.from({ length: count }, () => draw(level, scatter))
const tested = (more: Partial<MetricSamples>, look = 12) => {
  const metric = { name: 'Latency', higherIsWorse: true, canary: side(3), ...more }
  return testMetric(hostsOf(metric, look), 0.33)
}
const namesOf = (found: ReturnType<typeof testMetric>) => found.tests.map(({ name }) => name)
const test = (found: ReturnType<typeof testMetric>, name: string) => found.tests.find((one) => one.name === name)

describe('6.3 testMetric: which tests there are', () => {
  it('of hosts with peers and a past are all but that of a spread which is none', () => {
    const found = tested({ baseline: side(3), history: side(3), baselineHistory: side(3) })
    expect(namesOf(found).filter((name) => name !== 'spread')).toEqual([
      'all hosts',
      'some hosts',
      'all hosts, newest',
      'some hosts, newest',
      'rare outliers',
    ])
  })

  it('of one host a side without a past are no tests of the level', () => {
    expect(namesOf(tested({ canary: side(1), baseline: side(1) }, 1))).not.toContain('all hosts')
  })

  it('of one series a side are none of single hosts', () => {
    const found = tested({ canary: draw(), baseline: draw() })
    expect(namesOf(found)).not.toContain('some hosts')
    expect(found.comparisons.map(({ by }) => by)).toEqual(['samples'])
  })

  it('have no newest samples at the first look', () => {
    expect(namesOf(tested({ baseline: side(3) }, 1)).filter((name) => name.endsWith('newest'))).toEqual([])
  })

  it('compare with both, or with whatever there is', () => {
    const against = (more: Partial<MetricSamples>) => tested(more).comparisons.map((one) => `${one.against} ${one.by}`)
    expect(against({ baseline: side(3), history: side(3), baselineHistory: side(3) })).toEqual([
      'unpatched peers hosts with themselves',
      'their own past hosts with themselves',
    ])
    expect(against({ baseline: side(3), history: side(3) })).toEqual([
      'unpatched peers hosts',
      'their own past hosts with themselves',
    ])
    expect(against({ history: side(3) })).toEqual(['their own past hosts with themselves'])
  })
})

describe('6.3 testMetric: what they find', () => {
  it('a spread that explodes with a level median', () => {
    const found = tested({ canary: side(3, 0, 6), baseline: side(3), history: side(3), baselineHistory: side(3) })
    expect(test(found, 'spread')?.p).toBeLessThan(1e-6)
    expect(test(found, 'all hosts')?.p).toBeGreaterThan(0.001)
  })

  it('shares the tries of newest samples out over hosts and over one look and two', () => {
    const found = tested({ baseline: side(3), history: side(3), baselineHistory: side(3) })
    expect(test(found, 'some hosts')?.tries).toBe(3)
    expect(test(found, 'some hosts, newest')?.tries).toBe(6)
    expect(test(found, 'all hosts, newest')?.tries).toBe(2)
  })

  it('an effect that cannot be medium matters to nobody', () => {
    const large = (level: number) => Array.from({ length: 20 }, () => draw(level))
    const found = tested({
      canary: large(0.15),
      baseline: large(0),
      history: large(0),
      baselineHistory: large(0),
    })
    expect(test(found, 'all hosts')?.mayMatter).toBe(false)
  })
})
