/** Reads Amazon Inspector's own shape: the detail of an EventBridge event, or an entry of ListFindings. */

import type { Finding } from '../finding/index.ts'
import { ownValue } from '../kit/table.ts'
import { type Draft, type DraftCvss, type DraftPackage, type Envelope, severityNamed } from './draft.ts'
import { type Fields, flagOf, listOf, own, textOf } from './fields.ts'

const types: Readonly<Record<string, Finding['type']>> = {
  PACKAGE_VULNERABILITY: 'package-vulnerability',
  NETWORK_REACHABILITY: 'network-reachability',
  CODE_VULNERABILITY: 'code-vulnerability',
}

const statuses: Readonly<Record<string, Finding['status']>> = {
  ACTIVE: 'active',
  CLOSED: 'closed',
  SUPPRESSED: 'suppressed',
}

const hasAnyDetails = (record: Fields) =>
  Object.hasOwn(record, 'packageVulnerabilityDetails') ||
  Object.hasOwn(record, 'networkReachabilityDetails') ||
  Object.hasOwn(record, 'codeVulnerabilityDetails')

export const isInspector = (record: Fields): boolean => Object.hasOwn(record, 'findingArn') || hasAnyDetails(record)

const named = <T>(table: Readonly<Record<string, T>>, name: string | undefined): T | undefined =>
  name === undefined ? undefined : ownValue(table, name)

/** The type that the record states, else the one implied by its details. */
export function inspectorType(record: Fields): Finding['type'] | undefined {
  const stated = textOf(own(record, 'type'))
  if (stated !== undefined) return named(types, stated.toUpperCase())
  if (Object.hasOwn(record, 'packageVulnerabilityDetails')) return 'package-vulnerability'
  if (Object.hasOwn(record, 'networkReachabilityDetails')) return 'network-reachability'
  return Object.hasOwn(record, 'codeVulnerabilityDetails') ? 'code-vulnerability' : undefined
}

/** @see https://docs.aws.amazon.com/inspector/v2/APIReference/API_Finding.html */
export function draftFromInspector(
  record: Fields,
  type: Finding['type'],
  format: 'inspector2' | 'listfindings',
  envelope: Envelope,
  at: string,
): Draft {
  const details = own(record, 'packageVulnerabilityDetails')
  const network = own(record, 'networkReachabilityDetails')
  return {
    format,
    nativeId: own(record, 'findingArn'),
    accounts: [{ value: own(record, 'awsAccountId'), at: `${at}.awsAccountId` }],
    regions: [own(record, 'region'), envelope.region],
    type,
    vulnerabilityIds: vulnerabilityIds(record),
    title: own(record, 'title'),
    description: own(record, 'description'),
    resources: listOf(own(record, 'resources')).map((resource, index) => ({
      type: own(resource, 'type'),
      id: own(resource, 'id'),
      region: own(resource, 'region'),
      platform: platformOf(own(resource, 'details')),
      tags: own(resource, 'tags'),
      at: `${at}.resources[${index}]`,
    })),
    packages: inspectorPackages(details, `${at}.packageVulnerabilityDetails`),
    ...(type === 'network-reachability'
      ? {
          reachability: {
            protocol: own(network, 'protocol'),
            fromPort: own(network, 'openPortRange', 'begin'),
            toPort: own(network, 'openPortRange', 'end'),
          },
        }
      : {}),
    cvss: cvssOf(record),
    severity: severityNamed(textOf(own(record, 'severity'))),
    epss: own(record, 'epss', 'score'),
    isExploitAvailable: flagOf(own(record, 'exploitAvailable')),
    isFixAvailable: flagOf(own(record, 'fixAvailable')),
    status: named(statuses, textOf(own(record, 'status'))?.toUpperCase()),
    firstObservedAt: [own(record, 'firstObservedAt')],
    lastObservedAt: [own(record, 'lastObservedAt')],
    updatedAt: [own(record, 'updatedAt'), own(record, 'lastObservedAt'), envelope.time],
    at,
  }
}

function vulnerabilityIds(record: Fields): unknown[] {
  const details = own(record, 'packageVulnerabilityDetails')
  const code = own(record, 'codeVulnerabilityDetails')
  return [
    own(details, 'vulnerabilityId'),
    ...listOf(own(details, 'relatedVulnerabilities')),
    own(code, 'ruleId'),
    own(code, 'detectorId'),
    ...listOf(own(code, 'cwes')),
  ]
}

const platformOf = (details: unknown) =>
  own(details, 'awsEc2Instance', 'platform') ?? own(details, 'awsEcrContainerImage', 'platform')

function inspectorPackages(details: unknown, at: string): DraftPackage[] {
  return listOf(own(details, 'vulnerablePackages')).map((entry, index) => ({
    name: own(entry, 'name'),
    version: own(entry, 'version'),
    release: own(entry, 'release'),
    epoch: own(entry, 'epoch'),
    arch: own(entry, 'arch'),
    manager: own(entry, 'packageManager'),
    fixedVersion: own(entry, 'fixedInVersion'),
    remediation: own(entry, 'remediation'),
    filePath: own(entry, 'filePath'),
    at: `${at}.vulnerablePackages[${index}]`,
  }))
}

/** The sources' vectors, then Inspector's adjusted one if it differs. */
function cvssOf(record: Fields): DraftCvss[] {
  const adjusted = own(record, 'inspectorScoreDetails', 'adjustedCvss') ?? own(record, 'scoreDetails', 'cvss')
  const stated = listOf(own(record, 'packageVulnerabilityDetails', 'cvss')).map((entry) => ({
    version: own(entry, 'version'),
    vector: own(entry, 'scoringVector'),
    score: own(entry, 'baseScore'),
    source: own(entry, 'source'),
  }))
  const vector = own(adjusted, 'scoringVector')
  if (vector === undefined || stated.some((entry) => entry.vector === vector)) return stated
  const source = own(adjusted, 'scoreSource')
  return [...stated, { version: own(adjusted, 'version'), vector, score: own(adjusted, 'score'), source }]
}
