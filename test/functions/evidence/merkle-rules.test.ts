import { describe, expect, it } from 'vitest'
import { sha256 } from '../../../functions/aws/node-crypto.ts'
import { concat, toHex, utf8 } from '../../../functions/evidence/bytes.ts'
import {
  appendHashes,
  emptyRange,
  hashLeaf,
  hashNode,
  rootOf,
  type Sha256,
  subtreeRoot,
} from '../../../functions/evidence/merkle.ts'

const anyLeaves = (count: number) =>
  Array.from({ length: count }, (_, index) => hashLeaf(sha256, utf8(`leaf ${index}`)))

/** SHA-256 that counts how often it is asked. */
function counting() {
  let asked = 0
  const count =
    <In extends readonly unknown[], Out>(hash: (...input: In) => Out) =>
    (...input: In) => {
      asked++
      return hash(...input)
    }
  const counted: Sha256 = Object.assign(count(sha256), { hex: count(sha256.hex), into: count(sha256.into) })
  return { sha256: counted, asked: () => asked }
}

describe('8.4 RFC 6962 section 2.1', () => {
  it('tells a leaf from a node by their first byte', () => {
    const [left, right] = [sha256(utf8('left')), sha256(utf8('right'))]
    expect(toHex(hashLeaf(sha256, utf8('entry')))).toBe(sha256.hex(concat([new Uint8Array([0]), utf8('entry')])))
    expect(toHex(hashNode(sha256, left, right))).toBe(sha256.hex(concat([new Uint8Array([1]), left, right])))
  })
})

describe('8.4 the root of a full subtree', () => {
  it.each([1, 2, 4, 8, 128, 256])('of %d hashes is the root of their tree, by one hash less than those', (count) => {
    const hashes = anyLeaves(count)
    const root = toHex(rootOf(sha256, appendHashes(sha256, emptyRange, hashes)))
    const counted = counting()
    expect(toHex(subtreeRoot(counted.sha256, concat(hashes)))).toBe(root)
    expect(counted.asked()).toBe(count - 1)
  })

  it('leaves nothing behind for the next call, and is no view of what the next call writes', () => {
    const hashes = anyLeaves(256)
    const first = subtreeRoot(sha256, concat(hashes))
    const before = toHex(first)
    subtreeRoot(sha256, concat(hashes.slice(4, 8)))
    expect(toHex(first)).toBe(before)
    expect(toHex(subtreeRoot(sha256, concat(hashes)))).toBe(before)
  })
})

describe('8.4 a tree that grows', () => {
  it('keeps one hash for each 1 bit of its size', () => {
    const range = appendHashes(sha256, emptyRange, anyLeaves(0b1011))
    expect([range.size, range.edge.length]).toEqual([0b1011, 3])
    expect(emptyRange).toEqual({ size: 0, edge: [] })
  })
})
