/** The Merkle tree of RFC 6962 / RFC 9162: leaf and node hashes, and a root that grows leaf by leaf. */

/** SHA-256, provided by the caller, which must not keep the bytes. */
export interface Sha256 {
  (bytes: Uint8Array): Uint8Array
  /** The digest as lower-case hex. */
  hex(bytes: Uint8Array): string
  /** Writes the digest into `target` from `offset` on. */
  into(bytes: Uint8Array, target: Uint8Array, offset: number): void
}

/** Bytes of one hash. */
export const hashLength = 32

/** In place of a subtree that an edge should have and has not: it leads to the root of no tree. */
const noHash = new Uint8Array(hashLength)

/** Bytes hashed for a node: 0x01, left, right. */
const nodeLength = 1 + 2 * hashLength
/** Nodes over the most hashes that one call of `subtreeRoot` takes: those of a tile, 256. */
const nodesMax = 128
/** Room for the nodes over a tile's hashes, each after its 0x01; lent to one call at a time. */
const nodeBuffer = new Uint8Array(nodesMax * nodeLength)
const nodeSlots = Array.from({ length: nodesMax }, (_, node) =>
  nodeBuffer.subarray(node * nodeLength, (node + 1) * nodeLength),
)
for (const slot of nodeSlots) slot[0] = 1

/** Hash of a leaf, RFC 6962 section 2.1: SHA-256(0x00 || entry). */
export function hashLeaf(sha256: Sha256, entry: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(entry.length + 1)
  bytes.set(entry, 1)
  return sha256(bytes)
}

/** Hash of a node, RFC 6962 section 2.1: SHA-256(0x01 || left || right). */
export function hashNode(sha256: Sha256, left: Uint8Array, right: Uint8Array): Uint8Array {
  const [slot = new Uint8Array(nodeLength)] = nodeSlots
  slot.set(left, 1)
  slot.set(right, 1 + hashLength)
  return sha256(slot)
}

/** The root of a full subtree over 2^n consecutive hashes, 256 at most. */
export function subtreeRoot(sha256: Sha256, hashes: Uint8Array): Uint8Array {
  const count = hashes.length / hashLength
  for (let node = 0; node < count / 2; node++)
    nodeBuffer.set(hashes.subarray(2 * node * hashLength, 2 * (node + 1) * hashLength), node * nodeLength + 1)
  // Level by level in place: the hash of node n goes to half of node n/2, which has been hashed before, or is n itself.
  for (let nodes = count / 2; nodes >= 1; nodes /= 2) {
    for (const [node, slot] of nodeSlots.slice(0, nodes).entries())
      sha256.into(slot, nodeBuffer, (node >> 1) * nodeLength + 1 + (node & 1) * hashLength)
  }
  return nodeBuffer.slice(1, 1 + hashLength)
}

/** The right edge of a tree: the roots of its full subtrees, largest first. Enough to append and to name the root. */
export interface CompactRange {
  readonly size: number
  readonly edge: readonly Uint8Array[]
}

export const emptyRange: CompactRange = { size: 0, edge: [] }

/** The tree with leaf hashes appended: about two hashes per leaf, whatever the size. */
export function appendHashes(sha256: Sha256, range: CompactRange, hashes: readonly Uint8Array[]): CompactRange {
  const edge = [...range.edge]
  let size = range.size
  for (const hash of hashes) {
    let node = hash
    // Each trailing 1 bit of the old size is a full subtree that the new leaf completes into a larger one.
    for (let rest = size; rest % 2 === 1; rest = Math.floor(rest / 2)) {
      node = hashNode(sha256, edge.pop() ?? noHash, node)
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
