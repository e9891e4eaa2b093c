/** The chain of a change's leaves: each entry follows the one before it, and the closing one says how many there are. */
import * as z from 'zod'
import type { RecordKind } from '../kit/ledger.ts'
import { type Entry, encodeEntry, type Link } from './bundle.ts'
import { toHex } from './bytes.ts'
import { changeInPath } from './leaf.ts'
import { hashLeaf, type Sha256 } from './merkle.ts'

/** The last leaf of a change in the log: what the next one follows. */
export const ChainHead = z.strictObject({
  schemaVersion: z.literal(1),
  changeId: z.string(),
  chain: z.enum(['change', 'after']),
  number: z.int().min(1),
  /** The change has ended: what follows is the chain `after`. */
  isClosed: z.boolean(),
  /** The entry's hash in the tree, hex. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  /** The entry's index in the log, from 0. */
  index: z.int().min(0),
})
export type ChainHead = z.infer<typeof ChainHead>

/** A change's last leaf as the ledger's table holds it under `keys.evidenceChain()`; moved by the archiver alone. */
export const ChainHeadRecord: RecordKind<ChainHead> = { kind: 'evidence-chain', schema: ChainHead }

/** The change of a leaf's path; undefined for leaves of none, which are in no chain. */
export function chainOf(path: string): string | undefined {
  const changeId = changeInPath(path)
  return changeId === 'none' ? undefined : changeId
}

/** The link of a change's next leaf. */
export function nextLink(last: ChainHead | undefined, closes: boolean): Link {
  const isAfter = last?.isClosed === true
  const number = last && (last.chain === 'after' || !isAfter) ? last.number + 1 : 1
  return {
    chain: isAfter ? 'after' : 'change',
    number,
    ...(last ? { previous: { hash: last.hash, index: last.index } } : {}),
    ...(closes && !isAfter ? { count: number } : {}),
  }
}

/** The head of a chain after an entry. */
export function headAfter(sha256: Sha256, entry: Entry, index: number): ChainHead | undefined {
  const [changeId, { link }] = [chainOf(entry.path), entry]
  if (changeId === undefined || !link) return undefined
  return {
    schemaVersion: 1,
    changeId,
    chain: link.chain,
    number: link.number,
    isClosed: link.chain === 'after' || link.count !== undefined,
    hash: toHex(hashLeaf(sha256, encodeEntry(entry))),
    index,
  }
}

/** Gives each new leaf, in the order of the log, its place in the chain of its change. `from`: index of the first. */
export function linked<Leaf extends Entry>(
  leaves: readonly { readonly leaf: Leaf; readonly closes: boolean }[],
  { sha256, from, heads }: { readonly sha256: Sha256; readonly from: number; readonly heads: readonly ChainHead[] },
): Leaf[] {
  const last = new Map(heads.map((head) => [head.changeId, head]))
  return leaves.map(({ leaf, closes }, at) => {
    const changeId = chainOf(leaf.path)
    if (changeId === undefined) return leaf
    const entry = { ...leaf, link: nextLink(last.get(changeId), closes) }
    const head = headAfter(sha256, entry, from + at)
    if (head) last.set(changeId, head)
    return entry
  })
}
