import { describe, expect, it } from 'vitest'
import { normalNumbers } from '../../../bench/canary-runs.ts'
import {
  adjustedMeans,
  canRankBoth,
  canRankHost,
  canRankOwn,
  followedMeansP,
  ownMeansP,
} from '../../../functions/validation/changes-in-level.ts'
import { hostsOf } from '../../../functions/validation/hosts.ts'
import { viewsOf } from '../../../functions/validation/views.ts'

const next = normalNumbers(11)
const draw = (count: number, level: number) => Array.from({ length: count }, () => level + next())
interface Facts {
  readonly levels?: readonly number[]
  readonly shift?: number
  readonly past?: number
  readonly now?: number
}
/** Two patched hosts and four others at levels of their own, `past` samples before and `now` after. */
function views({ levels = [100, 101, 99, 100, 102, 98], shift = 0, past = 4, now = 5 }: Facts = {}) {
  const [ours, theirs] = [levels.slice(0, 2), levels.slice(2)]
  const metric = {
    name: 'Latency',
    higherIsWorse: true,
    canary: ours.map((level) => draw(now, level + shift)),
    baseline: theirs.map((level) => draw(now, level)),
    history: past === 0 ? [] : ours.map((level) => draw(past, level)),
    baselineHistory: past === 0 ? [] : theirs.map((level) => draw(past, level)),
  }
  return viewsOf(hostsOf(metric, 2), 'level')
}

describe('6.3 where ranks say all they can', () => {
  it('cannot tell a few samples by ranks, and can an hour', () => {
    const [few, many] = [views(), views({ past: 60, now: 60 })]
    expect([canRankOwn(few.canary), canRankBoth(few), few.canary.every(canRankHost)]).toEqual([false, false, false])
    expect([canRankOwn(many.canary), canRankBoth(many), many.canary.every(canRankHost)]).toEqual([true, true, true])
  })

  it('has no means to pair without a past', () => {
    const none = views({ past: 0 })
    expect([ownMeansP(none), followedMeansP(none), adjustedMeans(none)]).toEqual([undefined, undefined, undefined])
  })
})

describe('6.3 means of few samples', () => {
  it('tell a large rise from a moderate one, where ranks have long given out', () => {
    const [large = 1, moderate = 0] = [views({ shift: 40 }), views({ shift: 4 })].map(followedMeansP)
    expect(large).toBeLessThan(1e-6)
    expect(moderate).toBeLessThan(0.01)
    expect(large).toBeLessThan(moderate)
    expect(ownMeansP(views({ shift: 40 }))).toBeLessThan(1e-9)
  })

  it('are no surer of healthy hosts than their p says: one in twenty of 300 draws is under 0.05', () => {
    const shareUnder = (levels: readonly number[]) =>
      Array.from({ length: 300 }, () => followedMeansP(views({ levels })) ?? 0).filter((p) => p < 0.05).length / 300
    expect(shareUnder([100, 100, 100, 100, 100, 100])).toBeLessThan(0.088)
    expect(shareUnder([100, 130, 120, 90, 110, 105])).toBeLessThan(0.088)
  })

  it('are sure that hosts which got better did not get worse', () => {
    expect(followedMeansP(views({ shift: -40 }))).toBeGreaterThan(0.99)
  })

  it('follow each host where hosts differ far more than they moved', () => {
    const apart = views({ levels: [100, 300, 200, 500, 50, 400], shift: 20 })
    expect(followedMeansP(apart)).toBeLessThan(0.01)
    expect(followedMeansP(views({ levels: [100, 300, 200, 500, 50, 400], shift: -20 }))).toBeGreaterThan(0.9)
  })

  it('leave a past that says nothing of a host out of account', () => {
    const alike = views({ levels: [100, 100, 100, 100, 100, 100], shift: 0, past: 1, now: 30 })
    const means = adjustedMeans(alike)?.canary.map(({ mean }) => mean) ?? []
    const plain = alike.canary.map(({ mean }) => mean.mean)
    expect(Math.abs((means[0] ?? 0) - (means[1] ?? 0))).toBeLessThan(Math.abs((plain[0] ?? 0) - (plain[1] ?? 0)) + 0.02)
  })

  it('take any difference for one where nothing varies', () => {
    const constant = (level: number) => [level, level, level]
    const metric = { name: 'E', higherIsWorse: true, canary: [constant(2)], baseline: [constant(1)] }
    const pasts = { history: [constant(1)], baselineHistory: [constant(1)] }
    expect(followedMeansP(viewsOf(hostsOf({ ...metric, ...pasts }, 1), 'level'))).toBe(0)
    const still = { ...metric, canary: [constant(1)], ...pasts }
    expect(followedMeansP(viewsOf(hostsOf(still, 1), 'level'))).toBe(0.5)
  })
})
