/** The rings of a plan: hosts by stage, in scheduled order. */

import type { Service } from '../catalogue/index.ts'
import type { Asset } from '../inventory/index.ts'
import { byText } from '../kit/by-text.ts'
import { ownValue } from '../kit/table.ts'
import type { PlanningProblem } from '../scheduling/index.ts'
import { schedule, verifySchedule } from '../scheduling/index.ts'
import { budgetOf } from './limits.ts'
import type { Plan, PlannedRing, Rung } from './plan.ts'

export interface RingsInput {
  readonly service: Service
  /** Hosts to patch. */
  readonly hosts: readonly Asset[]
  readonly limits: Plan['limits']
  readonly conflicts: Plan['conflicts']
  readonly concurrency: number
  /** How each host would return. */
  readonly rungs: ReadonlyMap<string, Rung>
}

export interface RefusedRings {
  readonly refused: string
  readonly because: string
  readonly names: readonly string[]
}

/** Expected seconds per host: drain, install, reboot, verify. */
const hostSeconds = 600

/** 4.1: rings in the catalogue's order, without empty ones. Every schedule has passed the verifier. */
export function ringsOf(input: RingsInput): { readonly planned: PlannedRing[] } | RefusedRings {
  const { service, hosts } = input
  const planned: PlannedRing[] = []
  for (const definition of service.rings) {
    const own = hosts.filter(({ stage }) => stage === definition.stage)
    if (own.length === 0) continue
    const problem = problemOf(definition.name, own, input)
    const solution = schedule(problem)
    if ('infeasible' in solution)
      return {
        refused: 'infeasible',
        because: `ring ${definition.name}: ${solution.infeasible}`,
        names: solution.names,
      }
    if ('noPlanFound' in solution)
      return {
        refused: 'no-plan-found',
        because: `ring ${definition.name}: ${solution.noPlanFound}`,
        names: solution.names,
      }
    const [violation] = verifySchedule(problem, solution.start)
    if (violation !== undefined)
      return { refused: 'unverified', because: `ring ${definition.name}: the schedule breaks ${violation}`, names: [] }
    planned.push({
      name: definition.name,
      index: planned.length,
      hosts: inOrder(own, solution.start, input.rungs),
      soakSeconds: definition.soakSeconds,
      isCanary: definition.isCanary,
      failureBudget: budgetOf(definition.failureBudget, own.length),
    })
  }
  return planned.length === 0
    ? { refused: 'no-ring', because: `no ring of ${service.name} has a node to patch`, names: [service.name] }
    : { planned }
}

function inOrder(
  hosts: readonly Asset[],
  start: Readonly<Record<string, number>>,
  rungs: RingsInput['rungs'],
): PlannedRing['hosts'] {
  return hosts
    .map((asset) => ({ asset, startSeconds: ownValue(start, asset.hostId) ?? 0 }))
    .toSorted((one, other) => one.startSeconds - other.startSeconds || byText(one.asset.hostId, other.asset.hostId))
    .map(({ asset, startSeconds }, order) => ({
      hostId: asset.hostId,
      platform: asset.platform,
      rung: rungs.get(asset.hostId) ?? 'none',
      account: asset.account,
      region: asset.region,
      services: asset.services.toSorted(byText),
      zone: asset.zone,
      order,
      startSeconds,
      durationSeconds: hostSeconds,
    }))
}

function problemOf(
  ring: string,
  hosts: readonly Asset[],
  { limits, conflicts, concurrency }: RingsInput,
): PlanningProblem {
  const names = new Set(limits.map(({ service }) => service))
  const ids = new Set(hosts.map(({ hostId }) => hostId))
  return {
    hosts: hosts.map(({ hostId, services, zone }) => ({
      id: hostId,
      services,
      zone,
      site: 'default',
      ring,
      durationSeconds: hostSeconds,
      bytes: 0,
    })),
    services: limits.map((limit) => ({
      id: limit.service,
      maxUnavailable: limit.unavailableMax,
      maxUnavailablePerZone: limit.unavailableMaxByZone,
      dependsOn: limit.dependsOn.filter((name) => names.has(name)),
    })),
    // A host of another ring, or without this update, is not in work with these.
    conflicts: conflicts.filter((pair) => pair.every((id) => ids.has(id))),
    bandwidthBytesPerSecond: {},
    concurrency,
  }
}
