/** The Merkle tree of RFC 6962 / RFC 9162: leaf and node hashes, and a root that grows leaf by leaf. */

/** SHA-256, given by the caller; the bytes are only lent for the call. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array

/** Bytes of one hash. */
export const hashLength = 32

const nodeBuffer = new Uint8Array(1 + 2 * hashLength)
nodeBuffer[0] = 1

/** Hash of a leaf, RFC 6962 section 2.1: SHA-256(0x00 || entry). */
export function hashLeaf(sha256: Sha256, entry: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(entry.length + 1)
  bytes.set(entry, 1)
  return sha256(bytes)
}

/** Hash of a node, RFC 6962 section 2.1: SHA-256(0x01 || left || right). */
export function hashNode(sha256: Sha256, left: Uint8Array, right: Uint8Array): Uint8Array {
  nodeBuffer.set(left, 1)
  nodeBuffer.set(right, 1 + hashLength)
  return sha256(nodeBuffer)
}

/** The right edge of a tree: the roots of its full subtrees, largest first. Enough to append and to name the root. */
export interface CompactRange {
  readonly size: number
  readonly edge: readonly Uint8Array[]
}

export const emptyRange: CompactRange = { size: 0, edge: [] }

/** The tree with more leaf hashes after its last: about two hashes a leaf, whatever the size. */
export function appendHashes(sha256: Sha256, range: CompactRange, hashes: readonly Uint8Array[]): CompactRange {
  const edge = [...range.edge]
  let size = range.size
  for (const hash of hashes) {
    let node = hash
    // Each trailing 1 bit of the old size is a full subtree that the new leaf completes into a larger one.
    for (let rest = size; rest % 2 === 1; rest = Math.floor(rest / 2)) {
      const left = edge.pop()
      if (!left) break
      node = hashNode(sha256, left, node)
    }
    edge.push(node)
    size++
  }
  return { size, edge }
}

/** The tree's root; of an empty tree, SHA-256 of nothing. */
export function rootOf(sha256: Sha256, { edge }: CompactRange): Uint8Array {
  const last = edge.at(-1)
  if (!last) return sha256(new Uint8Array(0))
  return edge.slice(0, -1).reduceRight((right, left) => hashNode(sha256, left, right), last)
}
