/** Nodes and documents straight from the fleet simulator, without HTTP between. */
import type { Nodes } from '../../functions/catalogue/index.ts'
import type { DocumentPins } from '../../functions/planning/index.ts'
import type { Fleet } from '../fleet/fleet.ts'

export const fleetNodes = (fleet: Fleet): Nodes => ({
  all: async () =>
    fleet.describeNodes().map(({ hostId, platformName, agentVersion, isOnline, tags }) => ({
      hostId,
      platformName,
      platformType: 'Linux',
      agentVersion,
      isOnline,
      tags,
    })),
  installed: async (names) =>
    new Map(
      fleet
        .describeNodes()
        .map(({ hostId, packages }) => [
          hostId,
          Object.fromEntries(
            names.flatMap((name) => (packages[name] === undefined ? [] : [[name, packages[name] ?? '']])),
          ),
        ]),
    ),
})

export const fleetPins = (fleet: Fleet): DocumentPins => ({
  current: async (name) => {
    const document = fleet.documents.get(name)
    return document && { name, version: document.version, hash: document.hash }
  },
})
