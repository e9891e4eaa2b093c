/** Links between the pages of a long list. */
import type { Context } from 'hono'
import { html } from 'hono/html'
import type { Page } from '../kit/list-page.ts'
import type { Html } from './layout.ts'

/** Longer than any list key. */
const keyLengthMax = 300

/** Where the requested page starts; anything that is not a key starts at the first. */
export function afterOf(context: Context): string | undefined {
  const after = context.req.query('after')
  return after !== undefined && after.length > 0 && after.length <= keyLengthMax ? after : undefined
}

export const nextAddress = (path: string, next: string): string => `${path}?after=${encodeURIComponent(next)}`

/** Links to the first and the next page, if there are any. */
export function pageLinks(path: string, { isFirst, next }: Omit<Page<unknown>, 'values'>): Html {
  if (isFirst && next === undefined) return html``
  return html`<nav class="pages" aria-label="Pages">${isFirst ? '' : html`<a href="${path}">First page</a>`}${next === undefined ? '' : html`<a rel="next" href="${nextAddress(path, next)}">Next page</a>`}</nav>`
}
