/** Sixty nodes, five services, three zones: the fleet of the scenario. */
import { ownDocuments } from './documents.ts'
import { Fleet } from './fleet.ts'
import type { FleetNode } from './model.ts'
import type { Limit } from './throttle.ts'

export const zones = ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'] as const
/** The second account of the rehearsal. */
export const spokeAccount = '210987654321'
export const localSpokes = [
  { account: spokeAccount, region: 'eu-central-1', externalId: 'rehearsal-of-a-spoke' },
] as const
const sizes = { web: 16, api: 14, orders: 12, db: 6, batch: 12 } as const

const ubuntu = {
  platformName: 'Ubuntu',
  platformVersion: '22.04',
  packages: {
    snapd: '2.63',
    openssl: '3.0.2-0ubuntu1.15',
    curl: '7.81.0-1ubuntu1.13',
    'linux-image-aws': '6.8.0-1015.17',
  },
} as const
const amazonLinux = {
  platformName: 'Amazon Linux',
  platformVersion: '2023',
  packages: {
    openssl: '1:3.0.8-1.amzn2023.0.11',
    curl: '8.5.0-1.amzn2023.0.4',
    kernel: '6.1.90-99.173.amzn2023',
  },
} as const

const stageOf = (index: number) => (index === 0 ? 'dev' : index <= 2 ? 'staging' : index <= 4 ? 'canary' : 'production')

/** What differs between two nodes of a rehearsal; the rest has a default. */
export type NodeFacts = Partial<Omit<FleetNode, 'hostId' | 'results'>> & { readonly hostId: string }

/** A node in order: Ubuntu, online, healthy, with nothing pending. */
export function anyNode(facts: NodeFacts): FleetNode {
  const kernel = facts.packages?.['linux-image-aws'] ?? facts.packages?.kernel ?? ubuntu.packages['linux-image-aws']
  return {
    platformType: 'Linux',
    platformName: ubuntu.platformName,
    platformVersion: ubuntu.platformVersion,
    agentVersion: '3.3.2746.0',
    tags: { 'patch-managed': 'true' },
    packages: { ...ubuntu.packages },
    runningKernel: kernel,
    installedKernel: kernel,
    bootId: `boot-${facts.hostId}`,
    isOnline: true,
    isHealthy: true,
    rebootPending: false,
    changedAtMs: 0,
    busyUntilMs: 0,
    ...facts,
    results: new Map(),
  }
}

/** The same fleet for the same seed; `stepMs` is how long a step takes on average. */
export function defaultFleet(seed: number, stepMs = 250, limits: Readonly<Record<string, Limit>> = {}): Fleet {
  const fleet = new Fleet({ seed, stepMs, limits })
  for (const document of ownDocuments()) fleet.documents.set(document.name, document)
  let number = 0
  for (const [service, size] of Object.entries(sizes)) {
    for (let index = 0; index < size; index++) {
      const hostId = `i-0${(0xd0c0000 + number++).toString(16).padStart(16, '0')}`
      const zone = zones[index % zones.length] ?? zones[0]
      // Two api nodes also run batch work; a few order nodes are Amazon Linux.
      const isShared = service === 'api' && index >= size - 2
      const { packages, ...platform } = service === 'orders' && index >= size - 3 ? amazonLinux : ubuntu
      fleet.nodes.set(
        hostId,
        anyNode({
          hostId,
          zone,
          ...platform,
          packages: { ...packages },
          bootId: fleet.uuid('boot'),
          tags: {
            'patch-managed': 'true',
            'patch-service': isShared ? 'api,batch' : service,
            'patch-stage': stageOf(index),
          },
        }),
      )
    }
  }
  return fleet
}

/** Moves the last two web nodes into the second account, which only its roles reach. */
export function withSpoke(fleet: Fleet): Fleet {
  fleet.sessions.spokes.push(...localSpokes)
  const web = fleet.describeNodes().filter((node) => node.tags['patch-service'] === 'web')
  for (const node of web.slice(-2)) fleet.nodes.set(node.hostId, { ...node, account: spokeAccount })
  return fleet
}
