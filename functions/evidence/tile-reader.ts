/** Reads of a log of any size only the tiles and bundles that a proof or an entry needs, each once. */
import { DrydockError } from '../kit/errors.ts'
import { inParallel } from '../kit/in-parallel.ts'
import { decodeBundle } from './bundle.ts'
import { hashLength, type Sha256, subtreeRoot } from './merkle.ts'
import type { Checkpoint } from './note.ts'
import type { Files } from './ports.ts'
import { consistencyProof, inclusionProof, type NodeAt, type ProofInput } from './proofs.ts'
import { callsMax } from './publish.ts'
import { hashAt, levelCount, type TileName, tileHeight, tilePath, tileWidth } from './tiles.ts'

/** A fault of an export: what is missing or unreadable in the store. */
export const unusable = (what: string) =>
  new DrydockError('DD2106', `${what}; nothing can be exported: verify the bucket, or wait until the archiver has run`)

export interface TileReader {
  /** The bytes of the entry at an index. */
  entryAt(index: number): Promise<Uint8Array>
  /** The entries of a bundle. */
  bundleAt(bundle: number): Promise<readonly Uint8Array[]>
  inclusionProofs(indexes: readonly number[]): Promise<readonly (readonly Uint8Array[])[]>
  consistencyProof(oldSize: number): Promise<readonly Uint8Array[]>
}

/** Where the root of a full subtree is found: so many hashes of a tile, from one on. */
function placeOf(level: number, index: number) {
  const [tileLevel, count] = [Math.floor(level / tileHeight), 2 ** (level % tileHeight)]
  const tile = Math.floor((index * count) / tileWidth)
  return { tileLevel, tile, start: index * count - tile * tileWidth, count }
}

/** @throws DrydockError DD2106 when a file of the log is missing or too short. */
export function tileReader(files: Pick<Files, 'read'>, sha256: Sha256, { size }: Pick<Checkpoint, 'size'>): TileReader {
  const tiles = new Map<string, Promise<Uint8Array>>()
  const bundles = new Map<number, Promise<readonly Uint8Array[]>>()

  async function readTile(level: TileName['level'], index: number): Promise<Uint8Array> {
    const count = levelCount(size, level === 'entries' ? 0 : level)
    const name = { level, index, width: Math.min(tileWidth, count - index * tileWidth) }
    const bytes = (await files.read(tilePath(name))) ?? (await files.read(tilePath({ ...name, width: tileWidth })))
    if (!bytes) throw unusable(`${tilePath(name)} is missing`)
    return bytes
  }

  async function readBundle(index: number): Promise<readonly Uint8Array[]> {
    return decodeBundle(await readTile('entries', index)).entries.slice(0, size - index * tileWidth)
  }

  const once = <Key, Value>(known: Map<Key, Promise<Value>>, key: Key, read: () => Promise<Value>) => {
    const found = known.get(key) ?? read()
    known.set(key, found)
    return found
  }

  const bundleAt = (index: number) => once(bundles, index, () => readBundle(index))

  /** Runs a proof twice: once to see which nodes it needs, once with the tiles that hold them. */
  async function proofs<Proof>(make: (input: ProofInput) => Proof): Promise<Proof> {
    const needed = new Map<string, readonly [level: number, tile: number]>()
    const nothing = new Uint8Array(0)
    make({
      sha256,
      size,
      nodeAt: (level, index) => {
        const { tileLevel, tile } = placeOf(level, index)
        needed.set(`${tileLevel}/${tile}`, [tileLevel, tile])
        return nothing
      },
    })
    const read = await inParallel([...needed], callsMax, async ([key, [level, tile]]) => {
      const bytes = await once(tiles, key, () => readTile(level, tile))
      return [key, bytes] as const
    })
    const held = new Map(read)
    const nodeAt: NodeAt = (level, index) => {
      const { tileLevel, tile, start, count } = placeOf(level, index)
      const hashes = held.get(`${tileLevel}/${tile}`) ?? nothing
      return count === 1 ? hashAt(hashes, start) : subtreeRoot(sha256, slice(hashes, start, count))
    }
    return make({ sha256, size, nodeAt })
  }

  return {
    bundleAt,
    async entryAt(index) {
      const entry = (await bundleAt(Math.floor(index / tileWidth)))[index % tileWidth]
      if (!entry) throw unusable(`entry ${index} of the log is missing`)
      return entry
    },
    inclusionProofs: (indexes) => proofs((input) => indexes.map((index) => inclusionProof(input, index))),
    consistencyProof: (oldSize) => proofs((input) => consistencyProof(input, oldSize)),
  }
}

const slice = (hashes: Uint8Array, start: number, count: number) =>
  hashes.subarray(start * hashLength, (start + count) * hashLength)
