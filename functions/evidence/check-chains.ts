/** Whether the entries of a log, or of a part of it, stand in the chains of their changes without a gap. */
import { type Entry, splitEntry } from './bundle.ts'
import { toHex } from './bytes.ts'
import { type ChainHead, chainOf, nextLink } from './chain.ts'
import { isLeafPath } from './leaf.ts'
import type { Problem } from './problem.ts'
import { entryTexts, type FoundLog, type PlacedProblem } from './read-log.ts'
import { hashAt } from './tiles.ts'

/** An entry with its place in the log and its hash in the tree, hex. */
export interface Placed {
  readonly entry: Entry
  readonly index: number
  readonly hash: string
}

/** What the entries of one change, in order, prove of it. */
export interface Chain {
  readonly changeId: string
  /** Leaves without a number, from before there were chains: nothing shows that none is missing. */
  readonly unnumbered: number
  readonly last?: ChainHead
  /** Leaves up to the change's end, or so far. */
  readonly count: number
  /** Leaves numbered after the change had ended. */
  readonly after: number
}

/** The chain of a change without entries yet. */
export const emptyChain = (changeId: string): Chain => ({ changeId, unnumbered: 0, count: 0, after: 0 })

/**
 * The chain with one more entry, and what is wrong with it: `missing` names the leaf that must stand before it, `bad`
 * the entry itself. `isPart`: entries before the first may lie elsewhere.
 */
export function follow(
  chain: Chain,
  { entry, index, hash }: Placed,
  isPart = false,
): { readonly chain: Chain; readonly problem?: Problem } {
  const { changeId, last } = chain
  const { link, path } = entry
  const bad = (detail: string): Problem => ({ kind: 'bad', leaf: path, detail })
  if (!link) {
    const next = { ...chain, unnumbered: chain.unnumbered + 1 }
    return last ? { chain: next, problem: bad('it has no number, and follows leaves that have one') } : { chain: next }
  }
  const isClosed = link.chain === 'after' || link.count !== undefined
  const head = { schemaVersion: 1, changeId, chain: link.chain, number: link.number, isClosed, hash, index } as const
  const next: Chain = {
    ...chain,
    last: head,
    ...(link.chain === 'after' ? { after: chain.after + 1 } : { count: chain.count + 1 }),
  }
  if (isPart && !last) return { chain: next }
  const expected = nextLink(last, link.count !== undefined)
  if (link.chain !== expected.chain || link.number !== expected.number) {
    const leaf = `${expected.chain} ${expected.number} of ${changeId}`
    return { chain: next, problem: { kind: 'missing', leaf, detail: `${path} is ${link.chain} ${link.number}` } }
  }
  const isNext =
    link.previous?.hash === expected.previous?.hash &&
    link.previous?.index === expected.previous?.index &&
    link.count === expected.count
  return isNext ? { chain: next } : { chain: next, problem: bad('it does not follow the leaf before it in its change') }
}

/** Every entry of a log against the chains: what is wrong, at the index of its entry. */
export function chainProblems(log: FoundLog): readonly PlacedProblem[] {
  const chains = new Map<string, Chain>()
  const problems: PlacedProblem[] = []
  for (const bundle of log.bundles) {
    const text = entryTexts(bundle)
    for (const [at, end] of bundle.ends.entries()) {
      const entry = splitEntry(text, (bundle.ends[at - 1] ?? 0) + 2, end)
      if (!entry || !isLeafPath(entry.path)) continue
      const [changeId, index] = [chainOf(entry.path), bundle.start + at]
      if (changeId === undefined) {
        const detail = 'a leaf of no change has no number'
        if (entry.link) problems.push({ kind: 'bad', leaf: entry.path, detail, index })
        continue
      }
      const known = chains.get(changeId) ?? emptyChain(changeId)
      const { chain, problem } = follow(known, { entry, index, hash: toHex(hashAt(bundle.hashes, at)) })
      chains.set(changeId, chain)
      if (problem) problems.push({ ...problem, index })
    }
  }
  return problems
}
