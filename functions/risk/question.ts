/**
 * A decision requested outside the pipeline, on facts stated by a person or another system instead of findings and
 * feeds.
 */
import * as z from 'zod'
import { dayStartMs, instantMs, isoInstant } from '../kit/time.ts'
import type { RiskFacts } from './assessment.ts'
import { cvssFacts } from './cvss-facts.ts'

/** An instant, or the start of a day in UTC. */
const instant = z.union([
  z.iso.datetime({ offset: true }).transform((text) => isoInstant(instantMs(text))),
  z.iso.date().transform((text) => isoInstant(dayStartMs(text))),
])
const missing = (text: unknown) => text ?? 'missing'

/** What `drydock decide` takes; omitted facts are unknown, and unknown is never read as harmless. */
export const RiskQuestion = z.strictObject({
  /** Returned with the answer; defaults to the position in the list. */
  id: z.string().min(1).max(200).optional(),
  vulnerabilityId: z.string().max(100).optional(),
  inKev: z.boolean(),
  /** Day on which CISA listed it. */
  kevDateAdded: z.iso.date().optional(),
  kevForensicTriage: z.boolean().default(false),
  /** Absent: unknown, which counts as exposed (BOD 26-04). */
  publiclyExposed: z.boolean().optional(),
  /** What is known of the network around it; absent: internet, internal or unknown by `publiclyExposed`. */
  serviceExposure: z.enum(['internet', 'internal', 'isolated', 'unknown']).optional(),
  automatable: z.preprocess(missing, z.enum(['yes', 'no', 'missing'])),
  technicalImpact: z.preprocess(missing, z.enum(['partial', 'total', 'missing'])),
  exploitation: z.enum(['none', 'poc', 'active']).default('none'),
  /** Absent: mission-critical. */
  tier: z.enum(['mission-critical', 'business-essential', 'non-essential']).default('mission-critical'),
  /** Probability of exploitation in 30 days, 0 to 1. */
  epss: z.number().min(0).max(1).optional(),
  /** CVSS vectors of any version; the highest score of the newest version counts. */
  cvss: z.array(z.string().max(500)).default([]),
  /** When the vulnerability was first seen on the asset. */
  detectedAt: instant,
})
export type RiskQuestion = z.infer<typeof RiskQuestion>

/** One question, or a list of them. */
export const Questions = z.preprocess((value) => (Array.isArray(value) ? value : [value]), z.array(RiskQuestion))

/** The facts that the tables read; `publiclyExposed` alone decides whether it counts as exposed where it is stated. */
export function factsOfQuestion(question: RiskQuestion): RiskFacts {
  const { id: _, cvss, publiclyExposed, serviceExposure, ...stated } = question
  const exposure = serviceExposure ?? exposureOf(publiclyExposed)
  const isExposed = publiclyExposed ?? (exposure === 'internet' || exposure === 'unknown')
  return {
    ...stated,
    publiclyExposed: isExposed,
    publiclyExposedBecause: isExposed && exposure !== 'unknown' ? 'service-exposure' : becauseOf[exposure],
    serviceExposure: exposure,
    ...cvssFacts(cvss),
    feeds: {},
  }
}

type Exposure = NonNullable<RiskFacts['serviceExposure']>

function exposureOf(publiclyExposed: boolean | undefined): Exposure {
  if (publiclyExposed === undefined) return 'unknown'
  return publiclyExposed ? 'internet' : 'internal'
}

const becauseOf = {
  internet: 'service-exposure',
  unknown: 'unknown-counts-as-exposed',
  internal: 'service-internal',
  isolated: 'service-isolated',
} as const
