/** Verification of proofs as RFC 9162 words it, step by step and bit by bit: the oracle of proofs.ts. */
import { hashNode, type Sha256 } from '../../../functions/evidence/merkle.ts'

const isSet = (number: bigint) => (number & 1n) === 1n

/** What section 2.1.3.2 takes, without the root that step 5 compares with. */
export interface InclusionPath {
  readonly index: bigint
  readonly size: bigint
  readonly leafHash: Uint8Array
  readonly proof: readonly Uint8Array[]
}

/** The root that the path leads to; undefined where a step fails. */
export function rootByTheBook(sha256: Sha256, { index, size, leafHash, proof }: InclusionPath) {
  if (index >= size) return undefined
  let [fn, sn, r] = [index, size - 1n, leafHash]
  for (const p of proof) {
    if (sn === 0n) return undefined
    if (isSet(fn) || fn === sn) {
      r = hashNode(sha256, p, r)
      while (!isSet(fn) && fn !== 0n) [fn, sn] = [fn >> 1n, sn >> 1n]
    } else {
      r = hashNode(sha256, r, p)
    }
    ;[fn, sn] = [fn >> 1n, sn >> 1n]
  }
  return sn === 0n ? r : undefined
}

/** What section 2.1.4.2 takes, without the root that step 7 compares with; 0 < oldSize < size. */
export interface ConsistencyPath {
  readonly oldSize: bigint
  readonly size: bigint
  readonly oldRoot: Uint8Array
  readonly proof: readonly Uint8Array[]
}

/** Both roots that the path leads to; undefined where a step fails. */
export function rootsByTheBook(sha256: Sha256, { oldSize, size, oldRoot, proof }: ConsistencyPath) {
  if (proof.length === 0) return undefined
  const [first, ...rest] = (oldSize & (oldSize - 1n)) === 0n ? [oldRoot, ...proof] : proof
  if (first === undefined) return undefined
  let [fn, sn] = [oldSize - 1n, size - 1n]
  while (isSet(fn)) [fn, sn] = [fn >> 1n, sn >> 1n]
  let [fr, sr] = [first, first]
  for (const c of rest) {
    if (sn === 0n) return undefined
    if (isSet(fn) || fn === sn) {
      fr = hashNode(sha256, c, fr)
      sr = hashNode(sha256, c, sr)
      while (!isSet(fn) && fn !== 0n) [fn, sn] = [fn >> 1n, sn >> 1n]
    } else {
      sr = hashNode(sha256, sr, c)
    }
    ;[fn, sn] = [fn >> 1n, sn >> 1n]
  }
  return sn === 0n ? { oldRoot: fr, root: sr } : undefined
}
