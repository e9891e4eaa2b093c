/** A live rollout: hosts by ring, zone and state, updated while something moves. */

import { Hono } from 'hono'
import { html, raw } from 'hono/html'
import { ChangeRecord, StopRecord } from '../changes/index.ts'
import { byKey } from '../kit/by-text.ts'
import { counted, shown } from '../kit/display-text.ts'
import { keys } from '../kit/keys.ts'
import type { Ledger } from '../kit/ledger.ts'
import { type Plan, PlanRecord } from '../planning/index.ts'
import {
  countHosts,
  type HostCounts,
  type Ring,
  type RingSummary,
  readRing,
  ringSummariesOf,
} from '../rollout/index.ts'
import { badge, type ConsoleVariables, type Html, instant, notFoundPage, page, unfold, warning } from './layout.ts'
import { liveScript } from './live-script.ts'
import { doneText, hostsIn, ringsInOrder, ringTitle } from './rings.ts'

const refreshSeconds = 5
const movingStates: readonly string[] = ['scheduled', 'in-progress', 'validating']

export function rolloutApp(ledger: Ledger) {
  const app = new Hono<ConsoleVariables>()
  app.get('/changes/:changeId/rollout', async (context) => {
    const nonce = context.get('cspNonce')
    const changeId = context.req.param('changeId')
    const change = (await ledger.read(ChangeRecord, keys.change(changeId)))?.value
    if (!change) return context.html(notFoundPage('No such change', nonce), 404)
    const [rings, plan, stop] = await Promise.all([
      ringSummariesOf(changeId, ledger),
      change.planHash === undefined ? undefined : ledger.read(PlanRecord, keys.plan(changeId, change.planHash)),
      ledger.read(StopRecord, keys.stop()),
    ])
    const zones = new Map(plan?.value.rings.flatMap(({ hosts }) => hosts).map(({ hostId, zone }) => [hostId, zone]))
    const isMoving = movingStates.includes(change.state) || rings.some(({ state }) => state === 'open')
    const isLive = isMoving && context.req.query('refresh') !== 'off'
    const stopped = stop && (stop.value.all || stop.value.changeIds.includes(changeId)) ? stop.value : undefined
    const opened = ringsInOrder(rings, plan?.value)
    const chosen = chosenOf(opened, context.req.query('ring'))
    const ring = chosen && (await readRing(changeId, chosen.name, ledger))?.value
    const body = html`<p><a href="/changes/${changeId}">The whole change: why, plan, votes, timeline</a></p>
${isMoving ? refreshNote(changeId, isLive, context.req.query('ring')) : ''}
<div${isLive ? raw(' id="live"') : ''}>
<div class="lead">${badge(change.state)} ${unfold(change.heldBecause ?? change.outcome ?? '')}</div>
${stopped ? html`<p>${warning('Stopped')} by ${stopped.by} at ${instant(stopped.at)}: ${shown(stopped.because)}</p>` : ''}
${opened.map((one) => (one === chosen && ring ? ringBlock(ring, zones) : ringLine(one)))}
${toCome(opened, plan?.value, isMoving)}</div>`
    const title = `Rollout of ${change.service}`
    return context.html(
      page({
        title,
        nonce,
        place: '/',
        body,
        ...(isLive ? { refreshSeconds, script: liveScript(refreshSeconds) } : {}),
      }),
    )
  })
  return app
}

/** The ring whose hosts are listed: the one that was asked for, else the one in work, else the last. */
const chosenOf = (rings: readonly RingSummary[], asked: string | undefined): RingSummary | undefined =>
  rings.find(({ name }) => name === asked) ?? rings.find(({ state }) => state === 'open') ?? rings.at(-1)

/** Rings of the plan that have not started. */
function toCome(opened: readonly RingSummary[], plan: Plan | undefined, isMoving: boolean): Html {
  const started = new Set(opened.map(({ name }) => name))
  const left = (plan?.rings ?? []).filter(({ name }) => !started.has(name))
  if (left.length === 0) return html``
  const list = left.map(({ name, hosts }) => `${name} (${counted(hosts.length, 'host')})`).join(', ')
  return html`<p class="empty">${isMoving ? 'Still to come' : 'Not started'}: ${list}.</p>`
}

const ringQuery = (ring: string) => `ring=${encodeURIComponent(ring)}`

function refreshNote(changeId: string, isLive: boolean, ring: string | undefined): Html {
  const query = [...(isLive ? ['refresh=off'] : []), ...(ring === undefined ? [] : [ringQuery(ring)])].join('&')
  return html`<p class="actions">
<a class="button plain" href="/changes/${changeId}/rollout${query === '' ? '' : `?${query}`}">${isLive ? 'Pause updates' : 'Follow live'}</a>
<a class="button other" href="/stop?change=${changeId}">Stop this change</a></p>
<p class="quiet">${isLive ? `Updated every ${refreshSeconds} s.` : 'Updates are paused.'}</p>`
}

/** A ring whose hosts are a page of their own. */
const ringLine = (ring: RingSummary): Html =>
  html`<section class="panel ring"><h2>${ringTitle(ring)} ${badge(ring.state)}</h2>
${ring.counts ? progressOf(ring, ring.counts) : ''}
<p>${doneText(ring)} hosts done${endingOf(ring)}. <a href="/changes/${ring.changeId}/rollout?${ringQuery(ring.name)}">Its hosts</a></p></section>`

const progressOf = (ring: Pick<RingSummary, 'name' | 'mode'>, counts: HostCounts): Html =>
  html`<progress max="${hostsIn(counts)}" value="${counts.done ?? 0}" aria-label="${ringTitle(ring)}: hosts done">${doneText({ counts })}</progress>`

const endingOf = ({ because, rtoDeadlineAt }: Pick<RingSummary, 'because' | 'rtoDeadlineAt'>): Html =>
  html`${because ? `: ${shown(because)}` : ''}${rtoDeadlineAt ? html`; RTO ends ${instant(rtoDeadlineAt)}` : ''}`

function ringBlock(ring: Ring, zones: ReadonlyMap<string, string>): Html {
  const hosts = Object.entries(ring.hosts)
  const byZone = Map.groupBy(hosts, ([hostId]) => zones.get(hostId) ?? 'unknown zone')
  const counts = countHosts(ring)
  const states = Object.entries(counts)
  const inWork = Object.values(ring.commands).length
  return html`<section class="panel ring"><h2>${ringTitle(ring)} ${badge(ring.state)}</h2>
${progressOf(ring, counts)}
<p>${counts.done ?? 0} of ${counted(hosts.length, 'host')} done${ring.state === 'open' ? `, ${counted(inWork, 'command')} out` : ''}${endingOf(ring)}</p>
${states.length > 1 ? html`<ul class="tally">${states.map(([state, count]) => html`<li>${badge(state)} ${count}</li>`)}</ul>` : ''}
<div class="zones">${[...byZone]
    .toSorted(byKey)
    .map(
      ([zone, inZone]) =>
        html`<div><h3>${zone}</h3><ul class="hosts">${notableFirst(inZone).slice(0, zoneHostsShownMax).map(hostItem)}</ul>${inZone.length > zoneHostsShownMax ? html`<p class="quiet">and ${inZone.length - zoneHostsShownMax} more, counted above.</p>` : ''}</div>`,
    )}</div></section>`
}

/** Most hosts of a zone that are listed one by one. */
const zoneHostsShownMax = 60
const notable = ['quarantined', 'failed', 'gone', 'skipped', 'sent', 'waiting', 'done']

/** Trouble first, then hosts in work, then those done. */
const notableFirst = (hosts: readonly (readonly [string, Ring['hosts'][string]])[]) =>
  hosts.toSorted(([, left], [, right]) => notable.indexOf(left.state) - notable.indexOf(right.state))

const hostItem = ([hostId, host]: readonly [string, Ring['hosts'][string]]): Html =>
  html`<li>${hostId} ${badge(host.state)} ${host.state === 'done' ? '' : host.step}${host.because ? html` <span class="quiet">${shown(host.because)}</span>` : ''}</li>`
