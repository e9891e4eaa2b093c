/** Due dates: interchangeable hosts swap places, so that the one due first goes first. */
import type { Model } from './model.ts'
import type { Placed } from './pass.ts'

/** Total seconds by which hosts miss their due dates. */
export function latenessOf({ hosts }: Model, { starts }: Placed): number {
  return starts.reduce(
    (sum, start, host) => sum + Math.max(0, start + (hosts.seconds[host] ?? 0) - (hosts.dues[host] ?? 0)),
    0,
  )
}

/**
 * Hosts of a kind that take equally long and download as much swap their starts; those in a conflict keep theirs.
 *
 * In the model's order such hosts are adjacent, the one due first in front.
 */
export function byDue({ hosts, kinds, conflicts }: Model, placed: Placed): Placed {
  const starts = placed.starts.slice()
  const { order, first } = kinds
  const isAlike = (one: number, other: number) =>
    hosts.seconds[one] === hosts.seconds[other] &&
    ((hosts.sites[one] ?? -1) < 0 || hosts.bytes[one] === hosts.bytes[other])
  for (let kind = 0; kind < kinds.count; kind++) {
    const own = order.subarray(first[kind], first[kind + 1]).filter((host) => !conflicts.has(host))
    for (let from = 0, to = 1; from < own.length; from = to, to++) {
      while (to < own.length && isAlike(own[from] ?? 0, own[to] ?? 0)) to++
      if (to - from === 1) continue
      const instants = Float64Array.from(own.subarray(from, to), (host) => placed.starts[host] ?? 0).sort()
      for (let at = from; at < to; at++) starts[own[at] ?? 0] = instants[at - from] ?? 0
    }
  }
  return { ...placed, starts }
}
