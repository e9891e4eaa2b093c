/** Nodes, their tags and their packages, by SSM inventory alone: the same calls for EC2 and hybrid nodes. */
import { paginateDescribeInstanceInformation, paginateGetInventory, SSMClient } from '@aws-sdk/client-ssm'
import { isWindowsUpdate } from '../finding/index.ts'
import { compareVersions } from '../inventory/index.ts'
import type { NodeFacts, Nodes } from '../inventory/ports.ts'
import { clientSettings } from './runtime.ts'
import type { ZonesOf } from './zones.ts'

type Entry = Readonly<Record<string, string>>

const pageSize = 50
/** Values of one filter, https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_InventoryFilter.html */
const filterValuesMax = 40

/** Entries of one inventory type by node; entries spread over pages are joined. */
async function inventory(
  client: SSMClient,
  typeName: string,
  filter?: { readonly key: string; readonly values: readonly string[] },
): Promise<Map<string, Entry[]>> {
  const found = new Map<string, Entry[]>()
  const input = {
    ResultAttributes: [{ TypeName: typeName }],
    ...(filter ? { Filters: [{ Key: filter.key, Values: [...filter.values], Type: 'Equal' as const }] } : {}),
  }
  for await (const page of paginateGetInventory({ client, pageSize }, input)) {
    for (const { Id = '', Data } of page.Entities ?? [])
      found.set(Id, [...(found.get(Id) ?? []), ...(Data?.[typeName]?.Content ?? [])])
  }
  return found
}

/** An RPM version comes in parts (`Epoch` may be `(none)`), a Debian version as a whole. */
function versionOf({ Version = '', Release = '', Epoch = '' }: Entry): string {
  const version = Release === '' || Version.includes('-') ? Version : `${Version}-${Release}`
  return /^[1-9]\d*$/.test(Epoch) && !version.includes(':') ? `${Epoch}:${version}` : version
}

/** The newest of several installed versions, as with kernels and libraries of two architectures. */
function newer(entry: Entry, known: string | undefined): string {
  const version = versionOf(entry)
  const scheme = entry.PackageId?.endsWith('.deb') || !entry.Release ? 'deb' : 'rpm'
  return known === undefined || compareVersions(scheme, known, version) < 0 ? version : known
}

/** Which of these updates Windows nodes have, as `KB…: 'installed'`; an update has no version. */
async function windowsUpdates(client: SSMClient, updates: readonly string[]) {
  const found = new Map<string, Record<string, string>>()
  for (let at = 0; at < updates.length; at += filterValuesMax) {
    const values = updates.slice(at, at + filterValuesMax)
    const filter = { key: 'AWS:WindowsUpdate.HotFixId', values }
    for (const [hostId, entries] of await inventory(client, 'AWS:WindowsUpdate', filter)) {
      const own = entries.flatMap(({ HotFixId = '' }) => (values.includes(HotFixId) ? [[HotFixId, 'installed']] : []))
      found.set(hostId, { ...found.get(hostId), ...Object.fromEntries(own) })
    }
  }
  return found
}

/**
 * Nodes as Systems Manager knows them.
 * @param zonesOf looks up zones of EC2 nodes; absent where zones are not needed.
 */
export function ssmNodes(client = new SSMClient(clientSettings), zonesOf: ZonesOf = async () => new Map()): Nodes {
  return {
    async all() {
      const tags = await inventory(client, 'AWS:Tag')
      const nodes: NodeFacts[] = []
      for await (const page of paginateDescribeInstanceInformation({ client, pageSize }, {})) {
        for (const node of page.InstanceInformationList ?? []) {
          const { InstanceId = '', PlatformName = '', PlatformType = '', AgentVersion = '0', PingStatus } = node
          nodes.push({
            hostId: InstanceId,
            platformName: PlatformName,
            platformType: PlatformType,
            agentVersion: AgentVersion,
            isOnline: PingStatus === 'Online',
            tags: Object.fromEntries((tags.get(InstanceId) ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
          })
        }
      }
      const zones = await zonesOf(nodes.map(({ hostId }) => hostId))
      return nodes.map((node) => ({ ...node, ...(zones.has(node.hostId) ? { zone: zones.get(node.hostId) } : {}) }))
    },
    async installed(names) {
      const found = await windowsUpdates(client, names.filter(isWindowsUpdate))
      const packageNames = names.filter((name) => !isWindowsUpdate(name))
      for (let at = 0; at < packageNames.length; at += filterValuesMax) {
        const values = packageNames.slice(at, at + filterValuesMax)
        const wanted = new Set(values)
        const filter = { key: 'AWS:Application.Name', values }
        for (const [hostId, entries] of await inventory(client, 'AWS:Application', filter)) {
          const versions = new Map(Object.entries(found.get(hostId) ?? {}))
          for (const entry of entries)
            if (entry.Name !== undefined && wanted.has(entry.Name) && entry.Version)
              versions.set(entry.Name, newer(entry, versions.get(entry.Name)))
          found.set(hostId, Object.fromEntries(versions))
        }
      }
      return found
    },
  }
}
