/**
 * Reads the Vulnerability Finding (class 2002) of the Open Cybersecurity Schema Framework, and the Security Finding
 * (2001) of its version 1.0, which Security Lake still writes.
 */
import type { Finding } from '../finding/index.ts'
import { platformField } from './asff.ts'
import { type Draft, type DraftPackage, type DraftResource, type Envelope, severityNamed } from './draft.ts'
import { type Fields, firstText, flagOf, listOf, numberOf, own, textOf } from './fields.ts'

const classes: readonly (number | undefined)[] = [2002, 2001, undefined]

export const isOcsf = (record: Fields): boolean =>
  Object.hasOwn(record, 'class_uid') || Object.hasOwn(record, 'finding_info')

/**
 * What an OCSF record reports; undefined if it is of another class than Vulnerability Finding, or has no vulnerability.
 */
export function ocsfType(record: Fields): Finding['type'] | undefined {
  if (!classes.includes(numberOf(own(record, 'class_uid')))) return undefined
  const vulnerabilities = listOf(own(record, 'vulnerabilities'))
  if (vulnerabilities.some((entry) => packageEntries(entry).length > 0)) return 'package-vulnerability'
  if (vulnerabilities.some((entry) => listOf(own(entry, 'affected_code')).length > 0)) return 'code-vulnerability'
  return vulnerabilities.length > 0 ? 'package-vulnerability' : undefined
}

/** @see https://schema.ocsf.io/1.1.0/classes/vulnerability_finding */
export function draftFromOcsf(record: Fields, type: Finding['type'], envelope: Envelope, at: string): Draft {
  const info = own(record, 'finding_info') ?? own(record, 'finding')
  const vulnerabilities = listOf(own(record, 'vulnerabilities'))
  const times = (name: string) => [own(info, `${name}_dt`), own(info, name)]
  return {
    format: 'ocsf',
    nativeId: own(info, 'uid'),
    accounts: [{ value: accountOf(record), at: `${at}.cloud.account.uid` }],
    regions: [own(record, 'cloud', 'region'), envelope.region],
    type,
    vulnerabilityIds: vulnerabilityIds(vulnerabilities),
    title: own(info, 'title') ?? own(record, 'message'),
    description: own(info, 'desc'),
    resources: resourcesOf(record, at),
    packages: vulnerabilities.flatMap((entry, index) => ocsfPackages(entry, `${at}.vulnerabilities[${index}]`)),
    cvss: vulnerabilities
      .flatMap((entry) => [...listOf(own(entry, 'cve', 'cvss')), ...listOf(own(entry, 'cvss'))])
      .map(cvssOf),
    severity: severityOf(record),
    epss: vulnerabilities.map((entry) => own(entry, 'cve', 'epss', 'score')).find((score) => score !== undefined),
    isExploitAvailable: anyFlag(vulnerabilities, ['is_exploit_available', 'exploit_available']),
    isFixAvailable: anyFlag(vulnerabilities, ['is_fix_available', 'fix_available']),
    status: statusOf(record),
    firstObservedAt: [...times('first_seen_time'), ...times('created_time')],
    lastObservedAt: [...times('last_seen_time'), own(record, 'time_dt'), own(record, 'time')],
    updatedAt: [
      ...times('modified_time'),
      own(record, 'time_dt'),
      own(record, 'time'),
      ...times('last_seen_time'),
      envelope.time,
    ],
    at,
  }
}

const accountOf = (record: Fields) => own(record, 'cloud', 'account', 'uid') ?? own(record, 'cloud', 'account_uid')

function vulnerabilityIds(vulnerabilities: readonly unknown[]): unknown[] {
  return vulnerabilities.flatMap((entry) => [
    own(entry, 'cve', 'uid'),
    own(entry, 'advisory', 'uid'),
    own(entry, 'cwe', 'uid'),
    ...listOf(own(entry, 'related_vulnerabilities')),
  ])
}

function resourcesOf(record: Fields, at: string): DraftResource[] {
  const device = own(record, 'device')
  const candidates = [
    ...listOf(own(record, 'resources')).map((resource, index) => ({ resource, at: `${at}.resources[${index}]` })),
    ...listOf(own(record, 'resource')).map((resource) => ({ resource, at: `${at}.resource` })),
  ]
  if (candidates.length === 0 && device !== undefined) return [deviceOf(device, `${at}.device`)]
  return candidates.map(({ resource, at: resourceAt }, index) => ({
    type: own(resource, 'type'),
    id: own(resource, 'uid') ?? own(resource, 'name'),
    region: own(resource, 'region'),
    platform: platformOf(record, resource, index),
    tags: own(resource, 'tags') ?? listOf(own(resource, 'labels')).map(labelOf),
    at: resourceAt,
  }))
}

const deviceOf = (device: unknown, at: string): DraftResource => ({
  type: 'AwsEc2Instance',
  id: own(device, 'instance_uid') ?? own(device, 'uid'),
  region: own(device, 'region'),
  platform: own(device, 'os', 'name'),
  at,
})

function platformOf(record: Fields, resource: unknown, index: number): unknown {
  const prefix = `ProductFields.aws/inspector/resources/${index + 1}/resourceDetails/`
  const unmapped = platformField(own(record, 'unmapped'), prefix)
  const data = own(resource, 'data')
  const stated = ['awsEc2InstanceDetails', 'awsEcrContainerImageDetails'].map((details) =>
    own(data, details, 'platform'),
  )
  return firstText(unmapped, ...stated, own(data, 'AwsEc2Instance', 'Platform'), own(data, 'platform'))
}

/** Labels come as `name:value` or `name=value`. */
function labelOf(label: unknown) {
  const text = textOf(label) ?? ''
  const split = text.search(/[:=]/)
  return split < 1 ? { key: text, value: '' } : { key: text.slice(0, split), value: text.slice(split + 1) }
}

const packageEntries = (vulnerability: unknown) => [
  ...listOf(own(vulnerability, 'affected_packages')),
  ...listOf(own(vulnerability, 'packages')),
]

function ocsfPackages(vulnerability: unknown, at: string): DraftPackage[] {
  return packageEntries(vulnerability).map((entry, index) => ({
    name: own(entry, 'name'),
    version: own(entry, 'version'),
    release: own(entry, 'release'),
    epoch: own(entry, 'epoch'),
    arch: own(entry, 'architecture'),
    manager: own(entry, 'package_manager'),
    fixedVersion: own(entry, 'fixed_in_version'),
    remediation: own(entry, 'remediation', 'desc'),
    filePath: own(entry, 'path'),
    at: `${at}.affected_packages[${index}]`,
  }))
}

const cvssOf = (entry: unknown) => ({
  version: own(entry, 'version'),
  vector: own(entry, 'vector_string'),
  score: own(entry, 'base_score'),
  source: own(entry, 'vendor_name') ?? own(entry, 'source'),
})

function anyFlag(vulnerabilities: readonly unknown[], names: readonly string[]): boolean | undefined {
  const flags = vulnerabilities
    .flatMap((entry) => names.map((name) => flagOf(own(entry, name))))
    .filter((flag) => flag !== undefined)
  return flags.length === 0 ? undefined : flags.includes(true)
}

const severityIds: readonly (Finding['severity'] | undefined)[] = [
  undefined,
  'informational',
  'low',
  'medium',
  'high',
  'critical',
  'critical',
]

function severityOf(record: Fields): Finding['severity'] | undefined {
  const id = numberOf(own(record, 'severity_id'))
  return id === undefined ? severityNamed(textOf(own(record, 'severity'))) : severityIds[id]
}

/** `status_id`: 1 New, 2 In Progress, 3 Suppressed, 4 Resolved, 5 Archived, 6 Deleted; `activity_id` 3: Close. */
function statusOf(record: Fields): Finding['status'] | undefined {
  const id = numberOf(own(record, 'status_id') ?? own(record, 'state_id'))
  const name = firstText(own(record, 'status'), own(record, 'state'))?.toUpperCase()
  const inspector = firstText(own(record, 'unmapped', 'ProductFields.aws/inspector/FindingStatus'))
  const isArchived = textOf(own(record, 'unmapped', 'RecordState')) === 'ARCHIVED'
  if (id === 4 || id === 5 || id === 6 || isArchived || inspector === 'CLOSED') return 'closed'
  if (numberOf(own(record, 'activity_id')) === 3) return 'closed'
  if (name === 'RESOLVED' || name === 'ARCHIVED' || name === 'DELETED' || name === 'CLOSED') return 'closed'
  if (id === 3 || name === 'SUPPRESSED' || inspector === 'SUPPRESSED') return 'suppressed'
  const isNamedActive = name === 'NEW' || name === 'IN PROGRESS' || name === 'ACTIVE'
  return id === 1 || id === 2 || isNamedActive || inspector === 'ACTIVE' ? 'active' : undefined
}
