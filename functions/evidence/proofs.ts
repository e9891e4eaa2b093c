/** Inclusion and consistency proofs of RFC 9162 section 2.1.3 and 2.1.4, and their verification. */
import { isSameBytes } from './bytes.ts'
import { hashLength, hashNode, type Sha256 } from './merkle.ts'

/** The root of the full subtree over leaves [index * 2^level, (index + 1) * 2^level). */
export type NodeAt = (level: number, index: number) => Uint8Array

/** What a proof is made from: any node of the tree, and its size in leaves. */
export interface ProofInput {
  readonly sha256: Sha256
  readonly nodeAt: NodeAt
  readonly size: number
}

const largestPowerBelow = (count: number): number => {
  let power = 1
  while (power * 2 < count) power *= 2
  return power
}

/** The exponent of a power of two; undefined for any other number. Checked back, as log2(2^49 - 1) is 49 to a double. */
function exponentOf(count: number): number | undefined {
  const exponent = Math.round(Math.log2(count))
  return 2 ** exponent === count ? exponent : undefined
}

/** Root over leaves [start, end); `start` is a multiple of the largest power of two below the length. */
function rangeHash(input: ProofInput, start: number, end: number): Uint8Array {
  const length = end - start
  const level = exponentOf(length)
  if (level !== undefined) return input.nodeAt(level, start / length)
  const split = largestPowerBelow(length)
  return hashNode(input.sha256, rangeHash(input, start, start + split), rangeHash(input, start + split, end))
}

/** Hashes from the leaf's sibling up to the root. Empty when the index is not in the tree. */
export function inclusionProof(input: ProofInput, index: number): readonly Uint8Array[] {
  const path: Uint8Array[] = []
  let [start, end] = [0, input.size]
  if (!Number.isInteger(index) || index < 0 || index >= end) return path
  while (end - start > 1) {
    const middle = start + largestPowerBelow(end - start)
    if (index < middle) {
      path.push(rangeHash(input, middle, end))
      end = middle
    } else {
      path.push(rangeHash(input, start, middle))
      start = middle
    }
  }
  return path.reverse()
}

interface InclusionClaim {
  readonly index: number
  readonly size: number
  readonly leafHash: Uint8Array
  readonly root: Uint8Array
  readonly proof: readonly Uint8Array[]
}

const areCounts = (numbers: readonly number[]): boolean => numbers.every((one) => Number.isInteger(one) && one >= 0)
const areHashes = (hashes: readonly Uint8Array[]): boolean => hashes.every(({ length }) => length === hashLength)

/** Whether the leaf is at that index in the tree with that root, RFC 9162 section 2.1.3.2. */
export function isIncluded(sha256: Sha256, { index, size, leafHash, root, proof }: InclusionClaim): boolean {
  if (!areCounts([index, size]) || index >= size) return false
  if (!areHashes([leafHash, root, ...proof])) return false
  let [node, last, hash] = [index, size - 1, leafHash]
  for (const sibling of proof) {
    if (last === 0) return false
    if (node % 2 === 1 || node === last) {
      hash = hashNode(sha256, sibling, hash)
      // Ends: an even node is `last` here, which is not 0.
      while (node % 2 === 0) [node, last] = [Math.floor(node / 2), Math.floor(last / 2)]
    } else {
      hash = hashNode(sha256, hash, sibling)
    }
    ;[node, last] = [Math.floor(node / 2), Math.floor(last / 2)]
  }
  return last === 0 && isSameBytes(hash, root)
}

/** Hashes that prove the tree of `oldSize` to be a prefix of this tree. Empty for 0 and for the whole tree. */
export function consistencyProof(input: ProofInput, oldSize: number): readonly Uint8Array[] {
  const path: Uint8Array[] = []
  let [start, end, isWhole] = [0, input.size, true]
  if (!Number.isInteger(oldSize) || oldSize <= 0) return path
  while (oldSize < end) {
    const middle = start + largestPowerBelow(end - start)
    if (oldSize <= middle) {
      path.push(rangeHash(input, middle, end))
      end = middle
    } else {
      path.push(rangeHash(input, start, middle))
      start = middle
      isWhole = false
    }
  }
  if (!isWhole) path.push(rangeHash(input, start, end))
  return path.reverse()
}

const isEmptyRoot = (sha256: Sha256, hash: Uint8Array) => isSameBytes(hash, sha256(new Uint8Array(0)))

interface ConsistencyClaim {
  readonly oldSize: number
  readonly oldRoot: Uint8Array
  readonly size: number
  readonly root: Uint8Array
  readonly proof: readonly Uint8Array[]
}

/**
 * Whether the old tree is a prefix of the new one, RFC 9162 section 2.1.4.2. False for the empty tree, which proves
 * nothing.
 */
export function isConsistent(sha256: Sha256, { oldSize, oldRoot, size, root, proof }: ConsistencyClaim): boolean {
  if (!areCounts([oldSize, size]) || oldSize > size) return false
  if (oldSize === 0)
    return size === 0 && proof.length === 0 && [oldRoot, root].every((hash) => isEmptyRoot(sha256, hash))
  if (oldSize === size) return proof.length === 0 && isSameBytes(oldRoot, root)
  if (!areHashes([oldRoot, root, ...proof])) return false
  // Without a path it fails below: `last` stays above 0.
  const [first = oldRoot, ...siblings] = exponentOf(oldSize) === undefined ? proof : [oldRoot, ...proof]
  let [node, last] = [oldSize - 1, size - 1]
  while (node % 2 === 1) [node, last] = [Math.floor(node / 2), Math.floor(last / 2)]
  let [oldHash, hash] = [first, first]
  for (const sibling of siblings) {
    if (last === 0) return false
    if (node % 2 === 1 || node === last) {
      oldHash = hashNode(sha256, sibling, oldHash)
      hash = hashNode(sha256, sibling, hash)
      // Ends: an even node is `last` here, which is not 0.
      while (node % 2 === 0) [node, last] = [Math.floor(node / 2), Math.floor(last / 2)]
    } else {
      hash = hashNode(sha256, hash, sibling)
    }
    ;[node, last] = [Math.floor(node / 2), Math.floor(last / 2)]
  }
  return last === 0 && isSameBytes(oldHash, oldRoot) && isSameBytes(hash, root)
}
