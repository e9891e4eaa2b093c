/**
 * Doubt: what looks like harm and is not significant. A pass says that harm which matters would have been seen, or is
 * excluded, so that doubt at the last look holds.
 */
import type { Comparison } from './compare.ts'
import { type Detectable, findableMax } from './detectable.ts'
import type { MetricHosts } from './hosts.ts'
import type { MetricSamples } from './judge-input.ts'
import type { TestName } from './metric-tests.ts'
import { number, type TriedTest, worseSentence } from './words.ts'

/** Chance of a healthy patch that a test is in doubt; of the level by each of its comparisons. */
const doubtfulShares: Readonly<Record<TestName, number>> = {
  'all hosts': 0.02,
  'some hosts': 0.005,
  'all hosts, newest': 0.005,
  'some hosts, newest': 0.005,
  spread: 0.005,
  'rare outliers': 0.0025,
}

/** Why a pass would guess, and whether more looks may tell. */
export interface Doubt {
  readonly because: string
  readonly isTooEarly: boolean
}

export interface Doubtful {
  readonly metric: MetricSamples
  readonly hosts: MetricHosts
  readonly tests: readonly TriedTest[]
  readonly comparisons: readonly Comparison[]
  /** Metrics that share the chance of doubt. */
  readonly metrics: number
  readonly effectMin: number
  /** What a comparison of the levels of hosts could find. */
  readonly detectable: () => Detectable
}

/** Why the last look must not pass; undefined: nothing looks like harm. */
export function doubtOf(seen: Doubtful): Doubt | undefined {
  const { metric, hosts, tests } = seen
  const test = tests.find((one) => (one.name === 'all hosts' ? isLevelDoubtful(seen) : isDoubtful(one, seen)))
  if (test === undefined) return undefined
  const sentence = worseSentence(metric, hosts, test)
  const hidden = test.name === 'all hosts' ? whatHides(seen) : undefined
  return hidden === undefined
    ? { because: `${sentence}, which may be chance: more samples must show it`, isTooEarly: true }
    : { because: `${sentence}, ${hidden}`, isTooEarly: false }
}

const isDoubtful = ({ name, p, tries, mayMatter }: TriedTest, { metrics }: Doubtful) =>
  mayMatter && p <= doubtfulShares[name] / tries / metrics

const seemsWorse = ({ pAdjusted, effect }: Comparison, { metrics, effectMin }: Doubtful) =>
  effect >= effectMin && pAdjusted <= doubtfulShares['all hosts'] / metrics

/** One comparison shows harm, and no other speaks against it. */
const isLevelDoubtful = (seen: Doubtful) =>
  seen.comparisons.some((one) => seemsWorse(one, seen)) && !seen.comparisons.some((one) => deniesHarm(one, seen))

/** From this p on a comparison that does not suffer from what sets hosts apart says that nothing happened. */
const harmlessP = 0.05

const deniesHarm = ({ by, pAdjusted, effect, interval: [, high] }: Comparison, { effectMin }: Doubtful) =>
  high < effectMin || (by !== 'hosts' && pAdjusted > harmlessP && effect < effectMin)

/** Patched hosts rose for sure, and unpatched ones, which nobody knows from before, differ too much to say whether all did. */
function whatHides({ comparisons, detectable }: Doubtful): string | undefined {
  if (!comparisons.some(({ by }) => by === 'hosts')) return undefined
  const { shift, samplesNeeded } = detectable()
  if (shift <= findableMax || samplesNeeded !== undefined) return undefined
  return `but unpatched hosts differ so much that only a shift of ${number(shift)} standard deviations would be told from what befell all: more time does not help, a past of the unpatched hosts would`
}
