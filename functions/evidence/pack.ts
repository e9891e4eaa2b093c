/** A pack's manifest: leaves of one change or of some days, each with its entry, its place in the log and its proof. */
import * as z from 'zod'
import { canonicalJson } from '../kit/json.ts'
import { decodeEntry, type Entry, encodeEntry } from './bundle.ts'
import { fromBase64, toBase64, utf8, utf8Text } from './bytes.ts'
import { changeInPath } from './leaf.ts'
import { hashLength } from './merkle.ts'
import type { Checkpoint } from './note.ts'

const Day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)
const Index = z.int().min(0)

const PackScope = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('change'), changeId: z.string().regex(/^[0-9A-Z]{26}$/) }),
  z.strictObject({ kind: z.literal('period'), from: Day, to: Day }),
])
/** The leaves of one change, or those filed under the days from `from` to `to`, both included. */
export type PackScope = z.infer<typeof PackScope>

const PackFile = z.strictObject({
  schemaVersion: z.literal(2),
  scope: PackScope,
  origin: z.string(),
  size: Index,
  root: z.string(),
  leaves: z.array(z.strictObject({ index: Index, entry: z.string(), proof: z.array(z.string()) })),
  consistency: z.strictObject({ size: Index, proof: z.array(z.string()) }).exactOptional(),
})

/** A leaf's entry, its index in the log, and the hashes from it to the root. */
export interface ProvenEntry {
  readonly index: number
  readonly entry: Entry
  readonly proof: readonly Uint8Array[]
}

export interface Pack extends Checkpoint {
  readonly scope: PackScope
  /** In the order of the log; an entry that is none is undefined. */
  readonly leaves: readonly (Omit<ProvenEntry, 'entry'> & { readonly entry: Entry | undefined })[]
  /** Shows that the log continues an earlier one of that size (RFC 9162 section 2.1.4). */
  readonly consistency?: { readonly size: number; readonly proof: readonly Uint8Array[] }
}

/** Whether a leaf's path is in scope. */
export function isInScope(scope: PackScope, path: string): boolean {
  if (scope.kind === 'change') return changeInPath(path) === scope.changeId
  const day = path.slice('v1/leaf/dt='.length, 'v1/leaf/dt=YYYY-MM-DD'.length)
  return scope.from <= day && day <= scope.to
}

/**
 * Whether an entry belongs to a pack with these leaves: it is in scope, or was filed under another day between two
 * leaves of its change that are, so that no gap is left.
 */
export function memberOf(
  scope: PackScope,
  leaves: readonly { readonly index: number; readonly entry: Entry | undefined }[],
): (leaf: { readonly index: number; readonly entry: Entry }) => boolean {
  const spans = new Map<string, { readonly first: number; readonly last: number }>()
  for (const { index, entry } of leaves) {
    const changeId = entry && isInScope(scope, entry.path) ? changeInPath(entry.path) : 'none'
    const { first = index, last = index } = spans.get(changeId) ?? {}
    if (changeId !== 'none') spans.set(changeId, { first: Math.min(first, index), last: Math.max(last, index) })
  }
  return ({ index, entry: { path } }) => {
    const span = scope.kind === 'period' ? spans.get(changeInPath(path)) : undefined
    return isInScope(scope, path) || (span !== undefined && span.first < index && index < span.last)
  }
}

/** The manifest's bytes: canonical, so that the same export is the same bytes (I17). */
export function packManifest(pack: Omit<Pack, 'leaves'> & { readonly leaves: readonly ProvenEntry[] }): Uint8Array {
  const { scope, origin, size, root, leaves, consistency } = pack
  const file = {
    schemaVersion: 2,
    scope,
    origin,
    size,
    root: toBase64(root),
    leaves: leaves.map(({ index, entry, proof }) => ({
      index,
      entry: utf8Text(encodeEntry(entry)) ?? '',
      proof: proof.map(toBase64),
    })),
    ...(consistency ? { consistency: { size: consistency.size, proof: consistency.proof.map(toBase64) } } : {}),
  }
  return utf8(canonicalJson(file))
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8Text(bytes) ?? '')
  } catch {
    return undefined
  }
}

const hashesOf = (proof: readonly string[]): Uint8Array[] | undefined => {
  const hashes = proof.map(fromBase64).filter((hash) => hash?.length === hashLength)
  return hashes.length === proof.length ? hashes.filter((hash) => hash !== undefined) : undefined
}

/** Whether the bytes call themselves a pack's manifest. */
export const isPack = (bytes: Uint8Array): boolean =>
  z.object({ schemaVersion: z.literal(2) }).safeParse(jsonOf(bytes)).success

/** Half of a surrogate pair, which JSON may escape, has no canonical form. */
function isCanonical(file: z.infer<typeof PackFile>, bytes: Uint8Array): boolean {
  const { origin, leaves } = file
  const texts = [origin, ...leaves.map(({ entry }) => entry)]
  return texts.every((text) => text.isWellFormed()) && canonicalJson(file) === utf8Text(bytes)
}

/** Parses a pack's manifest; undefined unless the bytes are the canonical form of one. */
export function parsePack(bytes: Uint8Array): Pack | undefined {
  const file = PackFile.safeParse(jsonOf(bytes)).data
  if (!file || !isCanonical(file, bytes)) return undefined
  const { scope, origin, size, consistency } = file
  const root = hashesOf([file.root])?.[0]
  const leaves = file.leaves.flatMap(({ index, entry, proof }) => {
    const hashes = hashesOf(proof)
    return hashes ? [{ index, entry: decodeEntry(utf8(entry)), proof: hashes }] : []
  })
  const kept = consistency && hashesOf(consistency.proof)
  if (!root || leaves.length !== file.leaves.length || (consistency && !kept)) return undefined
  const known = consistency && kept ? { consistency: { size: consistency.size, proof: kept } } : {}
  return { scope, origin, size, root, leaves, ...known }
}
