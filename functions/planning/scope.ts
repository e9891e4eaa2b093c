/** Which nodes of a service a patch is for; every node left out has its reason. */
import type { Asset, Service } from '../catalogue/index.ts'
import { compareVersions, type VersionScheme } from './version-order.ts'

/** Documents with environment-variable parameters need it, https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-syntax-data-elements-parameters.html */
export const agentVersionMin = '3.3.2746.0'

export interface Scope {
  readonly hosts: readonly { readonly asset: Asset; readonly previous: Readonly<Record<string, string>> }[]
  readonly excluded: { hostId: string; reason: string }[]
}

interface ScopeInput {
  readonly service: Service
  readonly packages: readonly { readonly name: string; readonly version: string }[]
  readonly assets: readonly Asset[]
  readonly installed: ReadonlyMap<string, Readonly<Record<string, string>>>
}

/** How versions of a platform's packages are ordered; absent where this planner orders none. */
export const schemes: Readonly<Partial<Record<Asset['platform'], VersionScheme>>> = {
  ubuntu: 'deb',
  debian: 'deb',
  'amazon-linux': 'rpm',
  rhel: 'rpm',
  suse: 'rpm',
}

export function scopeOf({ service, packages, assets, installed }: ScopeInput): Scope {
  const hosts: { asset: Asset; previous: Record<string, string> }[] = []
  const excluded: { hostId: string; reason: string }[] = []
  for (const asset of assets
    .filter(({ services }) => services.includes(service.name))
    .toSorted((left, right) => (left.hostId < right.hostId ? -1 : 1))) {
    const reason = unfit(asset, service)
    const have = { ...asset.packages, ...installed.get(asset.hostId) }
    const previous = Object.fromEntries(
      packages.flatMap(({ name, version }) => (isOlder(asset, have[name], version) ? [[name, have[name] ?? '']] : [])),
    )
    if (reason) excluded.push({ hostId: asset.hostId, reason })
    else if (Object.keys(previous).length > 0) hosts.push({ asset, previous })
    else
      excluded.push({
        hostId: asset.hostId,
        reason: packages.some(({ name }) => have[name] !== undefined)
          ? 'has the fixed version already'
          : 'does not have the package',
      })
  }
  return { hosts, excluded }
}

function isOlder(asset: Asset, have: string | undefined, wanted: string): boolean {
  const scheme = schemes[asset.platform]
  return have !== undefined && scheme !== undefined && compareVersions(scheme, have, wanted) < 0
}

function unfit(asset: Asset, service: Service): string | undefined {
  if (!asset.isManaged) return 'not managed: tag patch-managed is not true'
  if (!asset.isOnline) return 'offline: the agent does not report'
  if (asset.stage === undefined) return 'no stage: tag patch-stage is missing'
  if (!service.rings.some(({ stage }) => stage === asset.stage))
    return `stage ${asset.stage} is in no ring of ${service.name}`
  if (asset.platform === 'unknown') return 'unknown platform'
  if (asset.platform === 'windows') return 'Windows nodes are patched by a change of their own'
  if (compareVersions('rpm', asset.agentVersion, agentVersionMin) < 0)
    return `SSM Agent ${asset.agentVersion} is older than ${agentVersionMin}`
  return undefined
}
