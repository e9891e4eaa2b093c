/** A plan for people: scope, blast radius, what is installed, and the rollback plan. */

import { html, raw } from 'hono/html'
import { byKey } from '../kit/by-text.ts'
import { counted, shown } from '../kit/display-text.ts'
import { ganttOfPlan, ganttSvg, type Plan, reviewWords, rungLines } from '../planning/index.ts'
import { dataTable, type Html, warning } from './layout.ts'
import { instantText, spanText } from './text.ts'

/** Hosts of all rings. */
export const hostCount = (plan: Plan): number => plan.rings.reduce((sum, ring) => sum + ring.hosts.length, 0)

/** `a 2, b 1`: how many hosts of a ring are in each zone. */
function zonesOf({ hosts }: Plan['rings'][number]): string {
  const byZone = Map.groupBy(hosts, ({ zone }) => zone)
  return [...byZone]
    .toSorted(byKey)
    .map(([zone, inZone]) => `${zone} ${inZone.length}`)
    .join(', ')
}

/** A plan may hold thousands of hosts; the command line prints them all. */
const hostsShownMax = 200

const more = (count: number): Html =>
  count > hostsShownMax
    ? html`<p class="quiet">and ${count - hostsShownMax} more; <code>drydock plan CHANGE</code> lists all.</p>`
    : html``

export function scopeSection(plan: Plan): Html {
  const when = plan.window
    ? `Starts in the window from ${instantText(plan.window.startsAt)} to ${instantText(plan.window.endsAt)}.`
    : 'May start at any time.'
  return html`<h2>Scope</h2>
<p>${counted(hostCount(plan), 'host')} of ${plan.service} in ${counted(plan.rings.length, 'ring')}; about ${spanText(plan.makespanSeconds)} of work. ${when}</p>
${dataTable(
  'Rings in order',
  ['Ring', 'Hosts', 'By zone', 'Soak', 'Halts at'],
  plan.rings.map((ring) => [
    `${ring.name}${ring.isCanary && ring.name !== 'canary' ? ' (canary)' : ''}`,
    String(ring.hosts.length),
    zonesOf(ring),
    spanText(ring.soakSeconds),
    `${ring.failureBudget + 1} failed`,
  ]),
)}
${dataTable(
  'Installed, exactly',
  ['Package', 'Version', 'Platform'],
  plan.manifest.packages.map(({ name, version, platform = 'all of the plan' }) => [
    shown(name),
    shown(version),
    platform,
  ]),
)}
<details><summary>Hosts in planned order</summary>${plan.rings.map(
    (ring) =>
      html`<h3>${ring.name}</h3><ul class="hosts">${ring.hosts
        .toSorted((left, right) => left.order - right.order)
        .slice(0, hostsShownMax)
        .map(
          ({ hostId, zone }) => html`<li>${hostId} <span class="quiet">${zone}</span></li>`,
        )}</ul>${more(ring.hosts.length)}`,
  )}</details>
<details><summary>Documents that run on the hosts</summary>${dataTable(
    'Pinned by version and hash',
    ['Step', 'Document', 'Version', 'SHA-256'],
    Object.entries(plan.manifest.documents).map(([step, { name, version, hash }]) => [step, name, version, hash]),
  )}</details>
${
  plan.excluded.length === 0
    ? ''
    : html`<details><summary>${counted(plan.excluded.length, 'node')} left out</summary>${dataTable(
        'Left out',
        ['Node', 'Reason'],
        plan.excluded.slice(0, hostsShownMax).map(({ hostId, reason }) => [hostId, shown(reason)]),
      )}${more(plan.excluded.length)}</details>`
}`
}

/** The plan as a picture; it scrolls sideways where it does not fit, by keyboard too. */
export function scheduleSection(plan: Plan): Html {
  return html`<h2>Schedule</h2>
<p class="quiet">Each ring starts when its gates open; the picture assumes that they open at once.</p>
<div class="picture" role="region" aria-label="Schedule of the plan" tabindex="0">${raw(ganttSvg(ganttOfPlan(plan)))}</div>`
}

export function blastSection(plan: Plan): Html {
  return html`<h2>Blast radius</h2>
<p>${
    plan.downstream.length === 0
      ? 'No other service depends on it.'
      : html`Downstream services that this can hurt: <strong>${plan.downstream.join(', ')}</strong>.`
  } At most ${counted(plan.concurrencyMax, 'host')} in work and ${plan.rebootsMax} rebooting at once.</p>
${dataTable(
  'Minimum healthy',
  ['Service', 'Hosts', 'Must stay healthy', 'Down at most', 'Per zone at most'],
  plan.limits.map((limit) => [
    limit.service,
    String(limit.hosts),
    String(limit.minimumHealthy),
    String(limit.unavailableMax),
    Object.entries(limit.unavailableMaxByZone)
      .map(([zone, count]) => `${zone} ${count}`)
      .join(', ') || '-',
  ]),
)}`
}

/** One row for every version that hosts would return to: name, version, hosts. */
function returnsTo({ rollbackPlan }: Plan): readonly (readonly string[])[] {
  const versions = Object.values(rollbackPlan.previousVersions).flatMap((byName) =>
    Object.entries(byName).map(([name, version]) => `${name}\n${version}`),
  )
  return [...Map.groupBy(versions, (entry) => entry)]
    .toSorted(byKey)
    .map(([entry, hosts]) => [...entry.split('\n').map(shown), String(hosts.length)])
}

/** `reviewer` is who reviewed it by their vote, if anyone has. */
export function rollbackSection(plan: Plan, reviewer?: string): Html {
  const { rung, rtoMinutes, author } = plan.rollbackPlan
  return html`<h2>Rollback plan</h2>
<p>${rung === 'none' ? warning('This cannot be rolled back: approving accepts that.') : ''} Recovery time objective ${rtoMinutes} minutes, a target:
no restore was timed for this plan. Written by ${author}; ${reviewWords(plan, reviewer)}.</p>
<ul>${rungLines(plan).map((line) => html`<li>${line}</li>`)}</ul>
${rung === 'none' ? '' : html`<details><summary>Versions that hosts return to</summary>${dataTable('Previous versions', ['Package', 'Version', 'Hosts'], returnsTo(plan))}</details>`}`
}
