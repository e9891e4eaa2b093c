/** The log as static files: tiles of 256 hashes and bundles of 256 entries, c2sp.org/tlog-tiles. */
import { type Entry, encodeBundle, hashEntries } from './bundle.ts'
import { concat, isSameBytes } from './bytes.ts'
import { appendHashes, type CompactRange, emptyRange, hashLength, type Sha256, subtreeRoot } from './merkle.ts'
import type { NodeAt } from './proofs.ts'

export const tileWidth = 256
/** Levels of the tree in a tile. */
export const tileHeight = 8
/** Prefix of the log's tiles and checkpoint (C2SP tlog-tiles). */
export const logPrefix = 'v1/tlog/'
/** Prefix of the leaves, by day, account and change. */
export const leafPrefix = 'v1/leaf/'
/** Path of the newest checkpoint. */
export const checkpointPath = `${logPrefix}checkpoint`

/** `level` is `entries` for bundles. */
export interface TileName {
  readonly level: number | 'entries'
  readonly index: number
  readonly width: number
}

/** e.g. `v1/tlog/tile/0/x001/x234/067.p/8`. */
export function tilePath({ level, index, width }: TileName): string {
  const parts: string[] = []
  for (let rest = index; parts.length === 0 || rest > 0; rest = Math.floor(rest / 1000)) {
    const digits = String(rest % 1000).padStart(3, '0')
    parts.unshift(parts.length === 0 ? digits : `x${digits}`)
  }
  return `${logPrefix}tile/${level}/${parts.join('/')}${width === tileWidth ? '' : `.p/${width}`}`
}

/** Parses a path made by `tilePath`; undefined for any other. */
export function parseTilePath(path: string): TileName | undefined {
  const [, level, digits, width] =
    /^v1\/tlog\/tile\/(entries|\d{1,2})\/((?:x\d{3}\/){0,4}\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path) ?? []
  if (level === undefined || digits === undefined) return undefined
  const name = {
    level: level === 'entries' ? level : Number(level),
    index: Number(digits.replace(/[x/]/g, '')),
    width: width === undefined ? tileWidth : Number(width),
  } as const
  return name.width >= 1 && tilePath(name) === path ? name : undefined
}

/** How many hashes a level has in a log of that size. */
export const levelCount = (size: number, level: number): number => Math.floor(size / tileWidth ** level)

/** The tiles of a level that cover hashes [from, count), with the widths they have when the level holds `count`. */
export function tilesOf(level: number | 'entries', from: number, count: number): readonly TileName[] {
  const tiles: TileName[] = []
  for (let index = Math.floor(from / tileWidth); index * tileWidth < count; index++)
    tiles.push({ level, index, width: Math.min(tileWidth, count - index * tileWidth) })
  return tiles
}

/** Every tile and bundle that a log of that size needs. */
export function neededTiles(size: number): readonly TileName[] {
  const tiles = [...tilesOf('entries', 0, size)]
  for (let level = 0; levelCount(size, level) > 0; level++) tiles.push(...tilesOf(level, 0, levelCount(size, level)))
  return tiles
}

export const hashAt = (level: Uint8Array, index: number): Uint8Array =>
  level.subarray(index * hashLength, (index + 1) * hashLength)

/** The hashes of each tile level, joined; level 0 are the leaf hashes. */
export type Levels = readonly Uint8Array[]

export function levelsOf(sha256: Sha256, leafHashes: Uint8Array): Levels {
  const levels = [leafHashes]
  for (;;) {
    const below = levels.at(-1) ?? leafHashes
    const count = Math.floor(below.length / hashLength / tileWidth)
    if (count === 0) return levels
    const level = new Uint8Array(count * hashLength)
    for (let index = 0; index < count; index++) {
      const tile = below.subarray(index * tileWidth * hashLength, (index + 1) * tileWidth * hashLength)
      level.set(subtreeRoot(sha256, tile), index * hashLength)
    }
    levels.push(level)
  }
}

/** Any full subtree's root, from the tiles. */
export const nodesOf =
  (sha256: Sha256, levels: Levels): NodeAt =>
  (level, index) => {
    const tile = Math.floor(level / tileHeight)
    const count = 2 ** (level % tileHeight)
    const hashes = levels[tile] ?? new Uint8Array(0)
    return subtreeRoot(sha256, hashes.subarray(index * count * hashLength, (index + 1) * count * hashLength))
  }

/** The right edge of the tree, from `rightmost`: the hashes of the partial tile of each level. */
export function rangeOf(sha256: Sha256, size: number, rightmost: Levels): CompactRange {
  const edge = rightmost.flatMap((hashes) => {
    const count = hashes.length / hashLength
    const leaves = Array.from({ length: count }, (_, index) => hashAt(hashes, index))
    return [appendHashes(sha256, emptyRange, leaves).edge]
  })
  return { size, edge: edge.reverse().flat() }
}

/** The right edge of a whole tree. */
export const wholeRange = (sha256: Sha256, size: number, levels: Levels): CompactRange =>
  rangeOf(
    sha256,
    size,
    levels.map((hashes, level) => {
      const count = levelCount(size, level)
      return hashes.subarray((count - (count % tileWidth)) * hashLength, count * hashLength)
    }),
  )

export interface LogFile {
  readonly path: string
  readonly bytes: Uint8Array
}

interface Extension {
  readonly sha256: Sha256
  readonly oldSize: number
  readonly entries: readonly Entry[]
  /** A partial tile or bundle of the old size. */
  readonly readPartial: (name: TileName) => Promise<Uint8Array>
}

/**
 * The files that a log of `oldSize` gains with more entries, bundles first, and the resulting right edge.
 * @returns undefined if the old log's last bundle and last tile disagree.
 */
export async function extendLog({ sha256, oldSize, entries, readPartial }: Extension) {
  const size = oldSize + entries.length
  const partial = async (level: number | 'entries', count: number) =>
    count % tileWidth === 0
      ? new Uint8Array(0)
      : readPartial({ level, index: Math.floor(count / tileWidth), width: count % tileWidth })
  const oldBundle = await partial('entries', oldSize)
  const bundles = tilesOf('entries', oldSize, size).map((name, at) => {
    const [from, to] = [name.index * tileWidth - oldSize, (name.index + 1) * tileWidth - oldSize]
    const fresh = encodeBundle(entries.slice(Math.max(0, from), to))
    return { path: tilePath(name), bytes: at === 0 ? concat([oldBundle, fresh]) : fresh, fresh }
  })
  if (!isSameBytes(hashEntries(sha256, oldBundle), await partial(0, oldSize))) return undefined
  const files: LogFile[] = bundles.map(({ path, bytes }) => ({ path, bytes }))
  const rightmost: Uint8Array[] = []
  let added = concat(bundles.map(({ fresh }) => hashEntries(sha256, fresh)))
  for (let level = 0; levelCount(size, level) > 0; level++) {
    const oldCount = levelCount(oldSize, level)
    const joined = concat([await partial(level, oldCount), added])
    const above: Uint8Array[] = []
    for (const [at, name] of tilesOf(level, oldCount, levelCount(size, level)).entries()) {
      const bytes = joined.slice(at * tileWidth * hashLength, (at + 1) * tileWidth * hashLength)
      if (added.length > 0) files.push({ path: tilePath(name), bytes })
      if (name.width === tileWidth) above.push(subtreeRoot(sha256, bytes))
    }
    rightmost.push(joined.subarray(joined.length - (levelCount(size, level) % tileWidth) * hashLength))
    added = concat(above)
  }
  return { files, range: rangeOf(sha256, size, rightmost) }
}
