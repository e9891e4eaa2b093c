/** How the error rate of a metric is shared out over its tests, and how much of each share a look may spend. */
import { alphaSpentBy, type boundaryP } from './boundary.ts'
import type { MetricTest, TestName } from './metric-tests.ts'

/** Where hosts are told apart; the shares add up to 1. */
const sharesByHost: Readonly<Record<TestName, number>> = {
  'all hosts': 0.4,
  'some hosts': 0.25,
  'all hosts, newest': 0.1,
  'some hosts, newest': 0.1,
  spread: 0.075,
  'rare outliers': 0.075,
}

/** Where a side is one series. */
const sharesBySide: Readonly<Record<TestName, number>> = {
  'all hosts': 0.9,
  'some hosts': 0,
  'all hosts, newest': 0.04,
  'some hosts, newest': 0,
  spread: 0.04,
  'rare outliers': 0.02,
}

/** A single look has no newest samples: the level gets their share. */
const shareOf = (name: TestName, { isByHost, looks }: Pick<Spending, 'isByHost' | 'looks'>) => {
  const shares = isByHost ? sharesByHost : sharesBySide
  if (looks > 1 || name !== 'all hosts') return shares[name]
  return shares['all hosts'] + shares['all hosts, newest'] + shares['some hosts, newest']
}

export interface Spending {
  /** The error rate of the metric over all looks. */
  readonly alpha: number
  readonly look: number
  readonly looks: number
  /** The first look at which the metric had samples enough. */
  readonly firstLook: number
  readonly isByHost: boolean
  readonly findBoundary: typeof boundaryP
}

/**
 * The p that a test must not exceed at this look. Tests of all samples since the patch follow the boundary; newest samples
 * are new at each look, so that these looks simply share the error rate out.
 */
export function thresholdOf({ name, tries }: Pick<MetricTest, 'name' | 'tries'>, spending: Spending): number {
  const { look, looks, firstLook, findBoundary } = spending
  const alpha = (spending.alpha * shareOf(name, spending)) / tries
  if (alpha === 0) return 0
  if (name === 'all hosts, newest' || name === 'some hosts, newest')
    return alphaSpentBy(alpha, look, looks) - alphaSpentBy(alpha, look - 1, looks)
  return findBoundary({ alpha, looks, firstLook }, look)
}
