/** The local inbox: what the approvers would have received, as pages. */
import { Hono } from 'hono'
import { html, raw } from 'hono/html'
import { secureHeaders } from 'hono/secure-headers'
import { propertiesOf } from '../functions/console/index.ts'
import type { InboxMail } from './cloud.ts'

const style = `:root{color-scheme:light dark;${propertiesOf('light')}}
@media(prefers-color-scheme:dark){:root{${propertiesOf('dark')}}}
*{box-sizing:border-box}body{margin:0;font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
main{max-width:52rem;margin:0 auto;padding:1.5rem 1rem 4rem}a{color:var(--accent)}:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
h1{font-size:1.4rem;line-height:1.3;overflow-wrap:anywhere}.quiet{color:var(--quiet)}
ul{list-style:none;padding:0}li,.mail{background:var(--panel);border:1px solid var(--line);border-radius:.6rem;padding:.75rem 1rem;margin:.6rem 0}
pre{white-space:pre-wrap;overflow-wrap:anywhere;font:.9rem/1.5 ui-monospace,monospace;margin:0}`

const page = (title: string, body: unknown) => html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><link rel="icon" href="data:,"><title>${title}</title>
<style>${raw(style)}</style></head><body><main>${body}</main></body></html>`

/** The inbox as a web application; newest mail first. */
export function inboxApp(mails: () => Promise<readonly InboxMail[]>) {
  const app = new Hono()
  app.use(secureHeaders({ referrerPolicy: 'no-referrer' }))
  const find = async (index: string) => (/^\d{1,6}$/.test(index) ? (await mails())[Number(index)] : undefined)
  app.get('/', async (context) => {
    const list = [...(await mails()).entries()].reverse()
    const body = html`<h1>Inbox</h1><p class="quiet">What the approvers would have received; each link is one person's own.</p>
${list.length === 0 ? html`<p>No mail yet.</p>` : html`<ul>${list.map(([index, mail]) => html`<li><a href="/mail/${index}">${mail.subject}</a><br><span class="quiet">to ${mail.to}</span></li>`)}</ul>`}`
    return context.html(page('Inbox', body))
  })
  app.get('/mail/:index', async (context) => {
    const index = context.req.param('index')
    const mail = await find(index)
    if (!mail) return context.html(noMail, 404)
    const body = html`<p><a href="/">Inbox</a></p><h1>${mail.subject}</h1>
<p class="quiet">to ${mail.to}, the text part; <a href="/mail/${index}/html">the HTML part</a></p><div class="mail"><pre>${linked(mail.text)}</pre></div>`
    return context.html(page(mail.subject, body))
  })
  // As a mail program shows it: no script, nothing from elsewhere, styles at the elements.
  app.get('/mail/:index/html', async (context) => {
    const mail = await find(context.req.param('index'))
    if (!mail) return context.html(noMail, 404)
    return context.html(mail.html, 200, {
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-top-navigation",
    })
  })
  return app
}

const noMail = page('Not found', html`<h1>No such mail</h1><p><a href="/">Inbox</a></p>`)

const address = /http:\/\/[^\s<]+/g

/** The text part with its links made clickable. */
function linked(text: string) {
  const between = text.split(address)
  const links = text.match(address) ?? []
  return between.map((part, index) => {
    const link = links[index]
    return link === undefined ? html`${part}` : html`${part}<a href="${link}">${link}</a>`
  })
}
