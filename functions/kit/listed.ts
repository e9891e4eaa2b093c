/** Long lists page by page, so that memory does not grow with them. */
import type { Ledger, RecordKind, Stored } from './ledger.ts'

/** Records of a page. */
const pageMax = 500

/** Every record of a list in pages of at most 500, in its order, from after `after` on; eventually consistent. */
export async function* everyListed<T>(
  ledger: Pick<Ledger, 'list'>,
  kind: RecordKind<T>,
  listPk: string,
  after?: string,
): AsyncGenerator<readonly Stored<T>[]> {
  let last = after
  for (;;) {
    const page = await ledger.list(kind, listPk, { limit: pageMax, ...(last === undefined ? {} : { after: last }) })
    if (page.length > 0) yield page
    last = page.at(-1)?.listSk
    if (page.length < pageMax || last === undefined) return
  }
}
