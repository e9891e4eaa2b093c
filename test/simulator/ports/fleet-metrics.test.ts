import { describe, expect, it } from 'vitest'
import { defaultFleet } from '../../../simulator/fleet/default-fleet.ts'
import type { Fleet } from '../../../simulator/fleet/fleet.ts'
import { fleetMetrics, metricNamespace } from '../../../simulator/ports/fleet-metrics.ts'
import { memoryMetrics } from '../../../simulator/ports/metric-source.ts'

const startMs = Date.parse('2026-01-01T00:00:00.000Z')
const node = (fleet: Fleet) => {
  const [found] = fleet.describeNodes().filter(({ tags }) => tags['patch-service'] === 'web')
  if (!found) throw new Error('the fleet has no web node')
  return found
}
const query = (hostId: string, fromSeconds: number, toSeconds: number, periodSeconds = 1) => ({
  namespace: metricNamespace,
  name: 'ErrorRate',
  service: 'web',
  hostId,
  startMs: startMs + fromSeconds * 1000,
  endMs: startMs + toSeconds * 1000,
  periodSeconds,
})

describe('what CloudWatch would know of the fleet', () => {
  it('is what an agent that samples every second would have published', async () => {
    const fleet = defaultFleet(5)
    fleet.script({ fault: 'bad-patch', packageName: 'snapd', version: 'bad', afterSeconds: 4 })
    const [kept, made] = [memoryMetrics(), fleetMetrics(fleet)]
    const { hostId } = node(fleet)
    for (let second = 0; second < 30; second++) {
      const atMs = startMs + second * 1000
      if (second === 10) Object.assign(node(fleet), { changedAtMs: atMs, packages: { snapd: 'bad' } })
      if (second === 20) node(fleet).isOnline = false
      if (second === 24) node(fleet).isOnline = true
      if (second % 10 === 0 || second === 24) made.observe(atMs)
      const values = fleet.metricsAt(atMs)
      kept.put(values.map((value) => ({ ...value, namespace: metricNamespace, atMs })))
    }
    const samples = await made.samples(query(hostId, 0, 30))
    expect(samples).toEqual(await kept.samples(query(hostId, 0, 30)))
    expect(samples).toHaveLength(30)
    expect(samples.slice(20, 24)).toEqual([null, null, null, null])
    const given = samples.filter((sample) => sample !== null)
    expect(given).toHaveLength(26)
    expect(Math.max(...given.slice(0, 14))).toBeLessThan(2)
    expect(Math.min(...given.slice(14))).toBeGreaterThan(5)
  })

  it('is averaged by period, from a few samples of a long one', async () => {
    const fleet = defaultFleet(5)
    const metrics = fleetMetrics(fleet)
    metrics.observe(startMs)
    expect(await metrics.samples(query(node(fleet).hostId, 0, 600, 60))).toHaveLength(10)
  })

  it('is nothing before the first look, in another namespace, of another service, and of a host that is gone', async () => {
    const fleet = defaultFleet(5)
    const metrics = fleetMetrics(fleet)
    const { hostId } = node(fleet)
    metrics.observe(startMs)
    expect(await metrics.samples(query(hostId, -10, 0))).toEqual([])
    expect(await metrics.samples({ ...query(hostId, 0, 10), namespace: 'AWS/EC2' })).toEqual([])
    expect(await metrics.samples({ ...query(hostId, 0, 10), service: 'db' })).toEqual([])
    fleet.nodes.delete(hostId)
    metrics.observe(startMs + 5_000)
    const samples = await metrics.samples(query(hostId, 0, 10))
    expect(samples.map((sample) => sample === null)).toEqual([...Array(5).fill(false), ...Array(5).fill(true)])
  })
})
