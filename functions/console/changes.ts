/** The list of changes, and one change: why, plan, blast radius, rollout, validation, timeline. */
import { Hono } from 'hono'
import { html } from 'hono/html'
import { BallotRecord } from '../approvals/index.ts'
import { CatalogueRecord } from '../catalogue/index.ts'
import { type Change, ChangeRecord, namedVulnerabilities, terminalStates } from '../changes/index.ts'
import { byTextOf } from '../kit/by-text.ts'
import { excerpt, shown } from '../kit/display-text.ts'
import { keys, lists, partitions, prefixes } from '../kit/keys.ts'
import type { Ledger } from '../kit/ledger.ts'
import { type Page, readPage } from '../kit/list-page.ts'
import { missingRoles, type People, peopleOf } from '../people/index.ts'
import { PlanRecord } from '../planning/index.ts'
import {
  type FoundStep,
  foundSteps,
  type RingSummary,
  ringSummariesOf,
  type StepLog,
  StepLogRecord,
} from '../rollout/index.ts'
import { type Validation, ValidationRecord } from '../validation/index.ts'
import {
  allIds,
  badge,
  type ConsoleVariables,
  cards,
  dataTable,
  firstIds,
  type Html,
  instant,
  notFoundPage,
  page,
  unfold,
  warning,
} from './layout.ts'
import { afterOf, pageLinks } from './paging.ts'
import { blastSection, rollbackSection, scheduleSection, scopeSection } from './plan-view.ts'
import { doneText, ringsInOrder, ringTitle } from './rings.ts'
import { sessionAddress } from './signed-in.ts'
import { idsText, minuteText } from './text.ts'
import { type Moment, type Story, timelineOf } from './timeline.ts'

const changesShownMax = 100
const stepsShownMax = 100

export function changesApp(ledger: Ledger) {
  const app = new Hono<ConsoleVariables>()
  app.get('/', async (context) => {
    const changes = await readPage(ledger, ChangeRecord, lists.changes, {
      limit: changesShownMax,
      newestFirst: true,
      after: afterOf(context),
    })
    const body = html`${changesBody(changes)}${pageLinks('/', changes)}`
    return context.html(page({ title: 'Changes', nonce: context.get('cspNonce'), place: '/', body }))
  })
  app.get('/changes/:changeId', async (context) => {
    const nonce = context.get('cspNonce')
    const change = (await ledger.read(ChangeRecord, keys.change(context.req.param('changeId'))))?.value
    if (!change) return context.html(notFoundPage('No such change', nonce), 404)
    const ids = idsText(namedVulnerabilities(change))
    const body = await changeBody(change, ledger, sessionAddress(context.env) !== undefined)
    return context.html(page({ title: `${change.service}: ${ids}`, nonce, place: '/', body }))
  })
  return app
}

const head = ['Change', 'Vulnerabilities', 'Class', 'State', 'Due', 'Priority', 'Note']

function changesBody({ values, isFirst, next }: Page<Change>): Html {
  const open = values.filter(({ state }) => !terminalStates.includes(state))
  const ended = values.filter(({ state }) => terminalStates.includes(state))
  const isWhole = isFirst && next === undefined
  const shownOpen = isWhole ? open.toSorted((left, right) => right.priority - left.priority) : open
  const byState = Map.groupBy(shownOpen, ({ state }) => state)
  return html`${
    isFirst || open.length > 0
      ? html`<h2>Open</h2>${isWhole && open.length > 0 ? html`<ul class="tally">${[...byState].map(([state, same]) => html`<li>${badge(state)} ${same.length}</li>`)}</ul>` : ''}
${dataTable(isWhole ? 'Open changes, most urgent first' : 'Open changes, newest first', head, shownOpen.map(changeRow), 'No open changes. A change opens automatically when a finding needs a patch.')}`
      : ''
  }
${isFirst || ended.length > 0 ? html`<h2>Ended</h2>${dataTable('Ended changes, newest first', head, ended.map(changeRow), 'No change has ended yet.')}` : ''}`
}

const classOf = (change: Change) => (change.class === 'emergency' ? warning('emergency') : change.class)

const changeRow = (change: Change) => [
  html`<a href="/changes/${change.changeId}"><strong>${change.service}</strong></a> <code class="quiet">${change.changeId}</code>`,
  html`<span class="whole">${idsText(namedVulnerabilities(change))}</span>`,
  classOf(change),
  badge(change.state),
  change.dueAt
    ? html`<time datetime="${change.dueAt}">${change.dueAt.slice(0, 10)}</time>`
    : html`<span class="whole">on upgrade</span>`,
  String(change.priority),
  excerpt(change.heldBecause ?? change.outcome ?? ''),
]

async function changeBody(change: Change, ledger: Ledger, maySignVote: boolean): Promise<Html> {
  const partition = partitions.change(change.changeId)
  const [rings, validations, plan, steps, ballot, catalogue] = await Promise.all([
    ringSummariesOf(change.changeId, ledger),
    ledger.query(ValidationRecord, partition, prefixes.validation),
    change.planHash === undefined ? undefined : ledger.read(PlanRecord, keys.plan(change.changeId, change.planHash)),
    ledger.list(StepLogRecord, lists.stepsOf(change.changeId), { newestFirst: true, limit: stepsShownMax }),
    ledger.read(BallotRecord, keys.ballot(change.changeId)),
    ledger.read(CatalogueRecord, keys.catalogue()),
  ])
  const names = plan?.value.rings.map(({ name }) => name) ?? []
  const place = (ring: string) => (names.includes(ring) ? names.indexOf(ring) : names.length)
  const story: Story = {
    change,
    ballot: ballot?.value,
    rings: ringsInOrder(rings, plan?.value),
    validations: validations.map(({ value }) => value).toSorted((left, right) => place(left.ring) - place(right.ring)),
  }
  return html`${factsSection(story, peopleOf(catalogue?.value.people ?? []), maySignVote)}${rolloutSection(story)}
<h2>Timeline</h2><ol class="timeline">${timelineOf(story).map(momentItem)}</ol>
${stepsSection(newestSteps(steps.flatMap(foundSteps)))}
${plan ? html`${scopeSection(plan.value)}${blastSection(plan.value)}${rollbackSection(plan.value)}${scheduleSection(plan.value)}` : ''}`
}

const momentItem = ({ at, what, who, note }: Moment): Html =>
  html`<li>${instant(at)}<div><strong>${what}</strong> <span class="quiet">${who}</span>${note === '' ? '' : html`<div class="note">${unfold(note)}</div>`}</div></li>`

function factsSection({ change, ballot }: Story, people: People, maySignVote: boolean): Html {
  const isWaiting = change.state === 'awaiting-approval' && ballot?.outcome === 'open'
  return html`<section class="panel" aria-label="At a glance"><div class="lead">${badge(change.state)} ${unfold(change.heldBecause ?? change.outcome ?? '')}${change.heldUntil ? html` Until ${instant(change.heldUntil)}.` : ''}</div>
${cards([
  ['Class', html`${classOf(change)} <span class="quiet">priority ${change.priority} of 100</span>`],
  ['Due', change.dueAt ? minuteText(change.dueAt) : 'on system upgrade'],
  ['Vulnerabilities', firstIds(namedVulnerabilities(change))],
  ['Packages', change.packages.map(({ name, fixedVersion }) => `${shown(name)} ${shown(fixedVersion)}`).join(', ')],
])}
${isWaiting ? html`<p>Missing: ${missingRoles(ballot, people).join(', ')}, before ${instant(ballot.deadlineAt)}.</p>${maySignVote ? html`<p class="actions"><a class="button" href="/changes/${change.changeId}/vote">Vote</a></p>` : html`<p class="quiet">Approvers vote with the link and the code in their mail.</p>`}` : ''}</section>
<h2>Why</h2>
${change.deferred && change.dueAt === undefined ? html`<p>Waits until ${instant(change.deferred.until)}: ${shown(change.deferred.because)}.</p>` : ''}
${change.needsForensicTriage ? html`<p>${warning('Forensic triage is required before the patch.')}</p>` : ''}
<ul>${change.reasons.map((reason) => html`<li>${shown(reason)}</li>`)}</ul>
${allIds(namedVulnerabilities(change))}
<p class="quiet">Change <code>${change.changeId}</code>, plan <code>${change.planHash ?? 'not planned yet'}</code></p>
${
  change.quarantined.length === 0
    ? ''
    : html`<h2>Hosts not proven patched</h2>${dataTable(
        'Quarantined: reported, and not touched again by this change',
        ['Host', 'Reason'],
        change.quarantined.map(({ hostId, reason }) => [hostId, shown(reason)]),
      )}`
}`
}

function rolloutSection({ change, rings, validations }: Story): Html {
  return html`<h2>Rollout</h2>
${rings.length === 0 ? '' : html`<p class="actions"><a class="button" href="/changes/${change.changeId}/rollout">Host by host</a>${terminalStates.includes(change.state) ? '' : html`<a class="button other" href="/stop?change=${change.changeId}">Stop this change</a>`}</p>`}
${dataTable('Rings', ['Ring', 'State', 'Hosts done', 'Because'], rings.map(ringRow), 'No ring has started.')}
${validations.length === 0 ? '' : dataTable('Validation', ['Ring', 'State', 'Looks', 'Because'], validations.map(validationRow))}`
}

const ringRow = (ring: RingSummary) => [
  ringTitle(ring),
  badge(ring.state),
  doneText(ring),
  ring.because ? unfold(ring.because) : '',
]

const validationRow = (validation: Validation) => [
  validation.ring,
  badge(validation.state),
  String(validation.looks.length),
  validation.because ? unfold(validation.because) : '',
]

const newestSteps = (steps: readonly FoundStep[]): readonly StepLog[] =>
  steps
    .toSorted(byTextOf(({ at }) => at))
    .slice(-stepsShownMax)
    .reverse()

function stepsSection(steps: readonly StepLog[]): Html {
  if (steps.length === 0) return html``
  const caption = `Newest first${steps.length === stepsShownMax ? `, the last ${stepsShownMax}` : ''}`
  const all = html`<p><a href="/log?change=${steps[0]?.changeId ?? ''}">All in the execution log</a></p>`
  return html`<details><summary>Steps on hosts</summary>${all}${dataTable(
    caption,
    ['Ended', 'Host', 'Ring', 'Step', 'Outcome', 'Exit', 'Because'],
    steps.map((step) => [
      step.endedAt ? instant(step.endedAt) : '-',
      step.hostId,
      step.ring,
      step.step,
      step.outcome,
      String(step.exitCode),
      shown(step.because ?? ''),
    ]),
  )}</details>`
}
