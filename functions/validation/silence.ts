/** Silence: patched hosts that gave nothing for a while, or too little in all. Silence is no pass. */
import type { Host, MetricHosts } from './hosts.ts'
import type { JudgeInput, MetricSamples } from './judge-input.ts'
import { namesOf } from './words.ts'

/** Share of the samples there ought to be that a host must give, where nobody says otherwise. */
export const usualShareMin = 0.8
/** Periods in a row without a sample after which a host counts as silent, where nobody says otherwise. */
export const usualSilentPeriods = 3

/** Which patched hosts are silent, in words; undefined: none. */
export function silenceOf(
  metric: MetricSamples,
  { canary, isByHost }: MetricHosts,
  { sampleShareMin = usualShareMin, silentPeriodsMin = usualSilentPeriods }: JudgeInput,
): string | undefined {
  const isSilent = ({ given, expected, silentPeriods }: Host) =>
    silentPeriods >= silentPeriodsMin || given < sampleShareMin * expected
  const silent = canary.filter(isSilent)
  const worst = silent.reduce<Host | undefined>(
    (most, host) => (most === undefined || host.given < most.given ? host : most),
    undefined,
  )
  if (worst === undefined) return undefined
  const indexes = silent.map(({ index }) => index)
  const who = isByHost
    ? `${silent.length} of ${canary.length} patched hosts (${namesOf(metric, indexes)})`
    : 'the canary'
  const longest = Math.max(...silent.map(({ silentPeriods }) => silentPeriods))
  const limits = `a pass needs ${Math.round(sampleShareMin * 100)} % and no silence of ${silentPeriodsMin} periods`
  return `${who} gave ${worst.given} of ${worst.expected} samples and ${isByHost ? 'were' : 'was'} silent for up to ${longest} periods; ${limits}`
}
