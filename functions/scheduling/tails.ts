/** How much time must pass behind each service: the longest chain of what waits for it. */
import { dependenciesFirst } from './barriers.ts'
import type { Model } from './model.ts'

/** By service, in seconds; hosts shared with other services pass a wait on to them. */
export function tailsOf({ kinds, gates, groups, services }: Model): Float64Array {
  const tails = new Float64Array(services.length)
  const work = new Float64Array(groups.length)
  for (let kind = 0; kind < kinds.count; kind++)
    work[kinds.groupOf[kind] ?? 0] = (work[kinds.groupOf[kind] ?? 0] ?? 0) + (kinds.seconds[kind] ?? 0)
  const behind = services.map((_, service) => workBehind(gates.opens[service] ?? [], groups, work))
  for (const service of dependenciesFirst(behind.map((list) => [...list.keys()]))) {
    let most = 0
    for (const [next, seconds] of behind[service] ?? [])
      most = Math.max(most, (tails[next] ?? 0) + seconds / (kinds.limits.most[next] ?? 1))
    tails[service] = most
  }
  return tails
}

/** Seconds of work that wait, by the service that they are done for. */
function workBehind(
  waiting: readonly number[],
  groups: readonly (readonly number[])[],
  work: Float64Array,
): ReadonlyMap<number, number> {
  const seconds = new Map<number, number>()
  for (const group of waiting)
    for (const service of groups[group] ?? []) seconds.set(service, (seconds.get(service) ?? 0) + (work[group] ?? 0))
  return seconds
}
