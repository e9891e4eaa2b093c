/** Nodes, their tags and their packages, by SSM inventory alone: the same calls for EC2 and hybrid nodes. */
import { paginateDescribeInstanceInformation, paginateGetInventory, SSMClient } from '@aws-sdk/client-ssm'
import type { NodeFacts, Nodes } from '../catalogue/ports.ts'
import { clientSettings } from './runtime.ts'

type Content = readonly Readonly<Record<string, string>>[]

async function inventory(
  client: SSMClient,
  typeName: string,
  filter?: { Key: string; Values: string[] },
): Promise<Map<string, Content>> {
  const found = new Map<string, Content>()
  const input = {
    ResultAttributes: [{ TypeName: typeName }],
    ...(filter ? { Filters: [{ ...filter, Type: 'Equal' as const }] } : {}),
  }
  for await (const page of paginateGetInventory({ client, pageSize: 50 }, input)) {
    for (const { Id = '', Data } of page.Entities ?? []) found.set(Id, Data?.[typeName]?.Content ?? [])
  }
  return found
}

export function ssmNodes(client = new SSMClient(clientSettings)): Nodes {
  return {
    async all() {
      const tags = await inventory(client, 'AWS:Tag')
      const nodes: NodeFacts[] = []
      for await (const page of paginateDescribeInstanceInformation({ client, pageSize: 50 }, {})) {
        for (const {
          InstanceId = '',
          PlatformName = '',
          PlatformType = '',
          AgentVersion = '0',
          PingStatus,
        } of page.InstanceInformationList ?? []) {
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
      return nodes
    },
    async installed(packageNames) {
      const found = new Map<string, Record<string, string>>()
      for (const name of packageNames) {
        for (const [hostId, content] of await inventory(client, 'AWS:Application', {
          Key: 'AWS:Application.Name',
          Values: [name],
        })) {
          const entry = content.find((one) => one.Name === name)
          if (!entry?.Version) continue
          const version =
            entry.Release && !entry.Version.includes('-') ? `${entry.Version}-${entry.Release}` : entry.Version
          found.set(hostId, {
            ...found.get(hostId),
            [name]: entry.Epoch && entry.Epoch !== '0' ? `${entry.Epoch}:${version}` : version,
          })
        }
      }
      return found
    },
  }
}
