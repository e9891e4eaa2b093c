/** The stop button: a page that asks, and a post that pulls the kill switch for one change or for all. */

import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import * as z from 'zod'
import { ChangeRecord, type MovePorts, pullStop, type Stop, StopRecord } from '../changes/index.ts'
import { counted, shown } from '../kit/display-text.ts'
import { keys } from '../kit/keys.ts'
import { type ConsoleVariables, type Html, instant, page, warning } from './layout.ts'
import { formType, isOwnPost } from './requests.ts'

export interface StopPorts extends MovePorts {
  readonly consoleUrl: string
  /** Who is signed in, verified by API Gateway; `console` behind IAM. */
  signedIn(context: unknown): string
}

const changeIdPattern = /^[0-9A-Z]{26}$/
const Form = z.object({
  because: z.string().trim().min(1).max(500),
  scope: z.union([z.literal('all'), z.string().regex(changeIdPattern)]).default('all'),
  lift: z.literal('yes').optional(),
  /** Version of the stop shown on the page. */
  seen: z.string().max(20).optional(),
})

export function stopApp(ports: StopPorts) {
  const app = new Hono<ConsoleVariables>()
  app.get('/stop', async (context) => {
    const asked = context.req.query('change') ?? ''
    const stop = await ports.ledger.read(StopRecord, keys.stop())
    const body = stopBody(stop?.value, stop?.version ?? 0, changeIdPattern.test(asked) ? asked : undefined)
    return context.html(page({ title: 'Stop', nonce: context.get('cspNonce'), place: '/stop', body }))
  })
  app.post('/stop', async (context) => {
    if (!isOwnPost(context, ports.consoleUrl, formType))
      return answer(context, 403, 'This request did not come from the console.')
    const form = Form.safeParse(await context.req.parseBody())
    if (!form.success) return answer(context, 400, 'Give a reason, and choose one change or all.')
    const { because, scope, lift, seen } = form.data
    if (scope !== 'all' && !(await ports.ledger.read(ChangeRecord, keys.change(scope))))
      return answer(context, 404, 'No such change: nothing was stopped.')
    // Stopping works from any page, however old. Lifting requires having seen the stop as it is now (B34).
    const version = (await ports.ledger.read(StopRecord, keys.stop()))?.version ?? 0
    if (lift === 'yes' && seen !== String(version))
      return answer(context, 403, 'The stop has changed since you opened the page: check it again before you lift it.')
    await pullStop({ scope, isLifted: lift === 'yes', because, by: ports.signedIn(context.env) }, ports)
    return context.redirect('/stop', 303)
  })
  return app
}

function answer(context: Context<ConsoleVariables>, status: 400 | 403 | 404, text: string) {
  const body = html`<p class="answer bad" role="status">${text}</p><p><a href="/stop">Back</a></p>`
  return context.html(page({ title: 'Stop', nonce: context.get('cspNonce'), place: '/stop', body }), status)
}

function stopBody(stop: Stop | undefined, version: number, asked: string | undefined): Html {
  const changeIds = stop?.changeIds ?? []
  const isStopped = stop?.all || changeIds.length > 0
  return html`
<p class="lead">${isStopped ? stopText(stop) : html`<span class="good"><span aria-hidden="true">✓</span> Nothing is stopped.</span>`}</p>
<p>After a stop no further command is sent to any host. Commands in flight finish, and a running rollback continues.</p>
${asked && !changeIds.includes(asked) ? stopForm(asked, html`Stop change <code>${asked}</code>`, 'Stop this change') : ''}
${stop?.all ? liftForm('all', version, 'Lift every stop') : stopForm('all', html`Stop everything`, 'Stop everything')}
${stop?.all ? '' : changeIds.map((changeId) => html`<section><h2>Stopped: <a href="/changes/${changeId}"><code>${changeId}</code></a></h2>${liftForm(changeId, version, 'Lift this stop')}</section>`)}`
}

function stopText(stop: Stop | undefined): Html {
  if (!stop) return html``
  const what = stop.all ? 'Everything is stopped' : `${counted(stop.changeIds.length, 'change')} stopped`
  return html`${warning(what)}, last by ${stop.by} at ${instant(stop.at)}: ${shown(stop.because)}`
}

const stopForm = (scope: string, title: Html, button: string) =>
  html`<form method="post" action="/stop" class="panel"><h2>${title}</h2><input type="hidden" name="scope" value="${scope}">
<label>Reason, kept in evidence<input name="because" required maxlength="500"></label>
<div class="actions"><button type="submit" class="danger">${button}</button></div></form>`

const liftForm = (scope: string, version: number, button: string) =>
  html`<form method="post" action="/stop" class="panel"><input type="hidden" name="scope" value="${scope}"><input type="hidden" name="lift" value="yes"><input type="hidden" name="seen" value="${version}">
<label>Reason, kept in evidence<input name="because" required maxlength="500"></label>
<div class="actions"><button type="submit">${button}</button></div></form>`
