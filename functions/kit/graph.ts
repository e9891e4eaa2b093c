/** Finds a cycle in a graph of names. */

interface Frame {
  readonly name: string
  readonly next: readonly string[]
  at: number
}

/**
 * A dependency cycle, first name repeated at the end (`a -> b -> a`); undefined where the graph has no cycle. The order
 * of the map does not matter.
 */
export function findCycle(dependsOn: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const settled = new Set<string>()
  for (const name of [...dependsOn.keys()].sort()) {
    const cycle = settled.has(name) ? undefined : walk(name, dependsOn, settled)
    if (cycle) return cycle
  }
  return undefined
}

/** Depth first without recursion: a chain of services may be longer than the stack. */
function walk(
  from: string,
  dependsOn: ReadonlyMap<string, readonly string[]>,
  settled: Set<string>,
): string[] | undefined {
  const frame = (name: string): Frame => ({ name, next: [...(dependsOn.get(name) ?? [])].sort(), at: 0 })
  const path = [frame(from)]
  const onPath = new Set([from])
  for (let top = path.at(-1); top; top = path.at(-1)) {
    const next = top.next[top.at++]
    if (next === undefined) {
      settled.add(top.name)
      onPath.delete(top.name)
      path.pop()
    } else if (onPath.has(next)) {
      const names = path.map(({ name }) => name)
      return [...names.slice(names.indexOf(next)), next]
    } else if (!settled.has(next)) {
      path.push(frame(next))
      onPath.add(next)
    }
  }
  return undefined
}
