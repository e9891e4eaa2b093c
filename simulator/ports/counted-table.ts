/**
 * The ledger's table as DynamoDB answers for it, in pages of 1 MB, for a client of the SDK: it counts what is asked and
 * read. A list may be made as it is read, so that one of a million records takes no memory.
 */
import { type Item, itemBytes, recordItem } from '../../functions/aws/stored-items.ts'
import { byKey, byText } from '../../functions/kit/by-text.ts'
import type { Move, RecordKey } from '../../functions/kit/ledger.ts'

/** A page of a query ends at 1 MB, https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html */
const pageBytesMax = 1024 * 1024

/** A partition or list in order, whose items are made when they are read. */
export interface MadeList {
  readonly length: number
  /** Sort key in the list. */
  readonly skAt: (index: number) => string
  readonly moveAt: (index: number) => Move
}

/** What was asked of the table. */
export interface Asked {
  /** Requests of Query, pages included. */
  readonly queries: number
  /** Requests of GetItem. */
  readonly gets: number
  /** Items that queries read. */
  readonly items: number
  /** Bytes of the items read, as DynamoDB counts them. */
  readonly bytes: number
}

interface GetInput {
  readonly Key?: Item | undefined
}

interface QueryInput {
  readonly IndexName?: string | undefined
  readonly ExpressionAttributeValues?: Item | undefined
  readonly KeyConditionExpression?: string | undefined
  readonly ScanIndexForward?: boolean | undefined
  readonly Limit?: number | undefined
  readonly ExclusiveStartKey?: Item | undefined
}

const nameOf = ({ pk, sk }: RecordKey) => `${pk}\u0000${sk}`
const textOf = (item: Item | undefined, name: string) => item?.[name]?.S ?? ''

/** The first index whose sort key is at or, unless `isIncluded`, after a key. */
function indexOf({ length, skAt }: MadeList, sk: string, isIncluded: boolean): number {
  let [low, high] = [0, length]
  while (low < high) {
    const middle = (low + high) >> 1
    const order = byText(skAt(middle), sk)
    if (order > 0 || (isIncluded && order === 0)) high = middle
    else low = middle + 1
  }
  return low
}

/** Records by partition or by list, each in order once it is read. */
class Ordered {
  private readonly kept = new Map<string, Map<string, Move>>()
  private readonly sorted = new Map<string, MadeList>()

  set(pk: string, sk: string, move: Move) {
    const rows = this.kept.get(pk) ?? new Map<string, Move>()
    this.kept.set(pk, rows.set(`${sk}\u0000${nameOf(move.key)}`, move))
    this.sorted.delete(pk)
  }

  of(pk: string): MadeList {
    const known = this.sorted.get(pk)
    if (known) return known
    const rows = [...(this.kept.get(pk) ?? [])].sort(byKey)
    const list = {
      length: rows.length,
      skAt: (index: number) => rows[index]?.[0].split('\u0000')[0] ?? '',
      moveAt: (index: number) => rows[index]?.[1] ?? noMove,
    }
    this.sorted.set(pk, list)
    return list
  }
}

const noMove: Move = { kind: 'none', key: { pk: 'none', sk: 'none' }, from: 0, value: null }

interface PageOptions {
  readonly limit: number
  readonly prefix: string
  readonly step: 1 | -1
}

/** Items from an index on, up to a limit or the end of a page. */
function pageOf(list: MadeList, from: number, { limit, prefix, step }: PageOptions) {
  const items: Item[] = []
  let bytes = 0
  const isWanted = (index: number) => index >= 0 && index < list.length && list.skAt(index).startsWith(prefix)
  for (let index = from; isWanted(index); index += step) {
    const item = recordItem(list.moveAt(index))
    items.push(item)
    bytes += itemBytes(item)
    if (items.length < limit && bytes < pageBytesMax) continue
    return { items, bytes, ...(isWanted(index + step) ? { last: item } : {}) }
  }
  return { items, bytes }
}

const nothing: Asked = { queries: 0, gets: 0, items: 0, bytes: 0 }

/** A table in memory. */
export function countedTable() {
  const records = new Map<string, Move>()
  const [partitions, listed] = [new Ordered(), new Ordered()]
  const made = new Map<string, MadeList>()
  const weights = new Map<string, number>()
  const asked = { ...nothing }
  return {
    /** Puts records that do not stand yet. */
    put(...moves: readonly Move[]) {
      for (const move of moves) {
        records.set(nameOf(move.key), move)
        partitions.set(move.key.pk, move.key.sk, move)
        if (move.list) listed.set(move.list.pk, move.list.sk, move)
      }
    },
    /** A list that is made as it is read. */
    make: (listPk: string, list: MadeList) => void made.set(listPk, list),
    get({ Key }: GetInput) {
      const move = records.get(nameOf({ pk: textOf(Key, 'pk'), sk: textOf(Key, 'sk') }))
      const found = move && recordItem(move)
      asked.gets++
      asked.bytes += found ? (weights.get(nameOf(move.key)) ?? itemBytes(found)) : 0
      return found ? { Item: found } : {}
    },
    query(input: QueryInput) {
      const values = input.ExpressionAttributeValues
      const isIndex = input.IndexName !== undefined
      const pk = textOf(values, ':pk') || textOf(values, ':outbox')
      const list = isIndex ? (made.get(pk) ?? listed.of(pk)) : partitions.of(pk)
      const prefix = textOf(values, ':sk')
      const start = textOf(input.ExclusiveStartKey, isIndex ? 'listSk' : 'sk') || textOf(values, ':after')
      const isBack = input.ScanIndexForward === false
      const beyond = start === '' ? indexOf(list, prefix, true) : indexOf(list, start, false)
      const before = (start === '' ? list.length : indexOf(list, start, true)) - 1
      const limit = input.Limit ?? Number.POSITIVE_INFINITY
      const { items, bytes, last } = pageOf(list, isBack ? before : beyond, { limit, prefix, step: isBack ? -1 : 1 })
      asked.queries++
      asked.items += items.length
      asked.bytes += bytes
      return { Items: items, Count: items.length, ...(last ? { LastEvaluatedKey: startKeyOf(last, isIndex) } : {}) }
    },
    /** A record whose value stands beside the table takes the bytes of that object to read. */
    weigh: ({ pk, sk }: RecordKey, bytes: number) => void weights.set(nameOf({ pk, sk }), bytes),
    /** What was asked since the last time. */
    take(): Asked {
      const taken = { ...asked }
      Object.assign(asked, nothing)
      return taken
    },
  }
}

const startKeyOf = ({ pk, sk, listPk, listSk }: Item, isIndex: boolean): Item => ({
  ...(pk ? { pk } : {}),
  ...(sk ? { sk } : {}),
  ...(isIndex && listPk && listSk ? { listPk, listSk } : {}),
})
