import { describe, expect, it } from 'vitest'
import { type Harm, runCell } from '../../../bench/canary-cells.ts'
import type { Comparison } from '../../../functions/validation/compare.ts'
import { type Doubtful, doubtOf } from '../../../functions/validation/doubt.ts'
import { hostsOf } from '../../../functions/validation/hosts.ts'
import type { TriedTest } from '../../../functions/validation/words.ts'

const metric = {
  name: 'Errors',
  higherIsWorse: true,
  canary: [
    [5, 6, 7],
    [5, 7, 6],
  ],
  baseline: [
    [1, 2, 3],
    [2, 3, 1],
  ],
}

const anyComparison = (more: Partial<Comparison> = {}): Comparison => ({
  against: 'unpatched peers',
  by: 'hosts with themselves',
  p: 0.5,
  pAdjusted: 0.5,
  smallestP: 0,
  effect: 0,
  interval: [-0.5, 0.5],
  samples: 10,
  effective: { canary: 10, other: 10 },
  ...more,
})
const anyTest = (more: Partial<TriedTest> = {}): TriedTest => ({
  name: 'all hosts',
  p: 0.5,
  tries: 1,
  mayMatter: true,
  threshold: 0.001,
  ...more,
})
const doubtAbout = (more: Partial<Doubtful>) =>
  doubtOf({
    metric,
    hosts: hostsOf(metric, 2),
    tests: [anyTest()],
    comparisons: [anyComparison()],
    metrics: 1,
    effectMin: 0.33,
    detectable: () => ({ shift: 0.5 }),
    ...more,
  })
const worse = anyComparison({ pAdjusted: 0.004, effect: 0.9, interval: [0.4, 1] })
const own = { against: 'their own past' } as const

describe('6.3 doubtOf: what looks like harm and is not significant', () => {
  it('doubts nothing where nothing looks like harm', () => {
    expect(doubtAbout({})).toBeUndefined()
  })

  it('says what rose, that it may be chance, and that more samples must show it', () => {
    expect(doubtAbout({ comparisons: [worse] })).toEqual({
      because:
        'Errors on the 2 canary hosts is 6, on unpatched hosts 2, which may be chance: more samples must show it',
      isTooEarly: true,
    })
  })

  it.each<[string, Partial<Comparison>, boolean]>([
    ['agrees', { pAdjusted: 0.001, effect: 0.8, interval: [0.5, 1] }, true],
    ['is not sure either', { pAdjusted: 0.04, effect: 0.3, interval: [-0.1, 0.7] }, true],
    ['says that nothing happened', { pAdjusted: 0.3, effect: 0.1, interval: [-0.4, 0.6] }, false],
    ['excludes harm that matters', { pAdjusted: 0.03, effect: 0.2, interval: [0.1, 0.3] }, false],
    ['cannot tell, for it suffers from what sets hosts apart', { by: 'hosts', pAdjusted: 0.3, effect: 0.1 }, true],
  ])('where one comparison shows harm and the other %s: doubt %s', (_, more, isDoubtful) => {
    const comparisons = [{ ...worse, ...own }, anyComparison(more)]
    expect(doubtAbout({ comparisons }) !== undefined).toBe(isDoubtful)
  })

  it('doubts no effect that is too small to matter, however small p is', () => {
    expect(doubtAbout({ comparisons: [{ ...worse, effect: 0.2 }] })).toBeUndefined()
  })

  it('shares the chance of doubt out over metrics', () => {
    expect(doubtAbout({ comparisons: [worse], metrics: 5 })).toEqual(expect.objectContaining({ isTooEarly: true }))
    expect(doubtAbout({ comparisons: [worse], metrics: 6 })).toBeUndefined()
  })

  it('says that no time helps where levels of hosts that nobody knows from before differ too much', () => {
    const comparisons = [
      { ...worse, ...own },
      anyComparison({ by: 'hosts', pAdjusted: 0.1, effect: 0.4, interval: [-0.3, 0.8] }),
    ]
    const doubt = doubtAbout({ comparisons, detectable: () => ({ shift: 1.7, hostsNeeded: 30 }) })
    expect(doubt?.isTooEarly).toBe(false)
    expect(doubt?.because).toMatch(
      /only a shift of 1\.7 standard deviations .* more time does not help, a past of the un/,
    )
    expect(doubtAbout({ comparisons, detectable: () => ({ shift: 1.7, samplesNeeded: 90 }) })?.isTooEarly).toBe(true)
  })

  it.each<[Partial<TriedTest>, boolean]>([
    [{ name: 'some hosts', p: 0.0004, tries: 10 }, true],
    [{ name: 'some hosts', p: 0.0006, tries: 10 }, false],
    [{ name: 'some hosts', p: 0.0004, tries: 10, mayMatter: false }, false],
    [{ name: 'all hosts, newest', p: 0.004 }, true],
    [{ name: 'spread', p: 0.006 }, false],
    [{ name: 'rare outliers', p: 0.002 }, true],
  ])('doubts other tests by their own share: %j: %s', (more, isDoubtful) => {
    expect(doubtAbout({ tests: [anyTest(), anyTest(more)] }) !== undefined).toBe(isDoubtful)
  })
})

const cell = { kind: 'normal', hosts: 10, rho: 0, hostDeviation: 1, hasPast: true, name: 'a cell' } as const
const harm: Harm = { hosts: 10, shift: 1 }
const verdictsOf = (outcomes: ReturnType<typeof runCell>) => outcomes.map(({ verdict }) => verdict)

describe('6.3 a short past and a past of one side, in simulation', () => {
  it('holds, and never passes, a shift that peers without a past cannot confirm', () => {
    expect(verdictsOf(runCell({ ...cell, harm }, 25, 71))).not.toContain('pass')
  })

  it('passes healthy hosts with the same past in more than nine of ten cases', () => {
    const passed = verdictsOf(runCell(cell, 25, 72)).filter((verdict) => verdict === 'pass')
    expect(passed.length).toBeGreaterThanOrEqual(23)
  })

  const short = { ...cell, hosts: 2, peers: 9, hasPeersPast: true, pastMinutes: 4 } as const
  it.each([4, 40])(
    'finds a shift of %d standard deviations on two hosts with four minutes of past at once',
    (shift) => {
      const found = runCell({ ...short, harm: { hosts: 2, shift } }, 25, 73)
      expect(verdictsOf(found)).toEqual(found.map(() => 'fail'))
      expect(Math.max(...found.map(({ look }) => look ?? 99))).toBeLessThanOrEqual(shift > 5 ? 1 : 3)
    },
  )

  it('fails no healthy patch of two hosts with four minutes of past', () => {
    expect(verdictsOf(runCell(short, 50, 74))).not.toContain('fail')
  })
})
