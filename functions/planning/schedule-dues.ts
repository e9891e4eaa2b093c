/** Due dates: hosts that could stand for each other change places, so that the one due first goes first. */
import type { Model } from './schedule-model.ts'
import type { Placed } from './schedule-pass.ts'

/** Seconds by which hosts end behind their due dates, together. */
export function latenessOf({ hosts }: Model, { starts }: Placed): number {
  return starts.reduce(
    (sum, start, host) => sum + Math.max(0, start + (hosts.seconds[host] ?? 0) - (hosts.dues[host] ?? 0)),
    0,
  )
}

/** Hosts of a kind that take equally long and download as much swap their starts; those in a conflict keep theirs. */
export function byDue({ hosts, kinds, conflicts }: Model, placed: Placed): Placed {
  const starts = placed.starts.slice()
  const alike = new Map<string, number[]>()
  starts.forEach((_, host) => {
    if (conflicts.has(host)) return
    const bytes = (hosts.sites[host] ?? -1) < 0 ? 0 : hosts.bytes[host]
    const key = `${kinds.kindOfHost[host]} ${hosts.seconds[host]} ${bytes}`
    const list = alike.get(key)
    if (list) list.push(host)
    else alike.set(key, [host])
  })
  for (const list of alike.values()) {
    if (list.length === 1) continue
    const instants = list.map((host) => placed.starts[host] ?? 0).sort((one, other) => one - other)
    // Hosts without a due date come last; of equal dates the order of the names decides.
    list.sort((one, other) =>
      hosts.dues[one] === hosts.dues[other] ? one - other : (hosts.dues[one] ?? 0) - (hosts.dues[other] ?? 0),
    )
    list.forEach((host, at) => {
      starts[host] = instants[at] ?? 0
    })
  }
  return { ...placed, starts }
}
