/** The frame of every page: strict headers, one style sheet, keyboard first, light and dark. */
import type { MiddlewareHandler } from 'hono'
import { html, raw } from 'hono/html'
import { styleSheet } from './style.ts'

type Html = ReturnType<typeof html>

/** Random text for the content security policy; one a page. */
export type MakeNonce = () => string

export interface ConsoleVariables {
  Variables: { cspNonce: string }
}

/** No third party, no frame, no script but ours, nothing kept in a cache. */
export const securityHeaders = (makeNonce: MakeNonce): MiddlewareHandler<ConsoleVariables> =>
  async function addHeaders(context, next) {
    const nonce = makeNonce()
    context.set('cspNonce', nonce)
    await next()
    context.header(
      'content-security-policy',
      `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
    )
    context.header('referrer-policy', 'no-referrer')
    context.header('cache-control', 'no-store')
    context.header('x-content-type-options', 'nosniff')
    context.header('x-frame-options', 'DENY')
    context.header('strict-transport-security', 'max-age=31536000')
  }

const places = [
  ['/', 'Changes'],
  ['/findings', 'Findings'],
  ['/evidence', 'Evidence'],
  ['/stop', 'Stop'],
] as const

export interface PageInput {
  readonly title: string
  readonly nonce: string
  /** Path of the place that this page belongs to, for the navigation. */
  readonly place?: string
  readonly body: Html | Promise<Html>
  readonly script?: string
  /** Seconds after which the page loads itself again. */
  readonly refreshSeconds?: number
}

export const page = ({ title, nonce, place, body, script, refreshSeconds }: PageInput) => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
${refreshSeconds === undefined ? '' : html`<meta http-equiv="refresh" content="${refreshSeconds}">`}
<title>${title} · Drydock</title>
<style nonce="${nonce}">${raw(styleSheet)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header><strong>Drydock</strong>${place === undefined ? '' : html`<nav aria-label="Main">${places.map(([path, name]) => html`<a href="${path}"${path === place ? raw(' aria-current="page"') : ''}>${name}</a>`)}</nav>`}</header>
<main id="main" tabindex="-1"><h1>${title}</h1>${body}</main>
${script === undefined ? '' : html`<script nonce="${nonce}">${raw(script)}</script>`}
</body>
</html>`

/** A table that a phone shows as cards: each cell carries its column's name. */
export function dataTable(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly (string | Html)[])[],
): Html {
  if (rows.length === 0) return html`<p class="empty">${caption}: none.</p>`
  return html`<table><caption>${caption}</caption><thead><tr>${head.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((cell, index) => html`<td data-name="${head[index] ?? ''}">${cell}</td>`)}</tr>`)}</tbody></table>`
}

/** A state as a word with a mark before it: never told by colour alone. */
export function badge(state: string): Html {
  const kind = ['closed', 'done', 'approved', 'passed', 'succeeded'].includes(state)
    ? 'good'
    : ['held', 'waiting', 'awaiting-approval', 'stopped'].includes(state)
      ? 'wait'
      : ['rolled-back', 'rejected', 'expired', 'failed', 'quarantined', 'halted'].includes(state)
        ? 'bad'
        : 'busy'
  const mark = { good: '✓', wait: '⏸', bad: '✕', busy: '●' }[kind]
  return html`<span class="badge ${kind}"><span aria-hidden="true">${mark}</span> ${state}</span>`
}
