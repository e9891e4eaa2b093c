/** Reads the files of a log of a given size, and finds where its entries and tiles disagree. */
import { decodeEntry, entryEnds, hashEntries } from './bundle.ts'
import { charactersOf, concat, isSameBytes, toHex } from './bytes.ts'
import { hashLength, rootOf, type Sha256 } from './merkle.ts'
import type { Files } from './ports.ts'
import { firstDifference, type Problem } from './problem.ts'
import {
  hashAt,
  type Levels,
  leafPrefix,
  levelCount,
  levelsOf,
  logPrefix,
  parseTilePath,
  type TileName,
  tilePath,
  tilesOf,
  tileWidth,
  wholeRange,
} from './tiles.ts'

/** A problem with its entry's index, by which problems are ordered. */
export interface PlacedProblem extends Problem {
  readonly index: number
}

export interface Bundle {
  readonly start: number
  /** The file it was read from; undefined if missing. */
  readonly path: string | undefined
  /** The entries with their lengths, up to the log's size. */
  readonly bytes: Uint8Array
  /** Where each entry ends in `bytes`. */
  readonly ends: readonly number[]
  /** False when the file has bytes left over. */
  readonly isWhole: boolean
  /** Hashes of the entries as found, joined. */
  readonly hashes: Uint8Array
  /** The level 0 tile; undefined if missing. */
  readonly tile: Uint8Array | undefined
  /** The file that the tile was read from, if it has nothing else. */
  readonly tileFile: string | undefined
  readonly isAgreed: boolean
}

/** The bytes of the entry at an index of a bundle. */
export const entryAt = ({ bytes, ends }: Bundle, at: number): Uint8Array =>
  bytes.subarray((ends[at - 1] ?? 0) + 2, ends[at] ?? 0)

/** The bundle as text, with the lengths before entries blanked: the rest is ASCII, or not an entry. */
export function entryTexts({ bytes, ends }: Bundle): string {
  const blanked = new Uint8Array(bytes)
  for (let at = 0, start = 0; at < ends.length; at++) {
    blanked[start] = 0
    blanked[start + 1] = 0
    start = ends[at] ?? start
  }
  return charactersOf(blanked)
}

export interface FoundLog {
  readonly bundles: readonly Bundle[]
  readonly tiles: ReadonlyMap<string, TileName>
  /** Existing leaves, in no order. */
  readonly leafPaths: readonly string[]
  /** Files under v1/ that do not belong to a log. */
  readonly strangers: readonly string[]
  readonly problems: readonly PlacedProblem[]
}

/** The file of a tile: its own, or a later, wider one of the same index. */
function standIn(tiles: ReadonlyMap<string, TileName>, wanted: TileName): TileName | undefined {
  if (tiles.has(tilePath(wanted))) return wanted
  for (let width = wanted.width + 1; width <= 256; width++) {
    const wider = { ...wanted, width }
    if (tiles.has(tilePath(wider))) return wider
  }
  return undefined
}

async function readBundle(files: Files, tiles: ReadonlyMap<string, TileName>, sha256: Sha256, name: TileName) {
  const start = name.index * 256
  const problems: PlacedProblem[] = []
  const read = async (wanted: TileName, what: string) => {
    const found = standIn(tiles, wanted)
    const bytes = found && (await files.read(tilePath(found)))
    if (!bytes) problems.push({ kind: 'missing', leaf: tilePath(wanted), index: start, detail: what })
    return bytes && { path: tilePath(found), bytes, isExact: found.width === wanted.width }
  }
  const bundleFile = await read(name, `entries ${start} to ${start + name.width - 1} of the log`)
  const tileFile = await read({ ...name, level: 0 }, `hashes of entries ${start} to ${start + name.width - 1}`)
  const found = bundleFile?.bytes ?? new Uint8Array(0)
  const all = entryEnds(found)
  const ends = bundleFile?.isExact ? all : all.slice(0, name.width)
  const bytes = found.subarray(0, ends.at(-1) ?? 0)
  const isWhole = (all.at(-1) ?? 0) === found.length
  const hashes = hashEntries(sha256, bytes, ends)
  const tile = tileFile && (tileFile.isExact ? tileFile.bytes : tileFile.bytes.subarray(0, name.width * hashLength))
  const isAgreed = tile !== undefined && isWhole && ends.length === name.width && isSameBytes(hashes, tile)
  const tileName = tileFile?.isExact ? tileFile.path : undefined
  return {
    bundle: { start, path: bundleFile?.path, bytes, ends, isWhole, hashes, tile, tileFile: tileName, isAgreed },
    problems,
  }
}

/**
 * Where reading ends: one bundle after the last that has a file. A checkpoint may claim any size, and a missing end is
 * reported by its first file, not by 10^12 of them.
 */
function endOfFiles(tiles: ReadonlyMap<string, TileName>): number {
  let last = -1
  for (const { level, index } of tiles.values()) if (level === 'entries' || level === 0) last = Math.max(last, index)
  return (last + 2) * tileWidth
}

/** Reads everything but the leaves. */
export async function readLog(files: Files, size: number, sha256: Sha256): Promise<FoundLog> {
  const tiles = new Map<string, TileName>()
  const strangers: string[] = []
  for (const path of (await files.list(logPrefix)).toSorted()) {
    const name = parseTilePath(path)
    if (name) tiles.set(path, name)
    else if (path !== `${logPrefix}checkpoint`) strangers.push(path)
  }
  const bundles: Bundle[] = []
  const problems: PlacedProblem[] = []
  for (const name of tilesOf('entries', 0, Math.min(size, endOfFiles(tiles)))) {
    const found = await readBundle(files, tiles, sha256, name)
    bundles.push(found.bundle)
    problems.push(...found.problems)
  }
  return { bundles, tiles, leafPaths: await files.list(leafPrefix), strangers, problems }
}

export interface Tree {
  readonly levels: Levels
  readonly root: Uint8Array
}

/** The tree over leaf hashes; undefined if their number is not the log's size. */
export function treeOf(sha256: Sha256, size: number, leafHashes: Uint8Array): Tree | undefined {
  if (leafHashes.length !== size * hashLength) return undefined
  const levels = levelsOf(sha256, leafHashes)
  return { levels, root: rootOf(sha256, wholeRange(sha256, size, levels)) }
}

/** Which of the two descriptions of the log leads to the signed root. */
export function trustedTree(sha256: Sha256, size: number, { bundles }: FoundLog, root: Uint8Array) {
  const fits = (tree: Tree | undefined) => (tree && isSameBytes(tree.root, root) ? tree : undefined)
  const isAgreed = bundles.every((bundle) => bundle.isAgreed)
  const entries = fits(treeOf(sha256, size, concat(bundles.map(({ hashes }) => hashes))))
  if (entries) return { source: 'entries', tree: entries, isAgreed } as const
  const tiles = isAgreed
    ? undefined
    : fits(treeOf(sha256, size, concat(bundles.map(({ tile }) => tile ?? new Uint8Array(0)))))
  return tiles ? ({ source: 'tiles', tree: tiles, isAgreed } as const) : ({ source: 'none', isAgreed } as const)
}

const hexesOf = (hashes: Uint8Array) =>
  Array.from({ length: Math.floor(hashes.length / hashLength) }, (_, at) => toHex(hashAt(hashes, at)))

/** Reports the first entry of a bundle that differs from its tile; nothing if either is missing. */
export function entryProblem(bundle: Bundle): PlacedProblem | undefined {
  const { start, ends, hashes, tile, isAgreed } = bundle
  if (isAgreed || !tile || (ends.length === 0 && tile.length === 0)) return undefined
  const difference = firstDifference(hexesOf(tile), hexesOf(hashes))
  const { kind, index } = difference ?? { kind: 'bad', index: ends.length }
  const path = kind === 'missing' || index >= ends.length ? undefined : decodeEntry(entryAt(bundle, index))?.path
  return {
    kind,
    leaf: path ?? `entry ${start + index}`,
    index: start + index,
    detail: `entry ${start + index} of the log is not what its tile says`,
  }
}

/** Every tile file against the tree: wrong bytes, missing files, files of a larger log. */
export async function tileProblems(
  files: Files,
  { tiles, bundles }: FoundLog,
  { size, levels, needed }: { readonly size: number; readonly levels: Levels; readonly needed: readonly TileName[] },
): Promise<Problem[]> {
  const problems: Problem[] = []
  for (const [path, name] of tiles) {
    const [start, end] = [name.index * 256, name.index * 256 + name.width]
    if (end > levelCount(size, name.level === 'entries' ? 0 : name.level)) continue
    const bundle = bundles[name.index]
    const isTileSeen = name.level === 0 && bundle?.isAgreed && bundle.tileFile === path
    const isBundleSeen = name.level === 'entries' && bundle?.path === path
    const bytes = isTileSeen || isBundleSeen ? undefined : await files.read(path)
    const expected =
      name.level === 'entries'
        ? bundle?.bytes.subarray(0, bundle.ends[Math.min(name.width, bundle.ends.length) - 1] ?? 0)
        : levels[name.level]?.subarray(start * hashLength, end * hashLength)
    const isGood =
      isTileSeen ||
      (isBundleSeen
        ? bundle.isWhole && bundle.ends.length <= name.width
        : bytes && expected && isSameBytes(bytes, expected))
    if (!isGood) problems.push({ kind: 'bad', leaf: path, detail: 'its hashes are not those of the entries' })
  }
  for (const name of needed) {
    if (name.level === 'entries' || name.level === 0 || standIn(tiles, name)) continue
    problems.push({ kind: 'missing', leaf: tilePath(name), detail: `a tile of the log of ${size} leaves` })
  }
  return problems
}

/** Files of a log larger than the checkpoint admits: the checkpoint was put back to an earlier one. */
export function sizeOfFiles({ tiles }: FoundLog): number {
  let size = 0
  for (const { level, index, width } of tiles.values())
    size = Math.max(size, (index * 256 + width) * 256 ** (level === 'entries' ? 0 : level))
  return size
}
