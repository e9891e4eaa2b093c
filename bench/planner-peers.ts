/** What the planner is measured against: waves with barriers, and a graph library that layers the same fleet. */
import { DirectedGraph } from 'graphology'
import { topologicalGenerations } from 'graphology-dag'
import type { PlanningProblem } from '../functions/scheduling/index.ts'

type Host = PlanningProblem['hosts'][number]

/** Layer of each service: one above the highest that it depends on. */
function layersOf({ services }: PlanningProblem): Map<string, number> {
  const byId = new Map(services.map((service) => [service.id, service]))
  const layers = new Map<string, number>()
  const layerOf = (id: string): number => {
    const known = layers.get(id)
    if (known !== undefined) return known
    const layer = (byId.get(id)?.dependsOn ?? []).reduce((most, next) => Math.max(most, layerOf(next) + 1), 0)
    layers.set(id, layer)
    return layer
  }
  for (const { id } of services) layerOf(id)
  return layers
}

/** How the next wave of a layer is counted: no host beyond a limit of its services, zones, conflicts or concurrency. */
class Wave {
  private readonly counts = new Map<string, number>()
  private readonly ids = new Set<string>()
  private readonly limits: ReadonlyMap<string, PlanningProblem['services'][number]>
  private readonly conflicts: ReadonlyMap<string, readonly string[]>
  private readonly concurrency: number

  constructor(problem: PlanningProblem, limits: Wave['limits'], conflicts: Wave['conflicts']) {
    this.limits = limits
    this.conflicts = conflicts
    this.concurrency = problem.concurrency
  }

  get isFull(): boolean {
    return this.ids.size >= this.concurrency
  }

  takes({ id, services, zone }: Host): boolean {
    const hasRoom = services.every((name) => {
      const limit = this.limits.get(name)
      const perZone = limit?.maxUnavailablePerZone
      const inZone = typeof perZone === 'object' ? (perZone[zone] ?? 0) : (perZone ?? Number.POSITIVE_INFINITY)
      return (
        (this.counts.get(name) ?? 0) < (limit?.maxUnavailable ?? 0) &&
        (this.counts.get(`${name} ${zone}`) ?? 0) < inZone
      )
    })
    if (!hasRoom || this.conflicts.get(id)?.some((other) => this.ids.has(other))) return false
    this.ids.add(id)
    for (const key of services.flatMap((name) => [name, `${name} ${zone}`]))
      this.counts.set(key, (this.counts.get(key) ?? 0) + 1)
    return true
  }
}

/** Makespan in seconds, layer after layer in waves, each as long as its longest host, hosts sorted by duration. */
export function wavesSeconds(problem: PlanningProblem): number {
  const layers = layersOf(problem)
  const limits = new Map(problem.services.map((service) => [service.id, service]))
  const conflicts = new Map<string, string[]>()
  for (const [left, right] of problem.conflicts) {
    conflicts.set(left, [...(conflicts.get(left) ?? []), right])
    conflicts.set(right, [...(conflicts.get(right) ?? []), left])
  }
  const layerOf = ({ services }: Host) => services.reduce((most, id) => Math.max(most, layers.get(id) ?? 0), 0)
  const byLayer = Map.groupBy(
    problem.hosts.toSorted((one, other) => other.durationSeconds - one.durationSeconds),
    layerOf,
  )
  let seconds = 0
  for (const layer of [...byLayer.keys()].sort((one, other) => one - other)) {
    let left = byLayer.get(layer) ?? []
    while (left.length > 0) {
      const wave = new Wave(problem, limits, conflicts)
      const taken = new Set(left.filter((host) => !wave.isFull && wave.takes(host)))
      seconds += left.reduce(
        (longest, host) => (taken.has(host) ? Math.max(longest, host.durationSeconds) : longest),
        0,
      )
      left = left.filter((host) => !taken.has(host))
    }
  }
  return seconds
}

/** Layers of the same fleet as a graph of hosts between the beginning and the end of their services. */
export function layersByGraphology({ hosts, services }: PlanningProblem): number {
  const graph = new DirectedGraph()
  for (const { id } of services) {
    graph.addNode(`${id} begins`)
    graph.addNode(`${id} ends`)
  }
  for (const { id, dependsOn } of services) for (const next of dependsOn) graph.addEdge(`${next} ends`, `${id} begins`)
  for (const { id, services: own } of hosts) {
    graph.addNode(id)
    for (const service of own) {
      graph.addEdge(`${service} begins`, id)
      graph.addEdge(id, `${service} ends`)
    }
  }
  return topologicalGenerations(graph).length
}
