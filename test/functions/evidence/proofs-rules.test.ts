import { describe, expect, it } from 'vitest'
import { sha256 } from '../../../functions/aws/node-crypto.ts'
import { concat, toHex, utf8 } from '../../../functions/evidence/bytes.ts'
import { hashLeaf, hashNode } from '../../../functions/evidence/merkle.ts'
import { consistencyProof, inclusionProof, isConsistent, isIncluded } from '../../../functions/evidence/proofs.ts'

const anyLeaves = (count: number) =>
  Array.from({ length: count }, (_, index) => hashLeaf(sha256, utf8(`leaf ${index}`)))
const splitOf = (count: number) => 2 ** Math.floor(Math.log2(count - 1))

/** MTH of RFC 9162 section 2.1.1, word for word: the oracle, as the two below. */
function treeHash(hashes: readonly Uint8Array[]): Uint8Array {
  const [first = sha256(new Uint8Array(0))] = hashes
  if (hashes.length < 2) return first
  const split = splitOf(hashes.length)
  return hashNode(sha256, treeHash(hashes.slice(0, split)), treeHash(hashes.slice(split)))
}

/** PATH of RFC 9162 section 2.1.3.1. */
function pathOf(index: number, hashes: readonly Uint8Array[]): readonly Uint8Array[] {
  if (hashes.length === 1) return []
  const split = splitOf(hashes.length)
  const [left, right] = [hashes.slice(0, split), hashes.slice(split)]
  return index < split ? [...pathOf(index, left), treeHash(right)] : [...pathOf(index - split, right), treeHash(left)]
}

/** SUBPROOF of RFC 9162 section 2.1.4.1. */
function subproof(oldSize: number, hashes: readonly Uint8Array[], isWhole: boolean): readonly Uint8Array[] {
  if (oldSize === hashes.length) return isWhole ? [] : [treeHash(hashes)]
  const split = splitOf(hashes.length)
  const [left, right] = [hashes.slice(0, split), hashes.slice(split)]
  return oldSize <= split
    ? [...subproof(oldSize, left, isWhole), treeHash(right)]
    : [...subproof(oldSize - split, right, false), treeHash(left)]
}

/** Gives the root of a full subtree of the tree, and of nothing else. */
const proving = (hashes: readonly Uint8Array[]) => ({
  sha256,
  size: hashes.length,
  nodeAt(level: number, index: number) {
    const part = hashes.slice(index * 2 ** level, (index + 1) * 2 ** level)
    if (part.length !== 2 ** level) throw new RangeError(`no node ${index} at level ${level}`)
    return treeHash(part)
  },
})

const nothing = sha256(new Uint8Array(0))
const odd = sha256(utf8('odd'))
const longer = (hash: Uint8Array) => concat([hash, new Uint8Array([7])])
const sizes = Array.from({ length: 17 }, (_, index) => index + 1)
/** A tree of four, by its nodes. */
const four = anyLeaves(4)
const [leaf0 = nothing, leaf1 = nothing, leaf2 = nothing, leaf3 = nothing] = four
const [node01, node23] = [hashNode(sha256, leaf0, leaf1), hashNode(sha256, leaf2, leaf3)]
const root = hashNode(sha256, node01, node23)

describe('8.8 the proof that a leaf stands in a tree', () => {
  it.each(sizes)('is the path of RFC 9162 for every leaf of %d, and holds for that place alone', (size) => {
    const hashes = anyLeaves(size)
    for (const [index, leafHash] of hashes.entries()) {
      const proof = inclusionProof(proving(hashes), index)
      expect(proof.map(toHex)).toEqual(pathOf(index, hashes).map(toHex))
      const holds = sizes.map((_, at) =>
        isIncluded(sha256, { index: at, size, leafHash, root: treeHash(hashes), proof }),
      )
      expect(holds).toEqual(sizes.map((_, at) => at === index))
    }
  })

  it.each([-1, 0.5, Number.NaN, 4, 5])('is none for place %d of four leaves', (index) => {
    expect(inclusionProof(proving(four), index)).toEqual([])
  })

  it.each([-1, 0.5, Number.NaN, 4, 5])('of the first of four does not hold for place %d', (index) => {
    const proof = [leaf1, node23]
    expect(isIncluded(sha256, { index: 0, size: 4, leafHash: leaf0, root, proof })).toBe(true)
    expect(isIncluded(sha256, { index, size: 4, leafHash: leaf0, root, proof })).toBe(false)
  })

  it('does not hold in a tree of 2.5 leaves, however its path leads to the root', () => {
    const claim = { leafHash: leaf0, root: node01, proof: [leaf1] }
    expect(isIncluded(sha256, { ...claim, index: 2, size: 2.5 })).toBe(false)
    expect(isIncluded(sha256, { ...claim, index: 0, size: 2 })).toBe(true)
  })

  it.each([
    ['goes on above the root', [leaf1, node23, odd], hashNode(sha256, odd, root)],
    ['ends below the root', [leaf1], node01],
    ['leads to another root', [leaf1, node23], odd],
  ])('does not hold where it %s', (_, proof, claimed) => {
    expect(isIncluded(sha256, { index: 0, size: 4, leafHash: leaf0, root: claimed, proof })).toBe(false)
  })

  it('does not hold with anything in it that is no hash: what is too long would be cut', () => {
    const claim = { index: 2, size: 3, leafHash: leaf2, root: hashNode(sha256, node01, leaf2), proof: [node01] }
    expect(isIncluded(sha256, claim)).toBe(true)
    expect(isIncluded(sha256, { ...claim, proof: [longer(node01)] })).toBe(false)
    const short = leaf0.slice(1)
    expect(isIncluded(sha256, { index: 0, size: 1, leafHash: short, root: short, proof: [] })).toBe(false)
  })
})

describe('8.8 the proof that a tree is the beginning of another', () => {
  it.each(sizes)('is the path of RFC 9162 for every beginning of %d, and holds for that size alone', (size) => {
    const hashes = anyLeaves(size)
    for (const oldSize of sizes.slice(0, size)) {
      const proof = consistencyProof(proving(hashes), oldSize)
      expect(proof.map(toHex)).toEqual(subproof(oldSize, hashes, true).map(toHex))
      const claim = { oldSize, oldRoot: treeHash(hashes.slice(0, oldSize)), size, root: treeHash(hashes), proof }
      expect(isConsistent(sha256, claim)).toBe(true)
      expect(isConsistent(sha256, { ...claim, oldRoot: odd })).toBe(false)
      expect(isConsistent(sha256, { ...claim, root: odd })).toBe(false)
      expect(isConsistent(sha256, { ...claim, proof: [...proof, odd] })).toBe(false)
      if (oldSize < size) expect(isConsistent(sha256, { ...claim, proof: proof.slice(1) })).toBe(false)
    }
  })

  it.each([-1, 0, 0.5, Number.NaN, 4, 5])('is none for %d of four leaves', (oldSize) => {
    expect(consistencyProof(proving(four), oldSize)).toEqual([])
  })

  it.each([
    [-1, [leaf0, leaf1, node23]],
    [Number.NaN, [leaf0, leaf1, node23]],
    [5, [leaf0, leaf1, node23]],
    [0.5, [leaf1, node23]],
  ])('does not hold for a tree of %d leaves, however its path leads to both roots', (oldSize, proof) => {
    expect(isConsistent(sha256, { oldSize, oldRoot: leaf0, size: 4, root, proof })).toBe(false)
  })

  it('does not hold in a tree of 2.5 leaves, however its path leads to both roots', () => {
    const claim = { oldSize: 1, oldRoot: leaf0, root: node01, proof: [leaf1] }
    expect(isConsistent(sha256, { ...claim, size: 2.5 })).toBe(false)
    expect(isConsistent(sha256, { ...claim, size: 2 })).toBe(true)
  })

  it('does not hold where it goes on above both roots', () => {
    const proof = [leaf2, leaf3, node01]
    const oldRoot = hashNode(sha256, node01, leaf2)
    expect(isConsistent(sha256, { oldSize: 3, oldRoot, size: 4, root, proof })).toBe(true)
    const above = { oldRoot: hashNode(sha256, odd, oldRoot), root: hashNode(sha256, odd, root) }
    expect(isConsistent(sha256, { oldSize: 3, ...above, size: 4, proof: [...proof, odd] })).toBe(false)
  })

  it('does not hold without a path, even where both roots are one', () => {
    expect(isConsistent(sha256, { oldSize: 2, oldRoot: node01, size: 4, root: node01, proof: [] })).toBe(false)
    expect(isConsistent(sha256, { oldSize: 3, oldRoot: node01, size: 4, root: node01, proof: [] })).toBe(false)
  })

  it('does not hold with anything in it that is no hash: what is too long would be cut', () => {
    const claim = { oldSize: 2, oldRoot: node01, size: 4, root, proof: [node23] }
    expect(isConsistent(sha256, claim)).toBe(true)
    expect(isConsistent(sha256, { ...claim, oldRoot: longer(node01) })).toBe(false)
  })

  it('needs no path from a tree to itself, and takes none', () => {
    const claim = { oldSize: 4, oldRoot: root, size: 4, root, proof: [] }
    expect(isConsistent(sha256, claim)).toBe(true)
    expect(isConsistent(sha256, { ...claim, proof: [odd] })).toBe(false)
    expect(isConsistent(sha256, { ...claim, oldRoot: odd })).toBe(false)
  })

  it('shows the empty tree to begin itself alone', () => {
    const claim = { oldSize: 0, oldRoot: nothing, size: 0, root: nothing, proof: [] }
    expect(isConsistent(sha256, claim)).toBe(true)
    expect(isConsistent(sha256, { ...claim, size: 4 })).toBe(false)
    expect(isConsistent(sha256, { ...claim, size: 4, proof: [odd] })).toBe(false)
    expect(isConsistent(sha256, { ...claim, proof: [odd] })).toBe(false)
    expect(isConsistent(sha256, { ...claim, oldRoot: odd, root: odd })).toBe(false)
    expect(isConsistent(sha256, { ...claim, oldRoot: odd })).toBe(false)
    expect(isConsistent(sha256, { ...claim, root: odd })).toBe(false)
  })
})
