/** One round of observation: probes, agents and, for a canary with looks left, its metrics; then the pure decision. */
import type { Service } from '../catalogue/index.ts'
import type { Ledger } from '../kit/ledger.ts'
import { isoInstant } from '../kit/time.ts'
import { type Prober, probeAll } from '../rollout/index.ts'
import { type Judgement, judgeCanary, mediumEffect } from './judge.ts'
import { measure, silentAgents } from './observe.ts'
import type { MetricSource } from './ports.ts'
import type { Facts, Subject } from './subject.ts'
import { addRound, type Validation, withoutVerdict } from './validation.ts'

interface Ports {
  readonly ledger: Ledger
  readonly prober: Prober
  readonly metrics: MetricSource
}

/** The validation after the round now due; a missing input ends it as inconclusive. */
export async function takeRound(
  validation: Validation,
  facts: Subject['facts'],
  nowMs: number,
  ports: Ports,
): Promise<Validation> {
  if ('missing' in facts) return withoutVerdict(validation, facts.missing)
  const at = isoInstant(nowMs)
  const [probes, silent, judged] = await Promise.all([
    probeAll(facts.service, ports.prober, at),
    silentAgents(facts, ports.ledger),
    judge(validation, facts, nowMs, ports.metrics),
  ])
  const agentsMissing = [...new Set([...silent, ...judged.silent])]
  const { judgement } = judged
  const next = addRound(validation, { at, probes, agentsMissing, ...(judgement ? { judgement } : {}) }, facts.rules)
  return next.state === 'inconclusive' ? withOwner(next, facts.service) : next
}

/** A hold names who decides. */
const withOwner = (validation: Validation, { name, owner }: Service): Validation => ({
  ...validation,
  because: `${validation.because ?? ''}; ${owner}, who owns ${name}, decides`,
})

interface Judged {
  readonly judgement?: Judgement
  readonly silent: readonly string[]
}

async function judge(validation: Validation, facts: Facts, nowMs: number, source: MetricSource): Promise<Judged> {
  const { looksMax, looksExtra } = facts.rules
  if (!validation.isCanary) return { silent: [] }
  const { metrics, silent, faults } = await measure(facts, nowMs, source)
  const isPassed = validation.looks.length >= looksMax && validation.looks.at(-1)?.verdict === 'pass'
  if (isPassed || validation.looks.length >= looksMax + looksExtra) return { silent }
  const { alpha, samplesMin, sampleShareMin, silentPeriodsMin } = facts.policy.validation
  const look = validation.looks.length + 1
  const limits = { alpha, samplesMin, sampleShareMin, silentPeriodsMin, effectMin: mediumEffect }
  const judgement = judgeCanary({ ...limits, looksMax, looksExtra, look, metrics })
  return { silent, judgement: { ...judgement, reasons: [...judgement.reasons, ...faults] } }
}
