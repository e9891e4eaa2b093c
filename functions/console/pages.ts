/** The console's reading pages: changes, one change with its timeline, a rollout live, findings, evidence. */
import { Hono } from 'hono'
import { html } from 'hono/html'
import { type Change, ChangeRecord } from '../changes/index.ts'
import { EvidenceHeadRecord } from '../evidence/index.ts'
import { FindingRecord } from '../finding/index.ts'
import { keys, lists } from '../kit/keys.ts'
import type { Ledger } from '../kit/ledger.ts'
import { PlanRecord } from '../planning/index.ts'
import { type Ring, RingRecord, StepLogRecord } from '../rollout/index.ts'
import { type Validation, ValidationRecord } from '../validation/index.ts'
import { badge, type ConsoleVariables, dataTable, page } from './layout.ts'
import { shown } from './text.ts'

/** Seconds after which a page about work in progress loads itself again. */
const refreshSeconds = 5
const stepsShownMax = 200

export function pagesApp(ledger: Ledger) {
  const app = new Hono<ConsoleVariables>()
  app.get('/', async (context) => {
    const changes = (await ledger.list(ChangeRecord, lists.changes, { newestFirst: true, limit: 200 })).map(
      ({ value }) => value,
    )
    return context.html(
      page({
        title: 'Changes',
        nonce: context.get('cspNonce'),
        place: '/',
        body: dataTable(
          'Newest first, open ones on top',
          ['Change', 'Service', 'Class', 'State', 'Due', 'Order', 'Note'],
          changes.map(changeRow),
        ),
      }),
    )
  })
  app.get('/findings', async (context) => {
    const findings = (await ledger.list(FindingRecord, lists.findings, { limit: 500 })).map(({ value }) => value)
    const rows = findings.map((finding) => [
      html`${shown(finding.vulnerabilityId ?? finding.title)}`,
      shown(finding.resource.id),
      finding.packages
        .map(({ name, fixedVersion }) => `${shown(name)}${fixedVersion ? ` → ${shown(fixedVersion)}` : ''}`)
        .join(', ') || '-',
      finding.severity,
      badge(finding.status),
      finding.route,
    ])
    return context.html(
      page({
        title: 'Findings',
        nonce: context.get('cspNonce'),
        place: '/findings',
        body: dataTable(
          'As the ledger has them',
          ['Vulnerability', 'Resource', 'Packages', 'Severity', 'Status', 'Goes to'],
          rows,
        ),
      }),
    )
  })
  app.get('/changes/:changeId', async (context) => {
    const changeId = context.req.param('changeId')
    const change = await ledger.read(ChangeRecord, keys.change(changeId))
    if (!change)
      return context.html(
        page({
          title: 'No such change',
          nonce: context.get('cspNonce'),
          place: '/',
          body: html`<p><a href="/">All changes</a></p>`,
        }),
        404,
      )
    const body = await changeBody(change.value, ledger)
    const isMoving = ['in-progress', 'validating'].includes(change.value.state)
    return context.html(
      page({
        title: `${change.value.service}: ${change.value.vulnerabilityIds.map(shown).join(', ')}`,
        nonce: context.get('cspNonce'),
        place: '/',
        body,
        ...(isMoving ? { refreshSeconds } : {}),
      }),
    )
  })
  app.get('/evidence', async (context) => {
    const head = await ledger.read(EvidenceHeadRecord, keys.evidenceHead())
    const body = html`<dl><dt>Leaves in the log</dt><dd>${head?.value.size ?? 0}</dd></dl>
<h2>Verify it yourself</h2><p>Export a change and check it with nothing but the files and the public key:</p>
<p><code>drydock evidence export CHANGE ./evidence</code><br><code>drydock evidence verify ./evidence --key ./evidence.vkey</code></p>`
    return context.html(page({ title: 'Evidence', nonce: context.get('cspNonce'), place: '/evidence', body }))
  })
  return app
}

const changeRow = (change: Change) => [
  html`<a href="/changes/${change.changeId}">${change.changeId}</a>`,
  change.service,
  change.class,
  badge(change.state),
  change.dueAt?.slice(0, 10) ?? 'on upgrade',
  String(change.order),
  shown(change.heldBecause ?? change.outcome ?? ''),
]

async function changeBody(change: Change, ledger: Ledger) {
  const partition = `CHANGE#${change.changeId}`
  const [rings, validations, plan, steps] = await Promise.all([
    ledger.query(RingRecord, partition, 'RING#'),
    ledger.query(ValidationRecord, partition, 'VALIDATION#'),
    change.planHash === undefined ? undefined : ledger.read(PlanRecord, keys.plan(change.changeId, change.planHash)),
    ledger.list(StepLogRecord, lists.stepsOf(change.changeId), { newestFirst: true, limit: stepsShownMax }),
  ])
  const zones = new Map(plan?.value.rings.flatMap(({ hosts }) => hosts).map(({ hostId, zone }) => [hostId, zone]))
  return html`
<dl>
<dt>Change</dt><dd><code>${change.changeId}</code></dd>
<dt>State</dt><dd>${badge(change.state)} ${shown(change.heldBecause ?? change.outcome ?? '')}${change.heldUntil ? html` until <time datetime="${change.heldUntil}">${change.heldUntil}</time>` : ''}</dd>
<dt>Class</dt><dd>${change.class}${change.needsForensicTriage ? ', forensic triage' : ''}</dd>
<dt>Due</dt><dd>${change.dueAt ?? 'on system upgrade'}</dd>
<dt>Packages</dt><dd>${change.packages.map(({ name, fixedVersion }) => `${shown(name)} ${shown(fixedVersion)}`).join(', ')}</dd>
<dt>Plan hash</dt><dd><code>${change.planHash ?? 'not planned yet'}</code></dd>
<dt>Because</dt><dd><ul>${change.reasons.map((reason) => html`<li>${shown(reason)}</li>`)}</ul></dd>
</dl>
${
  change.quarantined.length === 0
    ? ''
    : dataTable(
        'Not proven',
        ['Host', 'Reason'],
        change.quarantined.map(({ hostId, reason }) => [hostId, reason]),
      )
}
<h2>Rollout</h2>
${rings.length === 0 ? html`<p class="empty">Nothing has started.</p>` : rings.map(({ value }) => ringBlock(value, zones))}
<h2>Validation</h2>
${dataTable(
  'By ring',
  ['Ring', 'State', 'Looks', 'Because'],
  validations.map(({ value }) => validationRow(value)),
)}
<h2>Timeline</h2>
${dataTable(
  `Steps on hosts, newest first${steps.length === stepsShownMax ? ` (the last ${stepsShownMax})` : ''}`,
  ['Ended', 'Host', 'Ring', 'Step', 'Outcome', 'Exit', 'Because'],
  steps.map(({ value }) => [
    value.endedAt ?? '-',
    value.hostId,
    value.ring,
    value.step,
    value.outcome,
    String(value.exitCode),
    shown(value.because ?? ''),
  ]),
)}`
}

const validationRow = (validation: Validation) => [
  validation.ring,
  badge(validation.state),
  String(validation.looks.length),
  shown(validation.because ?? ''),
]

function ringBlock(ring: Ring, zones: ReadonlyMap<string, string>) {
  const byZone = Map.groupBy(Object.entries(ring.hosts), ([hostId]) => zones.get(hostId) ?? 'unknown')
  const done = Object.values(ring.hosts).filter(({ state }) => state === 'done').length
  return html`<section class="panel"><h3>${ring.name} ${badge(ring.state)}</h3>
<p>${done} of ${Object.keys(ring.hosts).length} hosts done${ring.because ? `: ${shown(ring.because)}` : ''}${ring.rtoDeadlineAt ? `; RTO ends ${ring.rtoDeadlineAt}` : ''}</p>
${[...byZone].toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([zone, hosts]) => html`<h4>${zone}</h4><ul class="hosts">${hosts.map(([hostId, host]) => html`<li>${hostId} ${badge(host.state)} ${host.state === 'done' ? '' : host.step}</li>`)}</ul>`)}</section>`
}
