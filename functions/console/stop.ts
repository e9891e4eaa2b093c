/** The stop button: a page that asks, and a post that pulls the kill switch. */
import { Hono } from 'hono'
import { html } from 'hono/html'
import * as z from 'zod'
import { type MovePorts, pullStop, StopRecord } from '../changes/index.ts'
import { keys } from '../kit/keys.ts'
import { type ConsoleVariables, page } from './layout.ts'
import { shown } from './text.ts'

export interface StopPorts extends MovePorts {
  readonly consoleUrl: string
  /** Who is signed in, as API Gateway vouches; `console` behind IAM. */
  signedIn(context: unknown): string
}

const Form = z.object({ because: z.string().trim().min(1).max(500), lift: z.string().optional() })

export function stopApp(ports: StopPorts) {
  const app = new Hono<ConsoleVariables>()
  app.get('/stop', async (context) => {
    const stop = (await ports.ledger.read(StopRecord, keys.stop()))?.value
    const body = html`<p>${stop?.all ? html`<strong class="bad">✕ Everything is stopped</strong> by ${stop.by} at ${stop.at}: ${shown(stop.because)}` : 'Nothing is stopped. Stopping sends no further command to any host; commands in flight finish, a rollback that runs goes on.'}</p>
<form method="post" action="/stop" class="panel"><label>Reason<input name="because" required maxlength="500"></label>
${stop?.all ? html`<input type="hidden" name="lift" value="yes">` : ''}
<div class="actions"><button type="submit" class="${stop?.all ? '' : 'other'}">${stop?.all ? 'Lift the stop' : 'Stop everything'}</button></div></form>`
    return context.html(page({ title: 'Stop', nonce: context.get('cspNonce'), place: '/stop', body }))
  })
  app.post('/stop', async (context) => {
    if (context.req.header('origin') !== new URL(ports.consoleUrl).origin)
      return context.text('This request did not come from the console.', 403)
    const form = Form.safeParse(await context.req.parseBody())
    if (!form.success) return context.text('A reason is needed.', 400)
    await pullStop(
      { scope: 'all', isLifted: form.data.lift === 'yes', because: form.data.because, by: ports.signedIn(context.env) },
      ports,
    )
    return context.redirect('/stop', 303)
  })
  app.all('/stop', (context) => context.text('Method not allowed', 405))
  return app
}
