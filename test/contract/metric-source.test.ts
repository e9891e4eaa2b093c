import { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import { afterAll, beforeAll, describe } from 'vitest'
import { cloudWatchMetrics } from '../../functions/aws/metric-source.ts'
import { type FleetServer, startFleetServer } from '../../local/fleet-server.ts'
import { defaultFleet } from '../../simulator/fleet/default-fleet.ts'
import { SampleHistory } from '../../simulator/fleet/metrics-api.ts'
import { memoryMetrics } from '../../simulator/ports/metric-source.ts'
import { metricSourceContract } from './metric-source.ts'

const startMs = 1_790_000_040_000
const instants = [0, 1, 2, 3, 4, 5].map((second) => startMs + second * 1_000)
const fleet = defaultFleet(7)
const [first] = fleet.metricsAt(startMs).filter(({ name }) => name === 'ErrorRate')
const { hostId = '', service = '' } = first ?? {}
const valueAt = (atMs: number) =>
  fleet.metricsAt(atMs).find((value) => value.hostId === hostId && value.name === 'ErrorRate')?.value ?? Number.NaN
const known = { startMs, service, hostId, values: instants.map(valueAt) }

describe('metrics in memory', () =>
  metricSourceContract(async () => {
    const metrics = memoryMetrics()
    const sample = { namespace: 'Drydock/Fleet', name: 'ErrorRate', service, hostId }
    metrics.put(instants.map((atMs, index) => ({ ...sample, atMs, value: known.values[index] ?? Number.NaN })))
    return { ...known, metrics }
  }))

describe('metrics by CloudWatch, on the fleet simulator', () => {
  let server: FleetServer
  beforeAll(async () => {
    const history = new SampleHistory()
    for (const atMs of instants) history.record(fleet, atMs)
    server = await startFleetServer({ fleet: defaultFleet(8), onEvent: () => undefined, history })
  })
  afterAll(() => server.close())

  metricSourceContract(async () => {
    const client = new CloudWatchClient({
      endpoint: server.address,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      maxAttempts: 1,
    })
    return { ...known, metrics: cloudWatchMetrics(client) }
  })
})
