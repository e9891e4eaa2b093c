/** Sixty nodes, five services, three zones: the fleet of the scenario. */
import { ownDocuments } from './documents.ts'
import { Fleet } from './fleet.ts'

const zones = ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'] as const
const sizes = { web: 16, api: 14, orders: 12, db: 6, batch: 12 } as const
const packages = {
  snapd: '2.63',
  openssl: '3.0.2-0ubuntu1.15',
  curl: '7.81.0-1ubuntu1.13',
  'linux-image-aws': '6.8.0-1015.17',
}

const stageOf = (index: number) => (index === 0 ? 'dev' : index <= 2 ? 'staging' : index <= 4 ? 'canary' : 'production')

/** The same fleet for the same seed; `stepMs` is how long a step takes on average. */
export function defaultFleet(seed: number, stepMs = 250): Fleet {
  const fleet = new Fleet({ seed, stepMs })
  for (const document of ownDocuments()) fleet.documents.set(document.name, document)
  let number = 0
  for (const [service, size] of Object.entries(sizes)) {
    for (let index = 0; index < size; index++) {
      const hostId = `i-0${(0xd0c0000 + number++).toString(16).padStart(16, '0')}`
      const isShared = service === 'api' && index >= size - 2
      fleet.nodes.set(hostId, {
        hostId,
        platformName: 'Ubuntu',
        agentVersion: '3.3.2746.0',
        tags: {
          'patch-managed': 'true',
          'patch-service': isShared ? 'api,batch' : service,
          'patch-stage': stageOf(index),
          'patch-zone': zones[index % zones.length] ?? zones[0],
        },
        packages: { ...packages },
        runningKernel: packages['linux-image-aws'],
        installedKernel: packages['linux-image-aws'],
        bootId: fleet.uuid('boot'),
        isOnline: true,
        rebootPending: false,
        changedAtMs: 0,
        results: new Map(),
      })
    }
  }
  return fleet
}
