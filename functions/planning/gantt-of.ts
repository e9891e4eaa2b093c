/** Makes the picture of a plan or of a solved problem. */

import { counted } from '../kit/display-text.ts'
import { ownValue } from '../kit/table.ts'
import type { PlanningProblem } from '../scheduling/index.ts'
import type { Gantt, GanttBar } from './gantt.ts'
import type { Plan } from './plan.ts'

/** A plan's rings one after the other, each behind the one before it and its soak, as if every gate opened at once. */
export function ganttOfPlan(plan: Plan): Gantt {
  const bars: GanttBar[] = []
  let openSeconds = 0
  for (const ring of plan.rings) {
    let spanSeconds = 0
    for (const { hostId, services, zone, startSeconds, durationSeconds } of ring.hosts) {
      bars.push({ hostId, services, zone, group: ring.name, startSeconds: openSeconds + startSeconds, durationSeconds })
      spanSeconds = Math.max(spanSeconds, startSeconds + durationSeconds)
    }
    openSeconds += spanSeconds + ring.soakSeconds
  }
  return {
    title: `Plan of ${plan.service}, change ${plan.changeId}`,
    bars,
    services: plan.limits.map(({ service, hosts, minimumHealthy }) => ({ id: service, hosts, minimumHealthy })),
  }
}

/**
 * A schedule of a problem. The problem has only the hosts to patch, so minimum healthy refers to these: all but those
 * that may be down.
 */
export function ganttOfSchedule(problem: PlanningProblem, start: Readonly<Record<string, number>>): Gantt {
  const hosts = new Map<string, number>()
  for (const { services } of problem.hosts) for (const id of new Set(services)) hosts.set(id, (hosts.get(id) ?? 0) + 1)
  return {
    title: `Schedule of ${counted(problem.hosts.length, 'host')}`,
    bars: problem.hosts.map(({ id, services, zone, ring, durationSeconds }) => ({
      hostId: id,
      services,
      zone,
      group: ring,
      startSeconds: ownValue(start, id) ?? 0,
      durationSeconds,
    })),
    services: problem.services.map(({ id, maxUnavailable }) => {
      const all = hosts.get(id) ?? 0
      return { id, hosts: all, minimumHealthy: Math.max(0, all - maxUnavailable) }
    }),
  }
}
