/** The console: approval pages by link, everything else for signed-in people. */
import { Hono } from 'hono'
import { html } from 'hono/html'
import { type ApprovePorts, approveApp } from './approve.ts'
import { type ConsoleVariables, type MakeNonce, page, securityHeaders } from './layout.ts'
import { pagesApp } from './pages.ts'
import { type StopPorts, stopApp } from './stop.ts'

export interface ConsolePorts extends ApprovePorts, StopPorts {
  readonly makeNonce: MakeNonce
}

export function consoleApp(ports: ConsolePorts) {
  const app = new Hono<ConsoleVariables>()
  app.use(securityHeaders(ports.makeNonce))
  app.route('/', approveApp(ports))
  app.route('/', stopApp(ports))
  app.route('/', pagesApp(ports.ledger))
  app.notFound((context) =>
    context.html(
      page({
        title: 'Not found',
        nonce: context.get('cspNonce'),
        place: '/',
        body: html`<p><a href="/">All changes</a></p>`,
      }),
      404,
    ),
  )
  app.onError((_error, context) =>
    context.html(
      page({
        title: 'Something failed',
        nonce: context.get('cspNonce'),
        body: html`<p>The fault is ours and was logged. Nothing was changed by this page.</p>`,
      }),
      500,
    ),
  )
  return app
}
