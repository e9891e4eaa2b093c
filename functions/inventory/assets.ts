/** Turns what SSM reports of a node into the asset that plans use. */
import type { Asset } from './asset.ts'
import type { NodeFacts } from './ports.ts'

const platforms: readonly (readonly [RegExp, Asset['platform']])[] = [
  [/amazon linux/i, 'amazon-linux'],
  [/red hat|rhel|centos|rocky|alma|oracle/i, 'rhel'],
  [/ubuntu/i, 'ubuntu'],
  [/debian/i, 'debian'],
  [/suse|sles/i, 'suse'],
  [/windows/i, 'windows'],
]

/** The failure zone of nodes with unknown zone. */
export const unknownZone = 'unknown'

const hostId = /^(i|mi)-([0-9a-f]{8}|[0-9a-f]{17})$/
/** Zones are keys of a plan's limits. */
const zoneName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/
const serviceName = /^[a-z][a-z0-9-]{0,62}$/

/** The asset, or why the node cannot be one (B3). An invalid service name in `patch-service` is dropped. */
export function assetOf(
  node: NodeFacts,
  packages: Readonly<Record<string, string>>,
  place: { readonly account: string; readonly region: string; readonly seenAt: string },
): Asset | { readonly refused: string } {
  if (!hostId.test(node.hostId)) return { refused: `"${node.hostId}" is not a node id` }
  const tagged = (node.tags['patch-service'] ?? '').split(',').map((name) => name.trim())
  const services = [...new Set(tagged.filter((name) => serviceName.test(name)))]
  const stage = node.tags['patch-stage']
  return {
    hostId: node.hostId,
    ...place,
    services,
    ...(stage ? { stage } : {}),
    zone: zoneOf(node),
    platform:
      platforms.find(([pattern]) => pattern.test(node.platformName) || pattern.test(node.platformType))?.[1] ??
      'unknown',
    agentVersion: node.agentVersion,
    isOnline: node.isOnline,
    isManaged: node.tags['patch-managed'] === 'true',
    packages: { ...packages },
  }
}

/** The tag is for nodes unknown to EC2; nodes with an unknown or invalid zone share one. */
function zoneOf({ zone, tags }: NodeFacts): string {
  const told = zone ?? tags['patch-zone'] ?? unknownZone
  return zoneName.test(told) ? told : unknownZone
}
