/** What CloudWatch would know of the fleet: how each node was is kept as it changes, samples are made when somebody asks. */
import type { MetricSource } from '../../functions/validation/index.ts'
import type { Fleet } from '../fleet/fleet.ts'
import { hurtFromMs, isHealthy, metricNames, servicesOf } from '../fleet/model.ts'

/** How a node was from an instant on. */
interface Stretch {
  readonly fromMs: number
  readonly isOnline: boolean
  readonly isHealthy: boolean
  readonly hurtFromMs: number | undefined
  readonly services: readonly string[]
}

export const metricNamespace = 'Drydock/Local'
/** Most samples of a period; a period of no more seconds has one each second. */
const samplesMax = 10

export interface FleetMetrics extends MetricSource {
  /** Looks at the nodes; to be called whenever they may have changed. */
  observe(nowMs: number): void
}

/** Samples of the namespace `Drydock/Local`, averaged by period as CloudWatch does, null for a period without one; none before the first look. */
export function fleetMetrics(fleet: Fleet): FleetMetrics {
  const stretches = new Map<string, Stretch[]>()
  const isSame = (left: Stretch, right: Stretch) =>
    left.isOnline === right.isOnline &&
    left.isHealthy === right.isHealthy &&
    left.hurtFromMs === right.hurtFromMs &&
    left.services.join() === right.services.join()

  function note(hostId: string, stretch: Stretch) {
    const known = stretches.get(hostId)
    const last = known?.at(-1)
    if (!known) stretches.set(hostId, [stretch])
    else if (last && !isSame(last, stretch)) known.push(stretch)
  }

  function sample(hostId: string, name: string, service: string, atMs: number): number[] {
    const metric = metricNames.find((one) => one === name)
    const then = stretches.get(hostId)?.findLast(({ fromMs }) => fromMs <= atMs)
    if (!metric || !then?.isOnline || !then.services.includes(service)) return []
    const isBad = !then.isHealthy || (then.hurtFromMs !== undefined && atMs >= then.hurtFromMs)
    return [fleet.sampleAt(hostId, metric, atMs, isBad)]
  }

  return {
    observe(nowMs) {
      for (const node of fleet.nodes.values())
        note(node.hostId, {
          fromMs: nowMs,
          isOnline: node.isOnline,
          isHealthy: isHealthy(node),
          hurtFromMs: hurtFromMs(node, fleet.faults),
          services: servicesOf(node),
        })
      for (const [hostId, known] of stretches) {
        const last = known.at(-1)
        if (last && !fleet.nodes.has(hostId)) note(hostId, { ...last, fromMs: nowMs, isOnline: false })
      }
    },
    async samples({ namespace, name, service, hostId, startMs, endMs, periodSeconds }) {
      if (namespace !== metricNamespace) return []
      const everyMs = Math.max(1, Math.ceil(periodSeconds / samplesMax)) * 1000
      const periodMs = periodSeconds * 1000
      const byPeriod = new Map<number, number[]>()
      for (let atMs = Math.ceil(startMs / everyMs) * everyMs; atMs < endMs; atMs += everyMs) {
        const period = Math.floor((atMs - startMs) / periodMs)
        const values = sample(hostId, name, service, atMs)
        if (values.length > 0) byPeriod.set(period, [...(byPeriod.get(period) ?? []), ...values])
      }
      if (byPeriod.size === 0) return []
      return Array.from({ length: Math.ceil((endMs - startMs) / periodMs) }, (_, period) => {
        const values = byPeriod.get(period)
        return values === undefined ? null : values.reduce((sum, value) => sum + value, 0) / values.length
      })
    },
  }
}
