/** A long list in pages, each read from where the previous one ended. */
import type { Context } from 'hono'
import { html } from 'hono/html'
import type { Ledger, RecordKind } from '../kit/ledger.ts'
import type { Html } from './layout.ts'

export interface Page<T> {
  readonly values: readonly T[]
  readonly isFirst: boolean
  /** Where the next page starts; absent on the last. */
  readonly next?: string
}

export interface PageOf {
  readonly limit: number
  readonly newestFirst?: boolean
  /** List key of the previous page's last record. */
  readonly after?: string | undefined
}

/** Reads one record more than the page, so that no page links to an empty one. */
export async function readPage<T>(
  ledger: Ledger,
  kind: RecordKind<T>,
  listPk: string,
  { limit, newestFirst = false, after }: PageOf,
): Promise<Page<T>> {
  const read = await ledger.list(kind, listPk, {
    newestFirst,
    limit: limit + 1,
    ...(after === undefined ? {} : { after }),
  })
  const page = read.slice(0, limit)
  const next = read.length > limit ? page.at(-1)?.listSk : undefined
  return { values: page.map(({ value }) => value), isFirst: after === undefined, ...(next ? { next } : {}) }
}

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
