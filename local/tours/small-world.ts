/** A world that fits on a page: eight web nodes, one vulnerability, everybody approves. The same seed, the same records. */
import { anyNode, zones } from '../../simulator/fleet/default-fleet.ts'
import { ownDocuments } from '../../simulator/fleet/documents.ts'
import { Fleet } from '../../simulator/fleet/fleet.ts'
import { localAccount, localRegion } from '../../simulator/local-account.ts'
import { makeWorld, type WorldOptions, worldStartMs } from '../../simulator/world.ts'
import { scenarioCatalogue, scenarioPolicy } from '../scenario/seed.ts'
import { inspectorFindingEvent } from '../scenario-findings.ts'

/** The version that holds the fix. */
export const fixedVersion = '2.63+22.04ubuntu0.1'
/** The host on which Inspector found it. */
export const foundOn = 'i-00000000000000007'

/** Eight nodes in four stages and three zones; a step on a host takes some fifteen seconds. */
function eightNodes(): Fleet {
  const fleet = new Fleet({ seed: 1, stepMs: 15_000 })
  for (const document of ownDocuments()) fleet.documents.set(document.name, document)
  const stages = ['dev', 'staging', 'canary', ...Array.from({ length: 5 }, () => 'production')]
  for (const [index, stage] of stages.entries()) {
    const hostId = `i-0${index.toString(16).padStart(16, '0')}`
    const tags = { 'patch-managed': 'true', 'patch-service': 'web', 'patch-stage': stage }
    fleet.nodes.set(hostId, anyNode({ hostId, zone: zones[index % 3] ?? zones[0], tags }))
  }
  return fleet
}

/** The finding as Inspector sends it over EventBridge. */
export const findingEvent = () =>
  inspectorFindingEvent({
    account: localAccount,
    region: localRegion,
    hostId: foundOn,
    cve: 'CVE-2024-29069',
    packageName: 'snapd',
    installedVersion: '2.63',
    fixedVersion,
    severity: 'HIGH',
    cvssVector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
    status: 'ACTIVE',
    updatedAtIso: new Date(worldStartMs).toISOString(),
    findingUuid: 'a'.repeat(32),
    platform: 'UBUNTU_22_04',
  })

/** The world before anything was found, unless an option says otherwise; canaries soak two minutes, so that few hosts show enough. */
export function makeSmallWorld(options: Partial<WorldOptions> = {}) {
  const loaded = scenarioCatalogue('http://127.0.0.1:9', { startMs: 0, endMs: 1_000 })
  const catalogue = {
    ...loaded,
    services: loaded.services.map((service) => ({
      ...service,
      rings: service.rings.map((ring) => (ring.isCanary ? { ...ring, soakSeconds: 120 } : ring)),
    })),
  }
  const policy = { ...scenarioPolicy(), validation: { ...scenarioPolicy().validation, lookSeconds: 60 } }
  return makeWorld({ seed: 7, fleet: eightNodes(), catalogue, policy, ...options })
}
