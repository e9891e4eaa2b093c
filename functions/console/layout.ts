/** The frame of every page: strict headers, one style sheet, keyboard first, light and dark. */
import type { MiddlewareHandler } from 'hono'
import { html, raw } from 'hono/html'
import { excerpt, shown } from '../kit/display-text.ts'
import { styleSheet } from './style.ts'
import { idsText, instantText } from './text.ts'

export type Html = ReturnType<typeof html>

/** The text of a page fragment. */
export const htmlText = async (piece: Html): Promise<string> => String(await piece)

/** Random text for the content security policy, new for each page. */
export type MakeNonce = () => string

export interface ConsoleVariables {
  Variables: { cspNonce: string }
}

/** No third parties, no frames, only our own scripts, no caching. */
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
  ['/log', 'Log'],
  ['/evidence', 'Evidence'],
  ['/stop', 'Stop'],
] as const

export interface PageInput {
  readonly title: string
  readonly nonce: string
  /** Path of the navigation entry that this page belongs to. */
  readonly place?: string
  readonly body: Html
  readonly script?: string
  /** Seconds between reloads where scripts do not run; readers can turn this off (WCAG 2.2.2). */
  readonly refreshSeconds?: number
}

/** A hull in its dock. */
const brand = html`<svg width="22" height="22" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round" aria-hidden="true"><path d="M2 4v16h20V4M6.5 8h11L15 15.5H9zM12 8V3"/></svg>Drydock`

const navigation = (place: string) =>
  html`<nav aria-label="Main">${places.map(([path, name]) => html`<a href="${path}"${path === place ? raw(' aria-current="page"') : ''}>${name}</a>`)}</nav>`

export const page = ({ title, nonce, place, body, script, refreshSeconds }: PageInput) => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
${refreshSeconds === undefined ? '' : html`<noscript><meta http-equiv="refresh" content="${refreshSeconds}"></noscript>`}
<title>${title} · Drydock</title>
<style nonce="${nonce}">${raw(styleSheet)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header><div class="bar">${place === undefined ? html`<span class="brand">${brand}</span>` : html`<a class="brand" href="/">${brand}</a>${navigation(place)}`}</div></header>
<main id="main" tabindex="-1"><h1>${title}</h1>${body}</main>
${script === undefined ? '' : html`<script nonce="${nonce}">${raw(script)}</script>`}
</body>
</html>`

/** A table that phones show as cards: each cell carries its column's name. Without rows, a sentence instead. */
export function dataTable(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly (string | Html)[])[],
  whenEmpty = `${caption}: none.`,
): Html {
  if (rows.length === 0) return html`<p class="empty">${whenEmpty}</p>`
  return html`<div class="table" role="region" aria-label="${caption}" tabindex="0"><table><caption>${caption}</caption><thead><tr>${head.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((cell, index) => html`<td data-name="${head[index] ?? ''}">${cell === '' ? '' : html`<span>${cell}</span>`}</td>`)}</tr>`)}</tbody></table></div>`
}

const kinds: Readonly<Record<string, 'good' | 'wait' | 'bad' | 'quiet'>> = {
  closed: 'good',
  done: 'good',
  approved: 'good',
  passed: 'good',
  pass: 'good',
  succeeded: 'good',
  held: 'wait',
  waiting: 'wait',
  'awaiting-approval': 'wait',
  'in-review': 'wait',
  stopped: 'wait',
  inconclusive: 'wait',
  missing: 'wait',
  'rolled-back': 'bad',
  rejected: 'bad',
  expired: 'bad',
  failed: 'bad',
  fail: 'bad',
  quarantined: 'bad',
  gone: 'bad',
  halted: 'bad',
  cancelled: 'quiet',
  superseded: 'quiet',
  skipped: 'quiet',
  suppressed: 'quiet',
}
/** Characters that every system font has. */
const marks = { good: '✓', wait: '…', bad: '×', busy: '•', quiet: '–' } as const

/** A state as a word with a mark, never by colour alone. */
export function badge(state: string): Html {
  const kind = Object.hasOwn(kinds, state) ? (kinds[state] ?? 'busy') : 'busy'
  return html`<span class="badge ${kind}"><span aria-hidden="true">${marks[kind]}</span> ${state.replaceAll('-', ' ')}</span>`
}

/** A warning with a mark, never by colour alone. */
export const warning = (text: Html | string): Html =>
  html`<strong class="bad"><span aria-hidden="true">!</span> ${text}</strong>`

/** An instant for people, with the exact one for machines. */
export const instant = (at: string): Html => html`<time datetime="${at}">${instantText(at)}</time>`

const unfoldedMax = 160

/** A long reason folds, opened by key or click; a short one is shown whole. */
export const unfold = (text: string): Html =>
  text.length <= unfoldedMax
    ? html`${shown(text)}`
    : html`<details><summary>${excerpt(text, unfoldedMax)}</summary>${shown(text)}</details>`

const idsNamedMax = 3

/** All ids, if not all were shown above. */
export const allIds = (ids: readonly string[]): Html =>
  ids.length <= idsNamedMax
    ? html``
    : html`<details><summary>All ${ids.length} vulnerabilities</summary><p>${ids.map(shown).join(', ')}</p></details>`

export const firstIds = (ids: readonly string[]): string => idsText(ids, idsNamedMax)

/** The key facts, each under its name. */
export const cards = (facts: readonly (readonly [name: string, value: string | Html])[]): Html =>
  html`<dl class="cards">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`

export const notFoundPage = (title: string, nonce: string): Html =>
  page({
    title,
    nonce,
    place: '',
    body: html`<p class="lead">There is no page at this address. It may have been cut short or mistyped.</p>
<p class="actions"><a class="button" href="/">All changes</a></p>`,
  })
