/** A ledger with a catalogue, a policy, a host and a finding on it, and the ports that assess it. */

import { Catalogue, CatalogueRecord, type Service } from '../../../functions/catalogue/catalogue.ts'
import { PolicyRecord } from '../../../functions/catalogue/policy.ts'
import { run } from '../../../functions/changes/assess-finding.ts'
import type { Change } from '../../../functions/changes/change.ts'
import { findingIdsOf } from '../../../functions/changes/joined-finding.ts'
import { type Finding, FindingRecord } from '../../../functions/finding/finding.ts'
import type { CveIntel } from '../../../functions/intel/ports.ts'
import { Asset, AssetRecord } from '../../../functions/inventory/asset.ts'
import type { Json } from '../../../functions/kit/json.ts'
import { keys, lists } from '../../../functions/kit/keys.ts'
import type { Ledger, RecordKey, RecordKind } from '../../../functions/kit/ledger.ts'
import { AssessmentRecord } from '../../../functions/risk/assessment.ts'
import { memoryChangeDriver } from '../../../simulator/ports/change-driver.ts'
import { memoryLedger } from '../../../simulator/ports/ledger.ts'
import { memoryNudges } from '../../../simulator/ports/nudges.ts'
import { fixedClock, sequentialIds } from '../../../simulator/ports/time.ts'
import { anyFinding } from '../finding/any-finding.ts'
import { sha256 } from '../risk/any-facts.ts'
import { anyPolicy, anyService } from '../validation/builders.ts'

const hostId = 'i-0a1b2c3d4e5f60718'
export const checkedAt = '2026-03-02T09:00:00.000Z'
const feeds: CveIntel['feeds'] = { kev: { version: '2026.03.02', date: '2026-03-02', checkedAt } }
export const listed = { dateAdded: '2026-02-20', forensicTriage: false, ransomware: false }
export const id = (digit: number) => `F${String(digit).repeat(25)}`

export const anyAsset = (over: Partial<Asset> = {}): Asset =>
  Asset.parse({
    hostId,
    account: '444455556666',
    region: 'eu-west-1',
    services: ['web'],
    zone: 'a',
    platform: 'ubuntu',
    agentVersion: '3.3.4000.0',
    isOnline: true,
    isManaged: true,
    packages: {},
    seenAt: checkedAt,
    ...over,
  })

/** `known` is what the feeds say of a CVE. */
function anyPorts() {
  const known = new Map<string, Omit<CveIntel, 'feeds'>>()
  const driver = memoryChangeDriver()
  return {
    ledger: memoryLedger(),
    known,
    /** Ids of the changes whose driver was started, in order. */
    started: () => driver.started.map(({ changeId }) => changeId),
    intel: { lookup: async (cveId: string): Promise<CveIntel> => ({ feeds, ...known.get(cveId) }) },
    driver,
    nudges: memoryNudges(),
    clock: fixedClock(Date.parse('2026-03-02T10:00:00Z')),
    ids: sequentialIds(),
    account: '123456789012',
    digest: sha256,
  }
}

/** The ports and what a test does with them; the service `web` is internal, finding 1 is on its host. */
export async function anyDesk() {
  const ports = anyPorts()
  const { ledger, ids } = ports
  async function put<T extends Json>(kind: RecordKind<T>, key: RecordKey, value: T, list?: { pk: string; sk: string }) {
    const from = (await ledger.read(kind, key))?.version ?? 0
    const by = { at: checkedAt, type: 'test.put', account: '1', changeId: 'none', actor: 'test', body: {} }
    await ledger.commit({
      moves: [{ kind: kind.kind, key, from, value, ...(list ? { list } : {}) }],
      evidence: [{ leafId: ids.next(), ...by }],
    })
  }
  const desk = {
    ports,
    put,
    putFinding: (finding: Finding) =>
      put(FindingRecord, keys.finding(finding.findingId), finding, {
        pk: lists.findings,
        sk: `${finding.status}#${finding.findingId}`,
      }),
    putCatalogue: (service: Service) =>
      put(CatalogueRecord, keys.catalogue(), Catalogue.parse({ services: [service], people: [] })),
    putAsset: (over: Partial<Asset> = {}) => put(AssetRecord, keys.asset(hostId), anyAsset(over)),
    assess: (digit = 1) => run({ findingId: id(digit) }, ports),
    assessOn: (other: Ledger, digit: number) => run({ findingId: id(digit) }, { ...ports, ledger: other }),
    assessmentOf: async (digit = 1) =>
      (await ledger.read(AssessmentRecord, keys.assessment(id(digit))))?.value.assessment,
    /** The ids of a change's findings, in order. */
    findingsOf: async (change: Change | undefined) =>
      change ? (await Array.fromAsync(findingIdsOf(change, ledger))).flat().toSorted() : [],
  }
  await desk.putCatalogue(anyService({ exposure: 'internal' }))
  await put(PolicyRecord, keys.policy(), anyPolicy())
  await desk.putAsset()
  await desk.putFinding(anyFinding({ findingId: id(1) }))
  return desk
}
