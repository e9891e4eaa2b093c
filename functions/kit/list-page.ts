/** One page of a long list, read from where the previous one ended. */
import type { Ledger, RecordKind } from './ledger.ts'

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
  ledger: Pick<Ledger, 'list'>,
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
