/** A migration: how an older Drydock's records become current, and back. */
import type { Json } from '../kit/json.ts'
import { canonicalJson } from '../kit/json.ts'
import type { Move, RecordKey } from '../kit/ledger.ts'

/** A record as the table holds it, whatever its shape. */
export interface RawItem {
  readonly kind: string
  readonly key: RecordKey
  readonly version: number
  readonly value: Json
  readonly list?: NonNullable<Move['list']>
  /** Epoch seconds after which DynamoDB may delete it. */
  readonly deleteAfterSeconds?: number
}

/**
 * One step. Each direction turns one item into its replacements: itself if the step does not concern it, none if it is
 * removed. Both are pure and idempotent, because an interrupted run meets its own work again.
 */
export interface Migration {
  /** `NNN-name`; the order of ids is the order of steps. */
  readonly id: string
  /** What changes, in one sentence. */
  readonly says: string
  readonly up: (item: RawItem) => readonly RawItem[]
  readonly down: (item: RawItem) => readonly RawItem[]
}

export type Direction = 'up' | 'down'

/** Applies several steps to an item: up in order of ids, down in reverse. */
export function throughAll(item: RawItem, steps: readonly Migration[], direction: Direction): readonly RawItem[] {
  const ordered = direction === 'up' ? steps : steps.toReversed()
  return ordered.reduce<readonly RawItem[]>((items, step) => items.flatMap((one) => step[direction](one)), [item])
}

/** Whether two items are the same, to the byte. */
export function isSame(item: RawItem, after: readonly RawItem[]): boolean {
  const [only, ...more] = after
  return only !== undefined && more.length === 0 && canonicalJson(contentOf(only)) === canonicalJson(contentOf(item))
}

/** An item without its version, which grows with every move. */
export const contentOf = ({ kind, key, value, list, deleteAfterSeconds }: RawItem): Json => ({
  kind,
  key: { ...key },
  value,
  ...(list ? { list: { ...list } } : {}),
  ...(deleteAfterSeconds === undefined ? {} : { deleteAfterSeconds }),
})

/** The fields of a value. */
export type Fields = { readonly [key: string]: Json | undefined }

/** The fields of an item's value, if it is of this kind; else undefined. */
export function fieldsOf(item: RawItem, kind: string): Fields | undefined {
  const { value } = item
  if (item.kind !== kind || typeof value !== 'object' || value === null || isList(value)) return undefined
  return value
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value)

/** The fields with one renamed; undefined if it is missing or the new name is taken. */
export function renamed(fields: Fields, from: string, to: string): Fields | undefined {
  if (!Object.hasOwn(fields, from) || Object.hasOwn(fields, to)) return undefined
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name === from ? to : name, value]))
}
