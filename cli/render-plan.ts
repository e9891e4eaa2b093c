/** A plan for people: rings, hosts in order, and minimum healthy at every step. */

import { byText } from '../functions/kit/by-text.ts'
import { counted } from '../functions/kit/display-text.ts'
import {
  freezeWords,
  type Plan,
  type PlannedRing,
  packageWords,
  reviewWords,
  rungLines,
} from '../functions/planning/index.ts'
import { table } from './output.ts'
import type { Solution } from './solve-problem.ts'

export function renderPlan(plan: Plan, planHash: string): string {
  const hosts = plan.rings.reduce((sum, ring) => sum + ring.hosts.length, 0)
  return [
    `Plan of change ${plan.changeId} for ${plan.service}`,
    `Hash       ${planHash}`,
    `Packages   ${packageWords(plan.manifest.packages).join(', ')}`,
    `Scope      ${counted(hosts, 'host')} in ${counted(plan.rings.length, 'ring')}, done at the earliest ${minutes(plan.makespanSeconds)} after the first ring opens`,
    `Downstream ${plan.downstream.join(', ') || 'none'}`,
    ...rungLines(plan).map((line) => `Rollback   ${line}`),
    `           RTO ${plan.rollbackPlan.rtoMinutes} minutes (a target), by ${plan.rollbackPlan.author}; ${reviewWords(plan)}`,
    ...(freezeWords(plan) === undefined ? [] : [`Freeze     ${freezeWords(plan)}`]),
    '',
    table(
      ['SERVICE', 'HOSTS', 'MINIMUM HEALTHY', 'DOWN AT MOST', 'BY ZONE'],
      plan.limits.map((limit) => [
        limit.service,
        String(limit.hosts),
        String(limit.minimumHealthy),
        String(limit.unavailableMax),
        Object.entries(limit.unavailableMaxByZone)
          .map(([zone, most]) => `${zone} ${most}`)
          .join(', '),
      ]),
    ),
    ...plan.rings.flatMap((ring) => ['', renderRing(ring, plan)]),
    ...(plan.excluded.length === 0
      ? []
      : [
          '',
          'Left out',
          table(
            ['HOST', 'REASON'],
            plan.excluded.map(({ hostId, reason }) => [hostId, reason]),
          ),
        ]),
  ].join('\n')
}

/** A summary of a solved problem, and its hosts in order of start. */
export function renderSolution({ start, makespanSeconds, lowerBoundSeconds, violations }: Solution): string {
  const hosts = Object.entries(start).sort(([one, at], [other, then]) => at - then || byText(one, other))
  const over = lowerBoundSeconds > 0 ? (makespanSeconds / lowerBoundSeconds - 1) * 100 : 0
  return [
    `Hosts      ${hosts.length}, all limits kept${violations.length > 0 ? ` but ${violations.length}` : ''}`,
    `Makespan   ${makespanSeconds} s, ${over.toFixed(2)} % over the lower bound of ${lowerBoundSeconds} s`,
    '',
    table(
      ['AT', 'HOST'],
      hosts.map(([id, seconds]) => [`+${minutes(seconds)}`, id]),
    ),
  ].join('\n')
}

const minutes = (seconds: number) => `${Math.ceil(seconds / 60)} min`

function renderRing(ring: PlannedRing, plan: Plan): string {
  const title = `Ring ${ring.name}${ring.isCanary ? ' (canary)' : ''}: ${counted(ring.hosts.length, 'host')}, soak ${ring.soakSeconds} s, halts at ${ring.failureBudget + 1} failed`
  return `${title}\n${table(
    ['AT', 'HOST', 'ZONE', 'SERVICES', 'HEALTHY THEN'],
    ring.hosts.map((host) => [
      `+${minutes(host.startSeconds)}`,
      host.hostId,
      host.zone,
      host.services.join(', '),
      healthyAt(host.startSeconds, ring, plan),
    ]),
  )}`
}

/** Healthy hosts of each service when a host starts, against the minimum. */
function healthyAt(seconds: number, { hosts }: PlannedRing, { limits }: Plan): string {
  const down = hosts.filter(
    ({ startSeconds, durationSeconds }) => startSeconds <= seconds && seconds < startSeconds + durationSeconds,
  )
  return limits
    .map(({ service, hosts: all, minimumHealthy }) => ({
      service,
      healthy: all - down.filter(({ services }) => services.includes(service)).length,
      minimumHealthy,
    }))
    .map(({ service, healthy, minimumHealthy }) => `${service} ${healthy} (min ${minimumHealthy})`)
    .join(', ')
}
