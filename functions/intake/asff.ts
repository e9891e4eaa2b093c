/** Reads the AWS Security Finding Format of Security Hub. */
import type { Finding } from '../finding/index.ts'
import { type Draft, type DraftPackage, type DraftResource, type Envelope, severityNamed } from './draft.ts'
import { type Fields, firstText, flagOf, isFields, listOf, numberOf, own, textOf } from './fields.ts'

export const isAsff = (record: Fields): boolean =>
  Object.hasOwn(record, 'ProductArn') ||
  (Object.hasOwn(record, 'AwsAccountId') && Object.hasOwn(record, 'Resources')) ||
  (Object.hasOwn(record, 'SchemaVersion') && Object.hasOwn(record, 'Id'))

/** What an ASFF record reports; undefined if not a vulnerability, such as a configuration check. */
export function asffType(record: Fields): Finding['type'] | undefined {
  const vulnerabilities = listOf(own(record, 'Vulnerabilities'))
  if (vulnerabilities.some((entry) => listOf(own(entry, 'CodeVulnerabilities')).length > 0)) return 'code-vulnerability'
  if (vulnerabilities.length > 0) return 'package-vulnerability'
  const isReachability = listOf(own(record, 'Types')).some((type) => /Network Reachability/i.test(textOf(type) ?? ''))
  return isReachability && isFields(own(record, 'Network')) ? 'network-reachability' : undefined
}

/** @see https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format-syntax.html */
export function draftFromAsff(record: Fields, type: Finding['type'], envelope: Envelope, at: string): Draft {
  const vulnerabilities = listOf(own(record, 'Vulnerabilities'))
  const network = own(record, 'Network')
  return {
    format: 'asff',
    nativeId: own(record, 'Id'),
    accounts: [{ value: own(record, 'AwsAccountId'), at: `${at}.AwsAccountId` }],
    regions: [own(record, 'Region'), envelope.region],
    type,
    vulnerabilityIds: vulnerabilityIds(vulnerabilities),
    title: own(record, 'Title'),
    description: own(record, 'Description'),
    resources: listOf(own(record, 'Resources')).map((resource, index) =>
      resourceOf(record, resource, index, `${at}.Resources[${index}]`),
    ),
    packages: vulnerabilities.flatMap((entry, index) => asffPackages(entry, `${at}.Vulnerabilities[${index}]`)),
    ...(type === 'network-reachability'
      ? {
          reachability: {
            protocol: own(network, 'Protocol'),
            fromPort: own(network, 'OpenPortRange', 'Begin') ?? own(network, 'DestinationPort'),
            toPort: own(network, 'OpenPortRange', 'End') ?? own(network, 'DestinationPort'),
          },
        }
      : {}),
    cvss: vulnerabilities.flatMap((entry) => listOf(own(entry, 'Cvss')).map(cvssOf)),
    severity: severityOf(record),
    epss: vulnerabilities.map((entry) => own(entry, 'EpssScore')).find((score) => score !== undefined),
    isExploitAvailable: anyFlag(vulnerabilities, 'ExploitAvailable'),
    isFixAvailable: anyFlag(vulnerabilities, 'FixAvailable'),
    status: statusOf(record),
    firstObservedAt: [own(record, 'FirstObservedAt'), own(record, 'CreatedAt')],
    lastObservedAt: [own(record, 'LastObservedAt'), own(record, 'UpdatedAt')],
    updatedAt: [own(record, 'UpdatedAt'), own(record, 'LastObservedAt'), own(record, 'CreatedAt'), envelope.time],
    at,
  }
}

function vulnerabilityIds(vulnerabilities: readonly unknown[]): unknown[] {
  const codes = vulnerabilities.flatMap((entry) => listOf(own(entry, 'CodeVulnerabilities')))
  return [
    ...vulnerabilities.map((entry) => own(entry, 'Id')),
    ...vulnerabilities.flatMap((entry) => listOf(own(entry, 'RelatedVulnerabilities'))),
    ...codes.flatMap((code) => listOf(own(code, 'Cwes'))),
  ]
}

function resourceOf(record: Fields, resource: unknown, index: number, at: string): DraftResource {
  // Inspector puts the platform beside the resource: `aws/inspector/resources/1/resourceDetails/...Details/platform`.
  const prefix = `aws/inspector/resources/${index + 1}/resourceDetails/`
  const fields = own(record, 'ProductFields')
  return {
    type: own(resource, 'Type'),
    id: own(resource, 'Id'),
    region: own(resource, 'Region'),
    platform: platformField(fields, prefix),
    tags: own(resource, 'Tags'),
    at,
  }
}

/** The platform among flat product fields whose names start with `prefix`. */
export function platformField(fields: unknown, prefix: string): unknown {
  if (!isFields(fields)) return undefined
  const name = Object.keys(fields).find((key) => key.startsWith(prefix) && key.endsWith('Details/platform'))
  return name === undefined ? undefined : own(fields, name)
}

function asffPackages(vulnerability: unknown, at: string): DraftPackage[] {
  return listOf(own(vulnerability, 'VulnerablePackages')).map((entry, index) => ({
    name: own(entry, 'Name'),
    version: own(entry, 'Version'),
    release: own(entry, 'Release'),
    epoch: own(entry, 'Epoch'),
    arch: own(entry, 'Architecture'),
    manager: own(entry, 'PackageManager'),
    fixedVersion: own(entry, 'FixedInVersion'),
    remediation: own(entry, 'Remediation'),
    filePath: own(entry, 'FilePath'),
    at: `${at}.VulnerablePackages[${index}]`,
  }))
}

const cvssOf = (entry: unknown) => ({
  version: own(entry, 'Version'),
  vector: own(entry, 'BaseVector'),
  score: own(entry, 'BaseScore'),
  source: own(entry, 'Source'),
})

function anyFlag(vulnerabilities: readonly unknown[], name: string): boolean | undefined {
  const flags = vulnerabilities.map((entry) => flagOf(own(entry, name))).filter((flag) => flag !== undefined)
  return flags.length === 0 ? undefined : flags.includes(true)
}

function severityOf(record: Fields): Finding['severity'] | undefined {
  // An untriaged finding is labelled INFORMATIONAL; the provider's original value tells them apart.
  const original = firstText(
    own(record, 'FindingProviderFields', 'Severity', 'Original'),
    own(record, 'Severity', 'Original'),
  )
  if (original?.toUpperCase() === 'UNTRIAGED') return undefined
  const label = firstText(own(record, 'Severity', 'Label'), own(record, 'FindingProviderFields', 'Severity', 'Label'))
  return label === undefined ? severityScored(numberOf(own(record, 'Severity', 'Normalized'))) : severityNamed(label)
}

/** @see https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_Severity.html */
function severityScored(normalized: number | undefined): Finding['severity'] | undefined {
  if (normalized === undefined || normalized < 0 || normalized > 100) return undefined
  if (normalized >= 90) return 'critical'
  if (normalized >= 70) return 'high'
  if (normalized >= 40) return 'medium'
  return normalized >= 1 ? 'low' : 'informational'
}

function statusOf(record: Fields): Finding['status'] | undefined {
  const recordState = textOf(own(record, 'RecordState'))
  const workflow = textOf(own(record, 'Workflow', 'Status'))
  const inspector = textOf(own(record, 'ProductFields', 'aws/inspector/FindingStatus'))
  if (recordState === 'ARCHIVED' || inspector === 'CLOSED' || workflow === 'RESOLVED') return 'closed'
  if (inspector === 'SUPPRESSED' || workflow === 'SUPPRESSED') return 'suppressed'
  return recordState === 'ACTIVE' || inspector === 'ACTIVE' || workflow !== undefined ? 'active' : undefined
}
