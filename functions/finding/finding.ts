/** The one shape of every finding, whichever scanner reported it. */

import * as z from 'zod'
import type { RecordKind } from '../kit/ledger.ts'
import { tableOf } from '../kit/table.ts'

/** A package named by a finding. `isPatchable`: the host's package manager installs it, so a patch can fix it. */
export const FindingPackage = z.strictObject({
  name: z.string().min(1).max(256),
  installedVersion: z.string().max(256),
  fixedVersion: z.string().max(256).optional(),
  arch: z.string().max(32).optional(),
  /** Inspector's `packageManager` in upper case (OS, PIP, GOBINARY, NODEPKG...), or UNKNOWN. */
  manager: z.string().max(32),
  /** For display, never a command parameter. */
  filePath: z.string().max(4096).optional(),
  isPatchable: z.boolean(),
})
export type FindingPackage = z.infer<typeof FindingPackage>

/** A CVSS vector as a scanner gave it, with who stated it. */
export const CvssVector = z.strictObject({
  version: z.string(),
  vector: z.string(),
  /** The scanner's own score, for display. */
  score: z.number().min(0).max(10),
  source: z.string(),
})

export type CvssVector = z.infer<typeof CvssVector>

/**
 * Where a finding goes: patched by Drydock, to the application's owner, to an image rebuild, or to the network's owner.
 */
export const FindingRoute = z.enum(['patch', 'application-owner', 'image-rebuild', 'network-owner'])
export type FindingRoute = z.infer<typeof FindingRoute>

/** One format's newest statement about a finding. */
export const FindingCopy = z.strictObject({
  format: z.enum(['inspector2', 'asff', 'ocsf', 'listfindings']),
  nativeId: z.string().max(2048),
  updatedAt: z.string().optional(),
  /**
   * Where this copy's facts differ from the finding's (null: not stated), so that merging never depends on the order of
   * arrival.
   */
  differs: tableOf(z.json()).optional(),
})
export type FindingCopy = z.infer<typeof FindingCopy>

/** One vulnerability or exposure on one resource, however many scanners report it. */
export const Finding = z.strictObject({
  /**
   * Stable over all copies of one finding: `F` and 25 hex digits of SHA-256 over the identity (native ARN, or account,
   * resource and vulnerability).
   */
  findingId: z.string().regex(/^F[0-9a-f]{25}$/),
  /** The newest copy seen of each format. */
  copies: z.array(FindingCopy),
  account: z.string().regex(/^\d{12}$/),
  region: z.string(),
  type: z.enum(['package-vulnerability', 'network-reachability', 'code-vulnerability']),
  /** CVE, GHSA or vendor id; absent for reachability. */
  vulnerabilityId: z.string().optional(),
  relatedVulnerabilityIds: z.array(z.string()),
  title: z.string().max(1024),
  description: z.string().max(4096),
  resource: z.strictObject({
    type: z.enum(['ec2-instance', 'managed-node', 'ecr-image', 'lambda-function', 'code-repository', 'other']),
    id: z.string().max(2048),
    platform: z.string().optional(),
    tags: tableOf(z.string()),
  }),
  packages: z.array(FindingPackage),
  /** An open port range that the internet reaches; only for network-reachability. */
  reachability: z
    .strictObject({ protocol: z.string(), fromPort: z.number().int(), toPort: z.number().int() })
    .optional(),
  cvss: z.array(CvssVector),
  /** UNTRIAGED and unknown values stay `unknown`; never read as low. */
  severity: z.enum(['critical', 'high', 'medium', 'low', 'informational', 'unknown']),
  /** Probability 0-1 as the scanner gave it. */
  epss: z.number().min(0).max(1).optional(),
  isExploitAvailable: z.boolean().optional(),
  isFixAvailable: z.boolean().optional(),
  status: z.enum(['active', 'closed', 'suppressed']),
  route: FindingRoute,
  firstObservedAt: z.string(),
  lastObservedAt: z.string(),
  updatedAt: z.string(),
  /** What was corrected on intake, e.g. `updated-at-clamped`, `bidi-stripped`. */
  flags: z.array(z.string()),
})
export type Finding = z.infer<typeof Finding>

/** A finding in the ledger: one record each. */
export const FindingRecord: RecordKind<Finding> = { kind: 'finding', schema: Finding }
