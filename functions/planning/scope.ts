/** Which nodes of a service a patch is for; every excluded node has its reason. */

import type { Service } from '../catalogue/index.ts'
import type { Asset } from '../inventory/index.ts'
import { compareVersions, type FixState, fixStateOf } from '../inventory/index.ts'
import { byTextOf } from '../kit/by-text.ts'
import { ownValue } from '../kit/table.ts'
import { packagesFor, schemes } from './manifest.ts'

/**
 * Documents with environment-variable parameters need it,
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-syntax-data-elements-parameters.html
 */
export const agentVersionMin = '3.3.2746.0'

export interface Scope {
  readonly hosts: readonly { readonly asset: Asset; readonly previous: Readonly<Record<string, string>> }[]
  readonly excluded: { hostId: string; reason: string }[]
}

interface ScopeInput {
  readonly service: Service
  /** Names of all services in the catalogue. */
  readonly known: ReadonlySet<string>
  readonly packages: readonly {
    readonly name: string
    readonly version: string
    readonly platform?: Asset['platform'] | undefined
  }[]
  readonly assets: readonly Asset[]
  readonly installed: ReadonlyMap<string, Readonly<Record<string, string>>>
  /** Hosts whose inventory could not be read. */
  readonly unread: ReadonlySet<string>
  /** The Windows updates that findings name, by host; absent for Linux. */
  readonly updatesByHost?: ReadonlyMap<string, readonly string[]> | undefined
}

/** Splits a service's nodes into those to patch and those excluded; equal inputs in any order give equal output. */
export function scopeOf(input: ScopeInput): Scope {
  const { service, known, assets, installed, unread } = input
  const hosts: { asset: Asset; previous: Record<string, string> }[] = []
  const excluded: { hostId: string; reason: string }[] = []
  for (const asset of assets
    .filter(({ services }) => services.includes(service.name))
    .toSorted(byTextOf(({ hostId }) => hostId))) {
    const have = { ...asset.packages, ...installed.get(asset.hostId) }
    const need = input.updatesByHost
      ? updatesNeeded(input.packages, have, input.updatesByHost.get(asset.hostId) ?? [])
      : versionsNeeded(asset, packagesFor(input.packages, asset.platform), have)
    const isWindows = input.updatesByHost !== undefined
    const reason = unreadable(asset, unread) ?? unfit(asset, service, known, isWindows) ?? need.unneeded
    if (reason === undefined) hosts.push({ asset, previous: need.previous })
    else excluded.push({ hostId: asset.hostId, reason })
  }
  return { hosts, excluded }
}

type Versions = Readonly<Record<string, string | undefined>>

/** Undefined if the package is not there, or its platform has no version order. */
function stateOf(asset: Asset, have: string | undefined, wanted: string): FixState | undefined {
  const scheme = schemes[asset.platform]
  return have === undefined || scheme === undefined ? undefined : fixStateOf(scheme, have, wanted)
}

/** What a host needs, given what it has; or why it needs nothing. */
interface Need {
  readonly previous: Record<string, string>
  readonly unneeded: string | undefined
}

function versionsNeeded(asset: Asset, packages: ScopeInput['packages'], have: Versions): Need {
  const previous = Object.fromEntries(
    packages.flatMap(({ name, version }) =>
      stateOf(asset, ownValue(have, name), version) === 'not-fixed' ? [[name, ownValue(have, name) ?? '']] : [],
    ),
  )
  return { previous, unneeded: versionsUnneeded(asset, packages, have, previous) }
}

function versionsUnneeded(
  asset: Asset,
  packages: ScopeInput['packages'],
  have: Versions,
  previous: Versions,
): string | undefined {
  // A version of another platform says nothing of this host.
  if (packages.length === 0) return `no fix for ${asset.platform} is in the change: whether it needs one is unknown`
  const vague = packages.find(({ name, version }) => stateOf(asset, ownValue(have, name), version) === 'unknown')
  if (vague) return `cannot tell whether ${vague.name} ${ownValue(have, vague.name)} contains the fix ${vague.version}`
  if (Object.keys(previous).length > 0) return undefined
  return packages.some(({ name }) => ownValue(have, name) !== undefined)
    ? 'already has the fixed version'
    : 'does not have the package, or its inventory does not show it'
}

/** No inventory lists the updates that apply to a Windows node: only findings about it name them. */
function updatesNeeded(packages: ScopeInput['packages'], have: Versions, updates: readonly string[]): Need {
  const named = packages.filter(({ name }) => updates.includes(name))
  const missing = named.filter(({ name }) => ownValue(have, name) === undefined)
  const previous = Object.fromEntries(missing.map(({ name }) => [name, 'absent']))
  if (missing.length > 0) return { previous, unneeded: undefined }
  return { previous, unneeded: named.length > 0 ? 'already has the updates' : 'no open finding names an update for it' }
}

/** F44, I20: what the ledger knows of it may be outdated, so nothing is planned on it. */
const unreadable = ({ hostId, account, region }: Asset, unread: ReadonlySet<string>) =>
  unread.has(hostId) ? `the inventory of account ${account} in ${region} could not be read` : undefined

function unfit(asset: Asset, service: Service, known: ReadonlySet<string>, isForWindows: boolean): string | undefined {
  if (!asset.isManaged) return 'not managed: tag patch-managed is not true'
  if (!asset.isOnline) return 'offline: the agent does not report'
  if (asset.stage === undefined) return 'no stage: tag patch-stage is missing'
  if (!service.rings.some(({ stage }) => stage === asset.stage))
    return `stage ${asset.stage} is in no ring of ${service.name}`
  const stranger = asset.services.toSorted().find((name) => !known.has(name))
  if (stranger !== undefined) return `also serves ${stranger}, which is not in the catalogue`
  if (asset.platform === 'unknown') return 'unknown platform'
  const isWindows = asset.platform === 'windows'
  if (isWindows && !isForWindows) return 'Windows nodes have a change of their own'
  if (isForWindows && !isWindows) return 'this change is for Windows nodes; Linux nodes have a change of their own'
  if (!isAgentNewEnough(asset.agentVersion)) return `SSM Agent ${asset.agentVersion} is older than ${agentVersionMin}`
  return undefined
}

/** F33: four numbers; anything else is not a version and counts as too old. */
const isAgentNewEnough = (version: string) =>
  /^\d{1,9}(\.\d{1,9}){3}$/.test(version) && compareVersions('rpm', version, agentVersionMin) >= 0
