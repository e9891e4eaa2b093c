/** A log of any size of which only the leaves of one change are real; all other nodes are made where they are read. */
import { sha256 } from '../functions/aws/node-crypto.ts'
import { type Entry, encodeBundle, hashEntries } from '../functions/evidence/bundle.ts'
import { utf8 } from '../functions/evidence/bytes.ts'
import { type ChainHead, headAfter, nextLink } from '../functions/evidence/chain.ts'
import { keyIdOf } from '../functions/evidence/keys.ts'
import { leafPath, sealLeaf } from '../functions/evidence/leaf.ts'
import { rootOf, subtreeRoot } from '../functions/evidence/merkle.ts'
import { checkpointText, formatNote } from '../functions/evidence/note.ts'
import { checkpointPath, levelCount, parseTilePath, rangeOf, tileWidth } from '../functions/evidence/tiles.ts'
import { localSigner } from '../simulator/ports/signer.ts'

export const packName = 'drydock.bench/evidence'
export const packChange = '01JC0000000000000000000000'
/** Leaves of the change: a rollout of some hundred hosts. */
export const packLeaves = 50

/** The files of the log by path, and the head of its one chain. */
export async function lazyLog(size: number) {
  const signer = localSigner(packName, 'bench')
  const key = { algorithm: 'Ed25519', publicKey: await signer.publicKey() } as const
  const keyId = keyIdOf(sha256, packName, key)
  const leaves = new Map<string, Uint8Array>()
  const real = new Map<number, Entry>()
  let head: ChainHead | undefined
  for (let number = 0; number < packLeaves; number++) {
    // Spread over the whole log, so that hardly two share a bundle.
    const index = Math.floor(((number + 0.5) * size) / packLeaves)
    const closes = number === packLeaves - 1
    const record = {
      leafId: `01J${String(index).padStart(23, '0')}`,
      at: '2026-11-23T10:00:00.000Z',
      type: 'rollout.moved',
      account: '123456789012',
      changeId: packChange,
      actor: 'drydock',
      body: { packages: 'openssl=3.0.15-1 '.repeat(60) },
      versions: [['CHANGE/RING#production', number, number + 1]] as const,
      ...(closes ? { closes } : {}),
    } as const
    const path = leafPath(record)
    const bytes = await sealLeaf(record, {
      sha256,
      keyId: `${packName}+${keyId}`,
      sign: (message) => signer.sign(message),
    })
    const entry: Entry = { path, sha256: sha256.hex(bytes), link: nextLink(head, closes) }
    head = headAfter(sha256, entry, index)
    leaves.set(path, bytes)
    real.set(index, entry)
  }
  if (!head) throw new Error('the log has no leaf of the change')
  const tiles = tilesOf(size, real)
  const rightmost: Uint8Array[] = []
  for (let level = 0; levelCount(size, level) > 0; level++) {
    const count = levelCount(size, level)
    rightmost.push(count % tileWidth === 0 ? new Uint8Array(0) : tiles.tile(level, Math.floor(count / tileWidth)))
  }
  const text = checkpointText({ origin: packName, size, root: rootOf(sha256, rangeOf(sha256, size, rightmost)) })
  const note = formatNote(text, [{ name: packName, keyId, signature: await signer.sign(utf8(text)) }])
  const read = async (path: string) => {
    if (path === checkpointPath) return utf8(note)
    const name = parseTilePath(path)
    if (!name) return leaves.get(path)
    return name.level === 'entries' ? encodeBundle(tiles.entries(name.index)) : tiles.tile(name.level, name.index)
  }
  const last = head
  return { store: { read, list: async () => [] }, chainHeads: { read: async () => last } }
}

/** Tiles whose nodes lead to the real entries; a node with none below is any hash. */
function tilesOf(size: number, real: ReadonlyMap<number, Entry>) {
  const indexes = [...real.keys()]
  const known = new Map<string, Uint8Array>()

  function entries(bundle: number): Entry[] {
    const width = Math.min(tileWidth, size - bundle * tileWidth)
    return Array.from({ length: width }, (_, at) => {
      const index = bundle * tileWidth + at
      const path = `v1/leaf/dt=2026-11-23/acct=123456789012/change=none/01K${String(index).padStart(23, '0')}-finding.found.json`
      return real.get(index) ?? { path, sha256: 'ab'.repeat(32) }
    })
  }

  function tile(level: number, index: number): Uint8Array {
    const name = `${level}/${index}`
    const made =
      known.get(name) ?? (level === 0 ? hashEntries(sha256, encodeBundle(entries(index))) : nodes(level, index))
    known.set(name, made)
    return made
  }

  function nodes(level: number, index: number): Uint8Array {
    const width = Math.min(tileWidth, levelCount(size, level) - index * tileWidth)
    const span = tileWidth ** level
    const hashes = new Uint8Array(width * 32)
    for (let at = 0; at < width; at++) {
      const node = index * tileWidth + at
      const isReal = indexes.some((leaf) => Math.floor(leaf / span) === node)
      hashes.set(isReal ? subtreeRoot(sha256, tile(level - 1, node)) : sha256(utf8(`${level}/${node}`)), at * 32)
    }
    return hashes
  }

  return { entries, tile }
}
