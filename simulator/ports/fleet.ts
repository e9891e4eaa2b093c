/** Nodes and documents straight from the fleet simulator, without HTTP between. */
import type { Inventory, Nodes } from '../../functions/inventory/index.ts'
import { type DocumentPins, type OverrideLists, overrideKeyOf } from '../../functions/planning/index.ts'
import type { Fleet } from '../fleet/fleet.ts'
import { accountOf, versionsOn } from '../fleet/model.ts'

/** The inventory of every account in the fleet. */
export const fleetInventories = (fleet: Fleet, region: string): Inventory[] =>
  [...new Set(fleet.describeNodes().map(accountOf))].map((account) => ({
    account,
    region,
    nodes: fleetNodes(fleet, account),
  }))

export const fleetNodes = (fleet: Fleet, account?: string): Nodes => ({
  all: async () =>
    fleet.describeNodes(account).map(({ hostId, platformName, platformType, agentVersion, isOnline, tags, zone }) => ({
      hostId,
      platformName,
      platformType: platformType ?? 'Linux',
      agentVersion,
      isOnline,
      tags,
      ...(zone ? { zone } : {}),
    })),
  installed: async (names) =>
    new Map(fleet.describeNodes(account).map((node) => [node.hostId, versionsOn(node, names)])),
})

/** The bucket that the simulated Windows nodes read. */
export const fleetOverrideLists = ({ documents: { overrideLists } }: Fleet): OverrideLists => ({
  async keep(list) {
    overrideLists.create(overrideKeyOf(list), list.yaml)
  },
})

export const fleetPins = (fleet: Fleet): DocumentPins => ({
  current: async (name) => {
    const document = fleet.documents.get(name)
    return document && { name, version: document.version, hash: document.hash }
  },
})
