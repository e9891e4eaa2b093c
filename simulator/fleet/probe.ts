/** The services' own probes: what they answer, by the health of the nodes behind them. */
import type { Fleet } from './fleet.ts'

/** A service answers 200 while at least half of its nodes work, else 503; undefined where the path is no probe. */
export function probeStatus(
  fleet: Fleet,
  path: string,
): { readonly status: number; readonly service: string; readonly healthyShare: number } | undefined {
  const service = /^\/probe\/([a-z0-9-]+)$/.exec(path)?.[1]
  if (service === undefined) return undefined
  const healthyShare = fleet.healthyShare(service)
  return { status: healthyShare >= 0.5 ? 200 : 503, service, healthyShare }
}
