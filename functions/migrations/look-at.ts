/** Finds what steps would do to a table, record by record. */
import * as z from 'zod'
import { canonicalJson } from '../kit/json.ts'
import { partitions } from '../kit/keys.ts'
import type { RecordKey } from '../kit/ledger.ts'
import { type Direction, isSame, type Migration, type RawItem, throughAll } from './migration.ts'
import type { LedgerItems } from './ports.ts'
import type { SchemaOf } from './schemas.ts'

export interface Steps {
  readonly direction: Direction
  readonly migrations: readonly Migration[]
  readonly schemaOf: SchemaOf
}

/** A record that replaces another after the steps. */
export interface Replacement {
  readonly from: RawItem
  readonly to: readonly RawItem[]
}

/** A record that the current schema of its kind refuses; it is reported and left alone. */
export interface Unreadable {
  readonly key: RecordKey
  readonly kind: string
  readonly because: string
}

/** What steps would do to a table, without having done it. */
export interface Looked {
  readonly seen: number
  /** Records that the steps change. */
  readonly moved: number
  readonly unreadable: readonly Unreadable[]
  /** Keys of rings in which hosts may be in work. */
  readonly openRings: readonly string[]
}

/**
 * The result of the steps for an item: undefined if they leave it as it is, or if the current schema refuses the
 * result.
 */
export function replacementOf(item: RawItem, steps: Steps): Replacement | undefined {
  const to = throughAll(item, steps.migrations, steps.direction)
  if (isSame(item, to) || unreadableOf(to, steps).length > 0) return undefined
  return { from: item, to }
}

/** Going back, the shapes are those of an older Drydock, unknown to the current schemas. */
function unreadableOf(items: readonly RawItem[], { direction, schemaOf }: Steps): Unreadable[] {
  if (direction === 'down') return []
  return items.flatMap(({ key, kind, value }) => {
    const schema = schemaOf(kind)
    if (!schema) return [{ key, kind, because: `no room owns records of kind ${kind}` }]
    const parsed = schema.safeParse(value)
    return parsed.success ? [] : [{ key, kind, because: z.prettifyError(parsed.error) }]
  })
}

const Open = z.looseObject({ state: z.literal('open') })

/** An unreadable ring counts as open. */
function isOpenRing(item: RawItem, { schemaOf }: Steps): boolean {
  if (item.kind !== 'ring') return false
  const parsed = schemaOf('ring')?.safeParse(item.value)
  return !parsed?.success || Open.safeParse(item.value).success
}

/** Reads the whole table without moving anything. */
export async function lookAt(items: LedgerItems, steps: Steps, pageItems: number): Promise<Looked> {
  let [seen, moved] = [0, 0]
  const unreadable: Unreadable[] = []
  const openRings: string[] = []
  let after: RecordKey | undefined
  do {
    const page = await items.page(after, pageItems)
    seen += page.items.length + page.strange.length
    for (const { key, because } of page.strange) unreadable.push({ key, kind: 'unknown', because })
    for (const item of page.items) {
      const to = throughAll(item, steps.migrations, steps.direction)
      unreadable.push(...unreadableOf(to, steps))
      if (replacementOf(item, steps)) moved++
      if (to.some((one) => isOpenRing(one, steps))) openRings.push(`${item.key.pk} / ${item.key.sk}`)
    }
    after = page.next
  } while (after)
  return { seen, moved, unreadable, openRings }
}

/** The change whose own record this is: it stands in a partition that ends with the change's id. */
function changeOf({ key: { pk }, value }: RawItem): string | undefined {
  const id = pk.split('#').at(-1) ?? ''
  const named = z.looseObject({ changeId: z.literal(id) }).safeParse(value)
  const isOwn = pk === partitions.change(id) || pk === partitions.outcomes(id) || named.success
  return isOwn && /#[0-9A-Z]{26}$/.test(pk) ? id : undefined
}

/** The changes whose own records a replacement moves. */
export const changesOfReplacement = ({ from, to }: Replacement): ReadonlySet<string> =>
  new Set([from, ...to].flatMap((item) => changeOf(item) ?? []))

/** Items that a replacement adds to a transaction, the leaves of its changes among them. */
export const itemsOfReplacement = (replacement: Replacement): number => {
  const { from, to } = replacement
  const dropped = to.some(({ key }) => isKey(key, from.key)) ? 0 : 1
  return to.length + dropped + changesOfReplacement(replacement).size
}

/** Characters of what a replacement writes. */
export const charactersOfReplacement = ({ to }: Replacement): number =>
  to.reduce((sum, { value }) => sum + canonicalJson(value).length, 0)

/** Whether two keys are the same. */
export const isKey = (left: RecordKey, right: RecordKey) => left.pk === right.pk && left.sk === right.sk
