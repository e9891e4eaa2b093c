/** The local inbox: what the approvers would have received, as pages. */
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { html, raw } from 'hono/html'
import { secureHeaders } from 'hono/secure-headers'
import type { InboxMail } from './cloud.ts'

const page = (title: string, body: unknown) => html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${title}</title>
<style>:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem}li{margin:.4rem 0}pre{white-space:pre-wrap;overflow-wrap:anywhere}iframe{width:100%;height:30rem;border:1px solid}</style>
</head><body>${body}</body></html>`

/** The inbox as a web application; newest mail first. */
export function inboxApp(mails: () => Promise<readonly InboxMail[]>) {
  const app = new Hono()
  app.use(secureHeaders({ referrerPolicy: 'no-referrer' }))
  app.get('/', async (context) => {
    const list = [...(await mails()).entries()].reverse()
    return context.html(
      page(
        'Inbox',
        html`<h1>Inbox</h1>${list.length === 0 ? html`<p>No mail yet.</p>` : html`<ul>${list.map(([index, mail]) => html`<li><a href="/mail/${index}">${mail.subject}</a><br>to ${mail.to}</li>`)}</ul>`}`,
      ),
    )
  })
  app.get('/mail/:index', async (context) => {
    const mail = (await mails())[Number(context.req.param('index'))]
    if (!mail) return context.html(page('Not found', html`<p>No such mail. <a href="/">Inbox</a></p>`), 404)
    return context.html(
      page(
        mail.subject,
        html`<p><a href="/">Inbox</a></p><h1>${mail.subject}</h1><p>to ${mail.to}</p><pre>${linked(mail.text)}</pre>`,
      ),
    )
  })
  return app
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => escapes[character] ?? character)

/** The text part with its links made clickable. */
function linked(text: string) {
  return raw(escaped(text).replace(/http:\/\/[^\s<]+/g, (address) => `<a href="${address}">${address}</a>`))
}

export function startInbox(
  mails: () => Promise<readonly InboxMail[]>,
  port: number,
): { address: string; close(): Promise<void> } {
  const server = serve({ fetch: inboxApp(mails).fetch, port, hostname: '127.0.0.1' })
  return { address: `http://127.0.0.1:${port}`, close: () => new Promise((done) => server.close(() => done())) }
}
