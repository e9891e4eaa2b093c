/** What was decided about a finding, with everything needed to decide it again. */
import * as z from 'zod'
import type { RecordKind } from '../kit/ledger.ts'
import { tableOf } from '../kit/table.ts'

/** What the feeds say of one CVE of a finding with several. */
export const CveFacts = z.strictObject({
  cveId: z.string(),
  inKev: z.boolean(),
  kevDateAdded: z.string().optional(),
  isKevVanished: z.literal(true).optional(),
  kevForensicTriage: z.boolean(),
  automatable: z.enum(['yes', 'no', 'missing']),
  technicalImpact: z.enum(['partial', 'total', 'missing']),
  exploitation: z.enum(['none', 'poc', 'active']),
  epss: z.number().min(0).max(1).optional(),
})
export type CveFacts = z.infer<typeof CveFacts>

/** The facts that the decision tables read. */
export const RiskFacts = z.strictObject({
  vulnerabilityId: z.string().optional(),
  inKev: z.boolean(),
  kevDateAdded: z.string().optional(),
  /** Whether the row was in an earlier copy of KEV but not in the newest; it counts as listed. */
  isKevVanished: z.literal(true).optional(),
  /** KEV `forensicTriage`, since 2026-09. */
  kevForensicTriage: z.boolean(),
  publiclyExposed: z.boolean(),
  publiclyExposedBecause: z.enum([
    'reachability-finding',
    'service-exposure',
    'unknown-counts-as-exposed',
    'service-internal',
    'service-isolated',
  ]),
  /** What the catalogue says of the service, or unknown; absent in facts that an older Drydock stored. */
  serviceExposure: z.enum(['internet', 'internal', 'isolated', 'unknown']).optional(),
  automatable: z.enum(['yes', 'no', 'missing']),
  technicalImpact: z.enum(['partial', 'total', 'missing']),
  exploitation: z.enum(['none', 'poc', 'active']),
  tier: z.enum(['mission-critical', 'business-essential', 'non-essential']),
  epss: z.number().min(0).max(1).optional(),
  cvss: z.strictObject({ version: z.string(), vector: z.string(), score: z.number() }).optional(),
  /** Vectors that could not be scored, each with the reason; they never count as 0. */
  cvssRefused: z.array(z.string()).optional(),
  detectedAt: z.string(),
  /**
   * Of a finding with several CVEs: each one's facts, by id. Each is judged by itself; the fields above then hold the
   * worst value of each.
   */
  cves: z.array(CveFacts).optional(),
  /** Feeds consulted that were older than the policy's `feedAgeHoursMax`. */
  staleFeeds: z.array(z.string()).optional(),
  /** Version and date of every feed consulted. */
  feeds: tableOf(z.strictObject({ version: z.string(), date: z.string() })),
})
export type RiskFacts = z.infer<typeof RiskFacts>

/** One table's answer. `dueAt` is absent for "fix on system upgrade" and for decisions with no clock. */
export const Clock = z.strictObject({
  table: z.string(),
  tableVersion: z.string(),
  /** The row that fired, as numbered in the official table; absent if the missing-data rule decided. */
  row: z.number().int().optional(),
  decision: z.string(),
  dueAt: z.string().optional(),
  needsForensicTriage: z.boolean(),
  /** The CVE whose facts it was asked about; absent for a finding with one CVE at most. */
  cveId: z.string().optional(),
})
export type Clock = z.infer<typeof Clock>

/** The decision about a finding with every input, so that it can be replayed to the same bytes. */
export const Assessment = z.strictObject({
  findingId: z.string(),
  facts: RiskFacts,
  /** SHA-256 of the canonical policy.risk that was applied. */
  policyHash: z.string(),
  policyRisk: z.unknown(),
  /** The strictest clock of all tables and CVEs. */
  winner: Clock,
  /** The other tables' clocks for the deciding CVE, then the strictest of each other CVE, 20 of these at most. */
  losers: z.array(Clock),
  /** 0-100, 100 first. */
  priority: z.number().int().min(0).max(100),
  /** In words, most important first. */
  reasons: z.array(z.string()),
})
export type Assessment = z.infer<typeof Assessment>

/** The newest assessment of a finding, with the last change that the finding was in. */
export const RecordedAssessment = z.strictObject({
  assessment: Assessment,
  changeId: z.string().length(26).optional(),
  /** Whether the finding is listed under its host and CVEs; an older Drydock listed none. */
  isListed: z.literal(true).optional(),
})
export type RecordedAssessment = z.infer<typeof RecordedAssessment>

/** In the ledger, one record each; one that an older Drydock wrote is the assessment alone. */
export const AssessmentRecord: RecordKind<RecordedAssessment> = {
  kind: 'assessment',
  schema: z.union([RecordedAssessment, Assessment.transform((assessment): RecordedAssessment => ({ assessment }))]),
}
