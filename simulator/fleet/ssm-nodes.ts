/** SSM's calls about nodes: who is there, what is on them, their tags and patch states, and the change calendar. */

import * as z from 'zod'
import { ownValue } from '../../functions/kit/table.ts'
import { fail, type Operation, ok, paged } from './answer.ts'
import type { FleetNode } from './model.ts'

const Page = z.looseObject({
  NextToken: z.string().optional(),
  MaxResults: z.number().int().min(1).max(50).optional(),
  Filters: z.array(z.looseObject({ Key: z.string(), Values: z.array(z.string()) })).default([]),
})
const Inventory = Page.extend({
  ResultAttributes: z
    .array(z.looseObject({ TypeName: z.string() }))
    .max(1)
    .default([]),
})
const Tagged = z.looseObject({ ResourceId: z.string() })
const AddTags = Tagged.extend({
  Tags: z.array(z.strictObject({ Key: z.string().max(128), Value: z.string().max(256) })),
})
const PatchStates = z.looseObject({ InstanceIds: z.array(z.string()).min(1).max(50), NextToken: z.string().optional() })

export const nodeOperations: Readonly<Record<string, Operation>> = {
  DescribeInstanceInformation(fleet, input, nowMs, account) {
    const { NextToken, MaxResults, Filters } = Page.parse(input)
    const all = fleet
      .describeNodes(account)
      .filter((node) => Filters.every(({ Key, Values }) => passes(node, Key, Values)))
      .map((node) => ({
        InstanceId: node.hostId,
        PingStatus: node.isOnline ? 'Online' : 'ConnectionLost',
        LastPingDateTime: nowMs / 1000,
        AgentVersion: node.agentVersion,
        IsLatestVersion: false,
        PlatformType: node.platformType ?? 'Linux',
        PlatformName: node.platformName,
        PlatformVersion: node.platformVersion ?? '',
        ResourceType: node.hostId.startsWith('mi-') ? 'ManagedInstance' : 'EC2Instance',
      }))
    return paged('InstanceInformationList', all, NextToken, MaxResults)
  },
  GetInventory(fleet, input, nowMs, account) {
    const { ResultAttributes, Filters, NextToken, MaxResults } = Inventory.parse(input)
    const type = ResultAttributes[0]?.TypeName ?? 'AWS:InstanceInformation'
    const names = Filters.find(
      ({ Key }) => Key === 'AWS:Application.Name' || Key === 'AWS:WindowsUpdate.HotFixId',
    )?.Values
    const all = fleet
      .describeNodes(account)
      .filter((node) => names === undefined || names.some((name) => name in node.packages))
      .map((node) => ({
        Id: node.hostId,
        Data: {
          [type]: {
            TypeName: type,
            SchemaVersion: '1.0',
            CaptureTime: new Date(nowMs).toISOString(),
            Content: contentOf(node, type),
          },
        },
      }))
    return paged('Entities', all, NextToken, MaxResults)
  },
  ListTagsForResource(fleet, input) {
    const node = fleet.nodes.get(Tagged.parse(input).ResourceId)
    return node ? ok({ TagList: contentOf(node, 'AWS:Tag') }) : fail('InvalidResourceId', '')
  },
  AddTagsToResource(fleet, input) {
    const { ResourceId, Tags } = AddTags.parse(input)
    const node = fleet.nodes.get(ResourceId)
    if (!node) return fail('InvalidResourceId', '')
    node.tags = { ...node.tags, ...Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])) }
    return ok({})
  },
  DescribeInstancePatchStates(fleet, input, nowMs) {
    const { InstanceIds, NextToken } = PatchStates.parse(input)
    const states = InstanceIds.flatMap((hostId) => {
      const node = fleet.nodes.get(hostId)
      return node ? [patchState(node, nowMs)] : []
    })
    return paged('InstancePatchStates', states, NextToken)
  },
  GetCalendarState: (_, __, nowMs) => ok({ State: 'OPEN', AtTime: new Date(nowMs).toISOString() }),
}

function passes(node: FleetNode, key: string, values: readonly string[]): boolean {
  if (key === 'InstanceIds') return values.includes(node.hostId)
  if (key === 'PingStatus') return values.includes(node.isOnline ? 'Online' : 'ConnectionLost')
  if (key === 'PlatformTypes') return values.includes(node.platformType ?? 'Linux')
  if (key === 'AgentVersion') return values.includes(node.agentVersion)
  if (key.startsWith('tag:')) return values.includes(ownValue(node.tags, key.slice(4)) ?? '')
  return true
}

function contentOf(node: FleetNode, type: string) {
  if (type === 'AWS:Tag') return Object.entries(node.tags).map(([Key, Value]) => ({ Key, Value }))
  if (type === 'AWS:Application')
    return Object.entries(node.packages)
      .filter(([name]) => !isUpdate(name))
      .map(([Name, version]) => applicationOf(Name, version))
  if (type === 'AWS:WindowsUpdate')
    return Object.keys(node.packages)
      .filter(isUpdate)
      .map((HotFixId) => ({ HotFixId, Description: 'Security Update' }))
  return []
}

const isUpdate = (name: string) => /^KB\d+$/.test(name)

/** Inventory tells an RPM's version, release and epoch apart, and a Debian version in one piece. */
function applicationOf(Name: string, version: string) {
  const rpm = /^(?:(\d+):)?([^-:]+)-([^-]+\.(?:amzn|el)\S*)$/.exec(version)
  if (!rpm) return { Name, Version: version, Architecture: 'amd64' }
  const [, Epoch = '0', Version = '', Release = ''] = rpm
  return { Name, Version, Release, Epoch, Architecture: 'x86_64' }
}

const patchState = (node: FleetNode, nowMs: number) => ({
  InstanceId: node.hostId,
  PatchGroup: node.tags['patch-stage'] ?? '',
  BaselineId: 'pb-0c10e65780EXAMPLE',
  Operation: 'Scan',
  OperationStartTime: nowMs / 1000,
  OperationEndTime: nowMs / 1000,
  InstalledCount: Object.keys(node.packages).length,
  InstalledPendingRebootCount: node.rebootPending ? 1 : 0,
  MissingCount: 0,
  FailedCount: 0,
  RebootOption: 'NoReboot',
})
