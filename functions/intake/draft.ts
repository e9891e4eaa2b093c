/** What a format's reader finds in a record, before any checks. */
import type { Finding, FindingCopy } from '../finding/index.ts'

export interface DraftPackage {
  readonly name: unknown
  readonly version: unknown
  readonly release?: unknown
  readonly epoch?: unknown
  readonly arch?: unknown
  readonly manager?: unknown
  readonly fixedVersion?: unknown
  /** The scanner's advice; used only for a Windows update number. */
  readonly remediation?: unknown
  readonly filePath?: unknown
  readonly at: string
}

export interface DraftResource {
  readonly type: unknown
  readonly id: unknown
  readonly region?: unknown
  readonly platform?: unknown
  /** A map, or a list of `{ key | name, value }`. */
  readonly tags?: unknown
  readonly at: string
}

export interface DraftCvss {
  readonly version: unknown
  readonly vector: unknown
  readonly score: unknown
  readonly source: unknown
}

/** The value of one field, and its place. */
export interface Stated {
  readonly value: unknown
  readonly at: string
}

export interface Draft {
  readonly format: FindingCopy['format']
  readonly nativeId: unknown
  readonly accounts: readonly Stated[]
  readonly regions: readonly unknown[]
  readonly type: Finding['type']
  /** The main one first. */
  readonly vulnerabilityIds: readonly unknown[]
  readonly title: unknown
  readonly description: unknown
  readonly resources: readonly DraftResource[]
  readonly packages: readonly DraftPackage[]
  readonly reachability?: { readonly protocol: unknown; readonly fromPort: unknown; readonly toPort: unknown }
  readonly cvss: readonly DraftCvss[]
  readonly severity: Finding['severity'] | undefined
  readonly epss: unknown
  readonly isExploitAvailable: boolean | undefined
  readonly isFixAvailable: boolean | undefined
  readonly status: Finding['status'] | undefined
  readonly firstObservedAt: readonly unknown[]
  readonly lastObservedAt: readonly unknown[]
  readonly updatedAt: readonly unknown[]
  readonly at: string
}

/** What surrounds a record: the event that carried it. */
export interface Envelope {
  readonly account?: Stated
  readonly region?: unknown
  readonly time?: unknown
}

const severities: Readonly<Record<string, Finding['severity']>> = {
  CRITICAL: 'critical',
  FATAL: 'critical',
  HIGH: 'high',
  MEDIUM: 'medium',
  MODERATE: 'medium',
  LOW: 'low',
  INFORMATIONAL: 'informational',
}

/** A severity by name; UNTRIAGED and unknown names are undefined, never low (B14). */
export const severityNamed = (name: string | undefined): Finding['severity'] | undefined =>
  name !== undefined && Object.hasOwn(severities, name.toUpperCase()) ? severities[name.toUpperCase()] : undefined
