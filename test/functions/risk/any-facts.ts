/** Builds facts and policies for tests. */
import { createHash } from 'node:crypto'
import type { Policy } from '../../../functions/catalogue/policy.ts'
import type { RiskFacts } from '../../../functions/risk/assessment.ts'

export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

export const anyFacts = (over: Partial<RiskFacts> = {}): RiskFacts => ({
  vulnerabilityId: 'CVE-2026-1111',
  inKev: false,
  kevForensicTriage: false,
  publiclyExposed: true,
  publiclyExposedBecause: 'service-exposure',
  automatable: 'no',
  technicalImpact: 'partial',
  exploitation: 'none',
  tier: 'business-essential',
  detectedAt: '2026-10-01T08:00:00.000Z',
  feeds: { kev: { version: '2026.10.01', date: '2026-10-01T07:00:00.000Z' } },
  ...over,
})

export const anyRiskPolicy = (over: Partial<Policy['risk']> = {}): Policy['risk'] => ({
  tables: ['cisa-bod-26-04'],
  missingVulnrichment: 'sixty-days',
  feedAgeHoursMax: 72,
  ssvcDays: { act: 7, attend: 30, 'track*': 60, immediate: 2, 'out-of-cycle': 14, scheduled: 60 },
  ...over,
})
