/** 5.8: the execution log, searched by host, change and time. */
import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import * as z from 'zod'
import { shown } from '../kit/display-text.ts'
import type { Ledger } from '../kit/ledger.ts'
import { type FoundStep, type FoundSteps, type StepSearch, searchSteps } from '../rollout/index.ts'
import { badge, type ConsoleVariables, dataTable, type Html, instant, page } from './layout.ts'

const stepsShownMax = 100

const text = z.string().trim().max(200)
/** A day, a minute or a second in UTC: as text it sorts among the log's instants. */
const Instant = text
  .regex(/^(\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?Z?)?)?$/)
  .transform((value) => value.replace(/Z$/, ''))
const Search = z.object({
  host: text.default(''),
  change: text.default(''),
  since: Instant.default(''),
  until: Instant.default(''),
  before: text.default(''),
})
type Search = z.infer<typeof Search>

export function logApp(ledger: Ledger) {
  const app = new Hono<ConsoleVariables>()
  app.get('/log', async (context) => {
    const search = Search.safeParse(context.req.query()).data
    if (!search)
      return answer(context, html`<p class="answer bad" role="status">Give times like 2026-11-25T08:00Z.</p>`)
    if (search.host === '' && search.change === '') return answer(context, searchForm(search))
    const found = await searchSteps(searchOf(search), ledger)
    return answer(context, html`${searchForm(search)}${stepsTable(found.steps)}${pageLinks(search, found)}`)
  })
  return app
}

const answer = (context: Context<ConsoleVariables>, body: Html) =>
  context.html(page({ title: 'Execution log', nonce: context.get('cspNonce'), place: '/log', body }))

const searchOf = ({ host, change, since, until, before }: Search): StepSearch => ({
  limit: stepsShownMax,
  ...(host === '' ? {} : { hostId: host }),
  ...(change === '' ? {} : { changeId: change }),
  ...(since === '' ? {} : { since }),
  ...(until === '' ? {} : { until }),
  ...(before === '' ? {} : { before }),
})

const searchForm = ({ host, change, since, until }: Search): Html =>
  html`<form method="get" action="/log" class="panel"><p>Every step on every host, with its end, exit code and output. Name a host, a change, or both.</p>
<label>Host<input name="host" value="${host}" maxlength="200"></label>
<label>Change<input name="change" value="${change}" maxlength="200"></label>
<label>Since, UTC<input name="since" value="${since}" placeholder="2026-11-25T08:00Z" maxlength="40"></label>
<label>Until, UTC<input name="until" value="${until}" placeholder="2026-11-26T08:00Z" maxlength="40"></label>
<div class="actions"><button type="submit">Search</button></div></form>`

const stepsTable = (steps: readonly FoundStep[]): Html =>
  dataTable(
    'Steps, newest first',
    ['Ended', 'Host', 'Change', 'Ring', 'Step', 'Outcome', 'Exit', 'Output'],
    steps.toReversed().map(stepRow),
    'No step matches.',
  )

const stepRow = (step: FoundStep) => [
  instant(step.endedAt ?? step.at),
  html`<a href="/log?host=${encodeURIComponent(step.hostId)}">${step.hostId}</a>`,
  html`<a href="/changes/${step.changeId}"><code>${step.changeId}</code></a>`,
  step.ring,
  step.attempt > 1 ? `${step.step} (try ${step.attempt})` : step.step,
  html`${badge(step.outcome)} ${shown(step.because ?? '')}`,
  String(step.exitCode),
  shown(step.outputLocation ?? ''),
]

function pageLinks(search: Search, { next }: FoundSteps): Html {
  if (next === undefined && search.before === '') return html``
  const { before: _, ...first } = search
  const address = (query: Readonly<Record<string, string>>) =>
    `/log?${new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ''))}`
  return html`<nav class="pages" aria-label="Pages">${search.before === '' ? '' : html`<a href="${address(first)}">First page</a>`}${next === undefined ? '' : html`<a rel="next" href="${address({ ...first, before: next })}">Older steps</a>`}</nav>`
}
