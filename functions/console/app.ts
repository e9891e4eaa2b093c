/** The console: approval pages by link, everything else for signed-in people. */
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { html } from 'hono/html'
import { type ApprovePorts, approveApp } from './approve.ts'
import { changesApp } from './changes.ts'
import { type EvidencePorts, evidenceApp } from './evidence.ts'
import { findingsApp } from './findings.ts'
import { type ConsoleVariables, type MakeNonce, notFoundPage, page, securityHeaders } from './layout.ts'
import { logApp } from './log.ts'
import { bodyBytesMax, refuseOtherMethods } from './requests.ts'
import { rolloutApp } from './rollout.ts'
import { type StopPorts, stopApp } from './stop.ts'
import { voteApp } from './vote.ts'

/** What the pages need from outside. */
export interface ConsolePorts extends ApprovePorts, EvidencePorts, StopPorts {
  readonly makeNonce: MakeNonce
  /** Receives every error behind a 500; its text is shown to nobody. */
  readonly onFault?: (fault: unknown, path: string) => void
}

/** The console: every page and the approval links, as one Hono app. GET and HEAD change nothing. */
export function consoleApp(ports: ConsolePorts) {
  const app = new Hono<ConsoleVariables>()
  app.use(securityHeaders(ports.makeNonce))
  app.use(
    bodyLimit({
      maxSize: bodyBytesMax,
      onError: (context) => context.json({ text: 'That is too long for a vote.' }, 413),
    }),
  )
  app.route('/', approveApp(ports))
  app.route('/', stopApp(ports))
  app.route('/', changesApp(ports.ledger))
  app.route('/', rolloutApp(ports.ledger))
  app.route('/', voteApp(ports))
  app.route('/', logApp(ports.ledger))
  app.route('/', findingsApp(ports.ledger))
  app.route('/', evidenceApp(ports))
  refuseOtherMethods(app)
  app.notFound((context) => context.html(notFoundPage('Not found', context.get('cspNonce')), 404))
  app.onError((fault, context) => {
    ports.onFault?.(fault, context.req.path)
    const text = 'The fault is ours. Check the change before you try again: whatever was recorded still counts.'
    if (context.req.path.startsWith('/approve/')) return context.json({ text }, 500)
    const nonce = context.get('cspNonce')
    return context.html(
      page({ title: 'Something went wrong', nonce, place: '', body: html`<p class="lead">${text}</p>` }),
      500,
    )
  })
  return app
}
