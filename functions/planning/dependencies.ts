/** Who depends on whom, directly or not. */
import { byText } from '../kit/by-text.ts'

type Graph = ReadonlyMap<string, readonly string[]>

/** Everything reachable from a name, excluding itself unless it is in a cycle; in text order. */
export function reach(from: readonly string[], graph: Graph): string[] {
  const found = new Set<string>()
  const waiting = [...from]
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop())
    for (const next of graph.get(name) ?? []) {
      if (found.has(next)) continue
      found.add(next)
      waiting.push(next)
    }
  return [...found].sort(byText)
}

/** The reversed graph. */
export function reversed(graph: Graph): Map<string, string[]> {
  const result = new Map<string, string[]>()
  for (const [name, next] of graph) for (const one of next) result.set(one, [...(result.get(one) ?? []), name])
  return result
}
