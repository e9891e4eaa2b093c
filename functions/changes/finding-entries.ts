/** How findings are found by their host and by their CVEs, and CVEs by having findings. */
import * as z from 'zod'
import { type Finding, KnownPackageRecord } from '../finding/index.ts'
import { cveIdsOf, KnownCveRecord } from '../intel/index.ts'
import { keys, lists } from '../kit/keys.ts'
import type { Ledger, Move, RecordKey, RecordKind } from '../kit/ledger.ts'
import { isHostFinding } from './exposure.ts'

/** A finding's entry in a list that none of its other records is in. */
export const FindingEntry = z.strictObject({ findingId: z.string() })

/** Under its host while the finding is in no change, and under each of its CVEs but the first. */
export const FindingEntryRecord: RecordKind<z.infer<typeof FindingEntry>> = {
  kind: 'finding-entry',
  schema: FindingEntry,
}

/** CVEs by which a finding is listed; one with more is in `lists.findingsOfManyCves`. */
const listedCvesMax = 20

/** Packages of one finding that are made known; a plan asks the hosts for every one. */
const knownPackagesMax = 20

/** The list of a finding's assessment: that of its first CVE. */
export function assessmentList(finding: Finding): Move['list'] | undefined {
  const [first] = cveIdsOf(finding)
  return first === undefined ? undefined : { pk: lists.findingsOfCve(first), sk: finding.findingId }
}

/** The moves that list an active finding where it is not listed yet, and make its CVEs and packages known. */
export async function entryMoves(finding: Finding, isUnderHost: boolean, ledger: Ledger): Promise<Move[]> {
  const { findingId, resource } = finding
  const cveIds = cveIdsOf(finding)
  const listed = cveIds.slice(0, listedCvesMax)
  const names = [
    ...(isHostFinding(finding) && !isUnderHost ? [lists.findingsOnHost(resource.id)] : []),
    ...listed.slice(1).map(lists.findingsOfCve),
    ...(cveIds.length > listedCvesMax ? [lists.findingsOfManyCves] : []),
  ]
  const entries = names.map((pk) =>
    missing(FindingEntryRecord, keys.findingEntry(findingId, pk), { findingId }, { pk, sk: findingId }, ledger),
  )
  const cves = listed.map((cveId) =>
    missing(KnownCveRecord, keys.cve(cveId), { cveId }, { pk: lists.cves, sk: cveId }, ledger),
  )
  const packages = patchableNames(finding).map((name) =>
    missing(KnownPackageRecord, keys.knownPackage(name), { name }, { pk: lists.packages, sk: name }, ledger),
  )
  return (await Promise.all([...entries, ...cves, ...packages])).flat()
}

const patchableNames = ({ packages }: Finding): string[] =>
  [...new Set(packages.flatMap(({ name, isPatchable }) => (isPatchable ? [name] : [])))].slice(0, knownPackagesMax)

async function missing<Value extends Readonly<Record<string, string>>>(
  kind: RecordKind<Value>,
  key: RecordKey,
  value: Value,
  list: NonNullable<Move['list']>,
  ledger: Ledger,
): Promise<Move[]> {
  return (await ledger.read(kind, key)) ? [] : [{ kind: kind.kind, key, from: 0, value, list }]
}
