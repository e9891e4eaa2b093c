/** The versions that leaves stand for: a record's move that no leaf stands for was dropped before it was filed. */
import * as z from 'zod'
import { byTextOf } from '../kit/by-text.ts'
import { utf8Text } from './bytes.ts'
import { openLeaf } from './leaf.ts'

/** What a leaf's record says for this: the moves it stands for, and the objects that its body names by their hash. */
export const LeafRecord = z.looseObject({
  body: z.unknown(),
  versions: z.array(z.tuple([z.string(), z.int(), z.int()])).optional(),
})
export type LeafRecord = z.infer<typeof LeafRecord>

/** A version of a record that was moved on, and that no leaf brought about. */
export interface VersionGap {
  /** Key of the record, without the change's id. */
  readonly record: string
  readonly version: number
  /** No earlier version of the record is in these leaves. */
  readonly isFirst: boolean
}

/** Versions that a leaf moved a record from, and no leaf moved it to; by record, then version. */
export function versionGaps(records: readonly LeafRecord[]): readonly VersionGap[] {
  const known = new Map<string, { readonly from: Set<number>; readonly to: Set<number> }>()
  for (const { versions = [] } of records)
    for (const [record, from, to] of versions) {
      const seen = known.get(record) ?? { from: new Set(), to: new Set() }
      known.set(record, seen)
      seen.from.add(from)
      seen.to.add(to)
    }
  return [...known].toSorted(byTextOf(([record]) => record)).flatMap(([record, { from, to }]) => {
    const gaps = [...from].filter((version) => version > 0 && !to.has(version)).sort((left, right) => left - right)
    const first = Math.min(...from)
    return gaps.map((version) => ({ record, version, isFirst: version === first }))
  })
}

/** Whether a change's leaves, in order, begin after the change did: before its versions were filed with them. */
export function isBegunBefore(records: readonly LeafRecord[]): boolean {
  return records.length > 0 && records[0]?.versions === undefined
}

/** Prefix of the files that leaves name by their hash. */
export const objectPrefix = 'v1/object/'

/** The record of a leaf; undefined where the bytes are none: whether it should be one is judged elsewhere. */
export function recordOf(leaf: Uint8Array): LeafRecord | undefined {
  const text = utf8Text(openLeaf(leaf)?.record ?? new Uint8Array(0))
  if (!text) return undefined
  try {
    return LeafRecord.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

const objectPattern = /^v1\/object\/([0-9a-f]{64})\.json$/

/** The SHA-256, hex, in the name of an object's path; undefined for any other path. */
export const digestInPath = (path: string): string | undefined => objectPattern.exec(path)?.[1]

/** The path in each field `object` of a leaf's body, at any depth: a file under the hash of its bytes. */
export function namedObjects(body: unknown): readonly string[] {
  if (typeof body !== 'object' || body === null) return []
  return Object.entries(body).flatMap(([name, value]) =>
    name === 'object' && typeof value === 'string' && objectPattern.test(value) ? [value] : namedObjects(value),
  )
}
