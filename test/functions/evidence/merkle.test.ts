import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../../../functions/aws/node-crypto.ts'
import { concat, fromHex, toHex, utf8 } from '../../../functions/evidence/bytes.ts'
import { appendHashes, emptyRange, hashLeaf, hashNode, rootOf } from '../../../functions/evidence/merkle.ts'
import { consistencyProof, inclusionProof, isConsistent, isIncluded } from '../../../functions/evidence/proofs.ts'
import { levelsOf, nodesOf, wholeRange } from '../../../functions/evidence/tiles.ts'

/** Inputs and roots of the certificate-transparency reference tests of RFC 6962. */
const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
const roots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]
const leaves = inputs.map((hex) => hashLeaf(sha256, fromHex(hex) ?? new Uint8Array(0)))

/** The definition of RFC 6962 section 2.1, word for word: the oracle. */
function treeHash(hashes: readonly Uint8Array[]): Uint8Array {
  const [first] = hashes
  if (!first) return sha256(new Uint8Array(0))
  if (hashes.length === 1) return first
  let split = 1
  while (split * 2 < hashes.length) split *= 2
  return hashNode(sha256, treeHash(hashes.slice(0, split)), treeHash(hashes.slice(split)))
}

const anyLeaves = (count: number) =>
  Array.from({ length: count }, (_, index) => hashLeaf(sha256, utf8(`leaf ${index}`)))
const proving = (hashes: readonly Uint8Array[]) => ({
  sha256,
  size: hashes.length,
  nodeAt: nodesOf(sha256, levelsOf(sha256, concat(hashes))),
})

describe('8.4 the Merkle tree of RFC 6962', () => {
  it('has the published root of nothing', () => {
    expect(toHex(rootOf(sha256, emptyRange))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  })

  it.each(roots.map((root, index) => [index + 1, root]))('has the published root of %i leaves', (size, root) => {
    expect(toHex(rootOf(sha256, appendHashes(sha256, emptyRange, leaves.slice(0, Number(size)))))).toBe(root)
  })

  it('grows to the same root however the leaves come', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 90 }), { maxLength: 8 }), (steps) => {
        const hashes = anyLeaves(steps.reduce((sum, step) => sum + step, 0))
        let [range, from] = [emptyRange, 0]
        for (const step of steps) {
          range = appendHashes(sha256, range, hashes.slice(from, from + step))
          from += step
        }
        expect(toHex(rootOf(sha256, range))).toBe(toHex(treeHash(hashes)))
      }),
    )
  })

  it.each([1, 2, 3, 255, 256, 257, 511, 512, 513, 1000])('has the same root by tiles at %i leaves', (size) => {
    const hashes = anyLeaves(size)
    const range = wholeRange(sha256, size, levelsOf(sha256, concat(hashes)))
    expect(toHex(rootOf(sha256, range))).toBe(toHex(treeHash(hashes)))
  })
})

describe('8.8 proofs', () => {
  it.each([
    [
      0,
      8,
      [
        '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
      ],
    ],
    [
      5,
      8,
      [
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
        'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
        'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      ],
    ],
    [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
    [
      1,
      5,
      [
        '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      ],
    ],
  ])('has the published inclusion proof of leaf %i in %i', (index, size, expected) => {
    expect(inclusionProof(proving(leaves.slice(0, size)), index).map(toHex)).toEqual(expected)
  })

  it.each([
    [
      6,
      8,
      [
        '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
        'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
        'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      ],
    ],
    [
      2,
      5,
      [
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      ],
    ],
  ])('has the published consistency proof of %i in %i', (oldSize, size, expected) => {
    expect(consistencyProof(proving(leaves.slice(0, size)), oldSize).map(toHex)).toEqual(expected)
  })

  it('proves every leaf of every small tree, and nothing else', () => {
    for (let size = 1; size <= 34; size++) {
      const hashes = anyLeaves(size)
      const root = treeHash(hashes)
      for (const [index, leafHash] of hashes.entries()) {
        const proof = inclusionProof(proving(hashes), index)
        expect(isIncluded(sha256, { index, size, leafHash, root, proof })).toBe(true)
        expect(isIncluded(sha256, { index: (index + 1) % (size + 1), size, leafHash, root, proof })).toBe(false)
        expect(isIncluded(sha256, { index, size, leafHash: root, root, proof: [...proof, root] })).toBe(false)
        if (proof.length > 0)
          expect(isIncluded(sha256, { index, size, leafHash, root, proof: proof.slice(1) })).toBe(false)
      }
    }
  })

  it('proves every beginning of every small tree, and nothing else', () => {
    for (let size = 1; size <= 34; size++) {
      const hashes = anyLeaves(size)
      const root = treeHash(hashes)
      for (let oldSize = 0; oldSize <= size; oldSize++) {
        const oldRoot = treeHash(hashes.slice(0, oldSize))
        const proof = consistencyProof(proving(hashes), oldSize)
        expect(isConsistent(sha256, { oldSize, oldRoot, size, root, proof })).toBe(oldSize > 0)
        if (oldSize === 0) continue
        const forked = treeHash([hashLeaf(sha256, utf8('other')), ...hashes.slice(1, oldSize)])
        expect(isConsistent(sha256, { oldSize, oldRoot: forked, size, root, proof })).toBe(false)
      }
    }
  })

  it.each([-1, 0.5, 34, Number.NaN])('refuses a place that is not in the tree: %s', (index) => {
    const hashes = anyLeaves(34)
    const [leafHash] = hashes
    if (!leafHash) throw new Error('no leaf')
    const claim = { index, size: 34, leafHash, root: treeHash(hashes), proof: inclusionProof(proving(hashes), index) }
    expect(isIncluded(sha256, claim)).toBe(false)
  })

  it('needs at most 2 kB as text for one of 100,000 leaves', () => {
    const proof = inclusionProof(proving(anyLeaves(100_000)), 12_345)
    expect(proof).toHaveLength(17)
    expect(JSON.stringify(proof.map(toHex)).length).toBeLessThan(2_000)
  })
})
