/** The validation of one ring of one change: how it opens, what a round does to it, and when it ends. */

import * as z from 'zod'
import { counted } from '../kit/display-text.ts'
import type { RecordKind } from '../kit/ledger.ts'
import { instantAfter, msBetween } from '../kit/time.ts'
import { ProbeOutcome } from '../rollout/index.ts'
import type { Judgement } from './judge.ts'

const VerdictName = z.enum(['pass', 'fail', 'inconclusive'])

/** One look at a canary, with its verdict and the statistics of each metric. */
export const Look = z.strictObject({
  at: z.string(),
  verdict: VerdictName,
  alphaSpent: z.number(),
  metrics: z.array(
    z.strictObject({
      name: z.string(),
      verdict: VerdictName,
      p: z.number(),
      /** p with autocorrelation allowed for; absent in older looks. */
      pAdjusted: z.number().optional(),
      effect: z.number(),
      samples: z.strictObject({ canary: z.number(), baseline: z.number(), history: z.number() }),
      because: z.string(),
    }),
  ),
  reasons: z.array(z.string()),
})
export type Look = z.infer<typeof Look>

/** The validation of one ring: state, soak, looks, and probes before and after the patch. */
export const Validation = z.strictObject({
  changeId: z.string(),
  ring: z.string(),
  state: z.enum(['soaking', 'passed', 'failed', 'inconclusive']),
  verdict: VerdictName.optional(),
  /** Why it ended as it did. */
  because: z.string().optional(),
  isCanary: z.boolean(),
  looks: z.array(Look),
  /** The probe results before the ring was patched, if known. */
  probesBefore: z.array(ProbeOutcome).optional(),
  /** Every probe since, oldest first. */
  probesAfter: z.array(ProbeOutcome),
  /** Rounds so far: each probes, and a canary's rounds also judge. */
  rounds: z.number().int().min(0),
  soakStartedAt: z.string(),
  soakUntil: z.string(),
  nextLookAt: z.string(),
  /** Patched hosts whose management or monitoring agent was silent at the last round (6.5). */
  agentsMissing: z.array(z.string()),
})
export type Validation = z.infer<typeof Validation>

/** A validation in the ledger, one record per change and ring. */
export const ValidationRecord: RecordKind<Validation> = { kind: 'validation', schema: Validation }

/** The numbers from policy, plan and service that govern a validation. */
export interface ValidationRules {
  readonly looksMax: number
  /** Looks that may follow when the last planned one came too early. */
  readonly looksExtra: number
  readonly lookSeconds: number
  readonly soakSeconds: number
  /** Failed probes in a row that are tolerated. */
  readonly probeFailuresMax: number
}

export interface Observation {
  readonly at: string
  readonly probes: readonly ProbeOutcome[]
  readonly agentsMissing: readonly string[]
  /** A canary's judgement, while it has looks left. */
  readonly judgement?: Judgement
}

/** Whole seconds from `now` until `at`, 0 when it has passed. */
export function secondsUntil(at: string, now: string): number {
  return Math.max(0, Math.ceil(msBetween(now, at) / 1000))
}

/**
 * Seconds between a canary's looks: its looks are spread over the soak, the last one at its end or later.
 */
const lookInterval = ({ soakSeconds, looksMax, lookSeconds }: ValidationRules) =>
  Math.max(lookSeconds, Math.ceil(soakSeconds / looksMax))

export interface OpeningFacts {
  readonly changeId: string
  readonly ring: string
  readonly isCanary: boolean
  readonly at: string
  readonly probes: readonly ProbeOutcome[]
  readonly probesBefore?: readonly ProbeOutcome[]
}

/**
 * A validation as it starts, with the first probes after the patch; failed at once if they fail more often than
 * tolerated.
 */
export function openValidation(facts: OpeningFacts, rules: ValidationRules): Validation {
  const { changeId, ring, isCanary, at, probes, probesBefore } = facts
  const firstLookSeconds = isCanary ? lookInterval(rules) : rules.soakSeconds
  const opened: Validation = {
    changeId,
    ring,
    isCanary,
    state: 'soaking',
    looks: [],
    ...(probesBefore === undefined ? {} : { probesBefore: [...probesBefore] }),
    probesAfter: [...probes],
    rounds: 0,
    soakStartedAt: at,
    soakUntil: instantAfter(at, rules.soakSeconds * 1000),
    nextLookAt: instantAfter(at, firstLookSeconds * 1000),
    agentsMissing: [],
  }
  const failing = probeFailure(opened, rules)
  return failing === undefined ? opened : end(opened, 'fail', failing)
}

/** A validation that could not start because an input is missing, so it holds. */
export function blockedValidation(facts: { changeId: string; ring: string; at: string; because: string }): Validation {
  const { changeId, ring, at, because } = facts
  const opened = openValidation({ changeId, ring, isCanary: false, at, probes: [] }, noRules)
  return end(opened, 'inconclusive', because)
}

/** A validation that lost an input during the soak. */
export const withoutVerdict = (validation: Validation, because: string): Validation =>
  end(validation, 'inconclusive', because)

const noRules: ValidationRules = { looksMax: 1, looksExtra: 0, lookSeconds: 1, soakSeconds: 0, probeFailuresMax: 0 }

/**
 * A validation after one more round.
 *
 * Order of the gates: probes failed too often, a metric is worse, looks left, the last look too early and more allowed,
 * the last look not a pass, soak not over,
 * a probe or an agent still missing. Only after all of these it passes; what is missing for too many rounds is inconclusive.
 */
export function addRound(validation: Validation, seen: Observation, rules: ValidationRules): Validation {
  if (validation.state !== 'soaking') return validation
  const looks = seen.judgement === undefined ? validation.looks : [...validation.looks, lookOf(seen.judgement, seen.at)]
  const after: Validation = {
    ...validation,
    looks,
    probesAfter: [...validation.probesAfter, ...seen.probes],
    rounds: validation.rounds + 1,
    agentsMissing: [...seen.agentsMissing],
  }
  const failing = probeFailure(after, rules)
  if (failing !== undefined) return end(after, 'fail', failing)
  if (seen.judgement?.verdict === 'fail') return end(after, 'fail', seen.judgement.reasons.join('. '))
  if (after.isCanary && looks.length < rules.looksMax) return lookAgain(after, seen.at, lookInterval(rules))
  const last = looks.at(-1)
  const mayWait = looks.length < rules.looksMax + rules.looksExtra
  if (after.isCanary && seen.judgement?.isTooEarly && mayWait) return lookAgain(after, seen.at, lookInterval(rules))
  if (after.isCanary && last?.verdict !== 'pass')
    return end(after, 'inconclusive', last?.reasons.join('. ') ?? 'no look was made')
  const soakLeftSeconds = secondsUntil(after.soakUntil, seen.at)
  if (soakLeftSeconds > 0) return lookAgain(after, seen.at, soakLeftSeconds)
  const missing = [...unhealthy(seen.probes), ...seen.agentsMissing.map((hostId) => `the agent of ${hostId} is silent`)]
  if (missing.length === 0) return end(after, 'pass', passReason(after))
  if (after.rounds >= roundsMax(rules)) return end(after, 'inconclusive', missing.join('. '))
  return lookAgain(after, seen.at, rules.lookSeconds)
}

/** Rounds after which a flapping probe or a silent agent holds the change. */
const roundsMax = ({ looksMax, looksExtra, probeFailuresMax }: ValidationRules) =>
  looksMax + looksExtra + probeFailuresMax + 2

const lookAgain = (validation: Validation, at: string, seconds: number): Validation => ({
  ...validation,
  nextLookAt: instantAfter(at, seconds * 1000),
})

const lookOf = ({ verdict, alphaSpent, metrics, reasons }: Judgement, at: string): Look => ({
  at,
  verdict,
  alphaSpent,
  metrics: metrics.map(({ name, verdict: ofMetric, p, pAdjusted, effect, samples, because }) => ({
    name,
    verdict: ofMetric,
    p,
    pAdjusted,
    effect,
    samples: { ...samples },
    because,
  })),
  reasons: [...reasons],
})

const endStates = { pass: 'passed', fail: 'failed', inconclusive: 'inconclusive' } as const

function end(validation: Validation, verdict: keyof typeof endStates, because: string): Validation {
  return { ...validation, state: endStates[verdict], verdict, because }
}

function passReason({ isCanary, looks, probesAfter, soakStartedAt, soakUntil }: Validation): string {
  const canary = isCanary ? `${counted(looks.length, 'look')}, no metric worse; ` : ''
  return `${canary}${counted(probesAfter.length, 'probe')}, the last of each healthy; soaked ${secondsUntil(soakUntil, soakStartedAt)} s`
}

const unhealthy = (probes: readonly ProbeOutcome[]) =>
  probes.filter((probe) => !probe.isHealthy).map((probe) => `probe ${probe.name}: ${probe.because ?? 'unhealthy'}`)

/** Failures of a probe since it was last healthy. */
export function failuresInRow(probes: readonly ProbeOutcome[], name: string): number {
  const ofName = probes.filter((probe) => probe.name === name)
  return ofName.length - 1 - ofName.findLastIndex((probe) => probe.isHealthy)
}

/**
 * The probe that failed more often in a row than tolerated.
 *
 * One that already failed before the patch is not a reason to roll back; it keeps the ring from passing, and so holds
 * it.
 */
function probeFailure(
  { probesAfter, probesBefore }: Validation,
  { probeFailuresMax }: ValidationRules,
): string | undefined {
  const failedBefore = new Set((probesBefore ?? []).filter((probe) => !probe.isHealthy).map((probe) => probe.name))
  const names = [...new Set(probesAfter.map((probe) => probe.name))]
  const failing = names.find((name) => !failedBefore.has(name) && failuresInRow(probesAfter, name) > probeFailuresMax)
  if (failing === undefined) return undefined
  const last = probesAfter.findLast((probe) => probe.name === failing)
  return `probe ${failing} failed ${counted(failuresInRow(probesAfter, failing), 'time')} in a row, ${probeFailuresMax} tolerated: ${last?.because ?? 'unhealthy'}`
}
