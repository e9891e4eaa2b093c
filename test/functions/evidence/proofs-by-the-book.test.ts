import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../../../functions/aws/node-crypto.ts'
import { isSameBytes, utf8 } from '../../../functions/evidence/bytes.ts'
import type { Sha256 } from '../../../functions/evidence/merkle.ts'
import { consistencyProof, isConsistent, isIncluded } from '../../../functions/evidence/proofs.ts'
import { rootByTheBook, rootsByTheBook } from './proofs-reference.ts'

const odd = sha256(utf8('odd'))
/** Longer than any path in a tree of 2^53 leaves. */
const hashes = Array.from({ length: 56 }, (_, index) => sha256(utf8(`node ${index}`)))
/** The one length of a path with which the steps do not fail; what is hashed does not matter to it. */
const lengthOf = (isSound: (proof: readonly Uint8Array[]) => boolean) =>
  hashes.findIndex((_, length) => isSound(hashes.slice(0, length)))
const unhashed: Sha256 = Object.assign(() => odd, { hex: () => '', into: () => undefined })

/** Sizes of every magnitude, and those beside a power of two, where paths turn. */
const anySize = fc
  .tuple(fc.integer({ min: 1, max: 51 }), fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: -2, max: 2 }))
  .map(([bits, part, beside]) => Math.max(1, 2 ** bits + Math.floor(part * part * 2 ** bits) + beside))
/** What stands beside a number; itself is the truth. */
const near = fc.constantFrom(
  (number: number) => number,
  (number: number) => number - 1,
  (number: number) => number + 1,
  (number: number) => 2 * number,
  (number: number) => Math.floor(number / 2),
)
/** By how many hashes the path is longer than the sound one. */
const more = fc.constantFrom(-1, 0, 0, 1)
const many = { numRuns: 300 }

describe('8.8 a proof of a leaf, in trees of every magnitude', () => {
  it('holds exactly where the steps of RFC 9162 2.1.3.2 say so', () => {
    const at = (index: number, size: number, proof: readonly Uint8Array[], hash = sha256) =>
      rootByTheBook(hash, { index: BigInt(index), size: BigInt(size), leafHash: odd, proof })
    const part = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(anySize, part, near, near, more, (trueSize, share, nearIndex, nearSize, longer) => {
        const trueIndex = Math.min(trueSize - 1, Math.floor(share * trueSize))
        const length = lengthOf((proof) => at(trueIndex, trueSize, proof, unhashed) !== undefined)
        const root = at(trueIndex, trueSize, hashes.slice(0, length)) ?? odd
        const [index, size, proof] = [nearIndex(trueIndex), nearSize(trueSize), hashes.slice(0, length + longer)]
        fc.pre(index >= 0)
        const found = at(index, size, proof)
        const holds = found !== undefined && isSameBytes(found, root)
        expect(isIncluded(sha256, { index, size, leafHash: odd, root, proof })).toBe(holds)
        if (index === trueIndex && size === trueSize) expect(holds).toBe(proof.length === length)
      }),
      many,
    )
  })
})

describe('8.8 a proof of a beginning, in trees of every magnitude', () => {
  const at = (oldSize: number, size: number, oldRoot: Uint8Array, proof: readonly Uint8Array[], hash = sha256) =>
    rootsByTheBook(hash, { oldSize: BigInt(oldSize), size: BigInt(size), oldRoot, proof })

  it('holds exactly where the steps of RFC 9162 2.1.4.2 say so', () => {
    fc.assert(
      fc.property(anySize, anySize, near, near, more, (one, other, nearOld, nearSize, longer) => {
        const [trueOld, trueSize] = [Math.min(one, other), Math.max(one, other)]
        fc.pre(trueOld < trueSize)
        const length = lengthOf((proof) => at(trueOld, trueSize, odd, proof, unhashed) !== undefined)
        const roots = at(trueOld, trueSize, odd, hashes.slice(0, length)) ?? { oldRoot: odd, root: odd }
        const [oldSize, size, proof] = [nearOld(trueOld), nearSize(trueSize), hashes.slice(0, length + longer)]
        fc.pre(oldSize > 0 && oldSize < size)
        const found = at(oldSize, size, roots.oldRoot, proof)
        const holds =
          found !== undefined && isSameBytes(found.oldRoot, roots.oldRoot) && isSameBytes(found.root, roots.root)
        expect(isConsistent(sha256, { oldSize, size, ...roots, proof })).toBe(holds)
        if (oldSize === trueOld && size === trueSize) expect(holds).toBe(proof.length === length)
      }),
      many,
    )
  })

  it.each([2 ** 49 - 1, 2 ** 50 - 1, 2 ** 49 + 1])(
    'tells %d from a power of two, which its logarithm is not',
    (oldSize) => {
      const size = oldSize + 1
      const length = lengthOf((proof) => at(oldSize, size, odd, proof, unhashed) !== undefined)
      const proof = hashes.slice(0, length)
      const roots = at(oldSize, size, odd, proof) ?? { oldRoot: odd, root: odd }
      expect(isConsistent(sha256, { oldSize, size, ...roots, proof })).toBe(true)
      const asked: (readonly [number, number])[] = []
      const nodeAt = (...node: readonly [number, number]) => {
        asked.push(node)
        return odd
      }
      expect(consistencyProof({ sha256, size, nodeAt }, oldSize)).toHaveLength(length)
      for (const [level, index] of asked) expect((index + 1) * 2 ** level).toBeLessThanOrEqual(size)
    },
  )
})
