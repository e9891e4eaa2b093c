/** Exports leaves with their proofs and whatever they name by hash: nothing of other leaves but hashes. */
import { inParallel } from '../kit/in-parallel.ts'
import { instantMs, isoInstant } from '../kit/time.ts'
import { decodeEntry, encodeEntry } from './bundle.ts'
import { toHex } from './bytes.ts'
import type { ChainHead } from './chain.ts'
import { changeInPath } from './leaf.ts'
import { manifestPath } from './manifest.ts'
import { hashLeaf, type Sha256 } from './merkle.ts'
import { type Checkpoint, parseCheckpoint } from './note.ts'
import { isInScope, type PackScope, type ProvenEntry, packManifest } from './pack.ts'
import type { ChainHeads, Files } from './ports.ts'
import { isIncluded } from './proofs.ts'
import { callsMax } from './publish.ts'
import { type TileReader, tileReader, unusable } from './tile-reader.ts'
import { checkpointPath, type LogFile, leafPrefix, tileWidth } from './tiles.ts'
import { isBegunBefore, namedObjects, recordOf, versionGaps } from './versions.ts'

export interface PackInput {
  readonly store: Files
  /** Where a change's last leaf is known; without it, every entry of the log is read to find the leaves. */
  readonly chainHeads?: Pick<ChainHeads, 'read'>
  readonly scope: PackScope
  /** An earlier checkpoint, of which the pack shows that the log continues it. */
  readonly since?: Pick<Checkpoint, 'size'>
  readonly sha256: Sha256
  readonly write: (file: LogFile) => Promise<void>
}

type Indexed = Omit<ProvenEntry, 'proof'>

/**
 * Writes the checkpoint, the leaves in scope, the objects that they name, and the manifest with their proofs, last.
 *
 * @throws DrydockError DD2106 when there is no checkpoint, a file is missing, no leaf is in scope, or a proof does not
 * lead to the signed root.
 */
export async function exportPack(input: PackInput) {
  const { store, scope, sha256, write, since } = input
  // Read before the checkpoint: a chain's head names no leaf that the checkpoint lacks.
  const head = scope.kind === 'change' ? await input.chainHeads?.read(scope.changeId) : undefined
  const checkpointBytes = await readOf(store, checkpointPath)
  const checkpoint = parseCheckpoint(checkpointBytes)
  if (!checkpoint) throw unusable(`${checkpointPath} is no checkpoint`)
  const reader = tileReader(store, sha256, checkpoint)
  const found = head ? await chainBack(head, reader, input) : await searched(checkpoint, reader, input)
  if (found.length === 0) throw unusable(`the log of ${checkpoint.size} leaves has none of ${nameOf(scope)}`)
  const proofs = await reader.inclusionProofs(found.map(({ index }) => index))
  const leaves = found.map((leaf, at) => ({ ...leaf, proof: proofs[at] ?? [] }))
  for (const leaf of leaves) assertProven(leaf, checkpoint, sha256)
  const objects = await copyLeaves(leaves, input)
  await write({ path: checkpointPath, bytes: checkpointBytes })
  const consistency =
    since && since.size < checkpoint.size
      ? { consistency: { size: since.size, proof: await reader.consistencyProof(since.size) } }
      : {}
  const { origin, size, root } = checkpoint
  await write({ path: manifestPath, bytes: packManifest({ scope, origin, size, root, leaves, ...consistency }) })
  return { size, leaves: leaves.length, files: 2 + leaves.length + objects }
}

const nameOf = (scope: PackScope) =>
  scope.kind === 'change' ? `change ${scope.changeId}` : `the days ${scope.from} to ${scope.to}`

function assertProven({ index, entry, proof }: ProvenEntry, { size, root }: Checkpoint, sha256: Sha256): void {
  const leafHash = hashLeaf(sha256, encodeEntry(entry))
  if (!isIncluded(sha256, { index, size, leafHash, root, proof }))
    throw unusable(`the tiles do not lead from entry ${index} to the signed root`)
}

/** Copies the leaves as they are, and each object that they name; returns how many objects. */
async function copyLeaves(leaves: readonly ProvenEntry[], { store, write }: PackInput): Promise<number> {
  const named = await inParallel(leaves, callsMax, async ({ entry: { path } }) => {
    const bytes = await readOf(store, path)
    await write({ path, bytes })
    return namedObjects(recordOf(bytes)?.body)
  })
  const paths = [...new Set(named.flat())]
  await inParallel(paths, callsMax, async (path) => write({ path, bytes: await readOf(store, path) }))
  return paths.length
}

async function readOf(store: Files, path: string): Promise<Uint8Array> {
  const bytes = await store.read(path)
  if (!bytes) throw unusable(`${path} is missing`)
  return bytes
}

/** The leaves of a change from its last one back, in the order of the log. */
async function chainBack(head: ChainHead, reader: TileReader, input: PackInput): Promise<readonly Indexed[]> {
  const found: Indexed[] = []
  let next: { readonly hash: string; readonly index: number } | undefined = head
  while (next) {
    const { index, hash }: { readonly hash: string; readonly index: number } = next
    const bytes = await reader.entryAt(index)
    const entry = decodeEntry(bytes)
    if (!entry || toHex(hashLeaf(input.sha256, bytes)) !== hash || !isInScope(input.scope, entry.path))
      throw unusable(`entry ${index} of the log is not the leaf that the change's chain names`)
    found.push({ index, entry })
    if (entry.link?.previous && entry.link.previous.index >= index)
      throw unusable(`entry ${index} of the log follows a later one`)
    next = entry.link?.previous
  }
  found.reverse()
  return [...(await before(found, reader, input)), ...found]
}

/** Leaves of the change from before there were chains, if it was begun then: they are searched for. */
async function before(found: readonly Indexed[], reader: TileReader, input: PackInput): Promise<readonly Indexed[]> {
  const [first] = found
  if (!first) return []
  const leaf = recordOf(await readOf(input.store, first.entry.path))
  const isWhole = leaf !== undefined && !isBegunBefore([leaf]) && versionGaps([leaf]).length === 0
  if (isWhole) return []
  const earlier = await search(0, first.index, reader, input.scope)
  return earlier.filter(({ entry }) => entry.link === undefined)
}

async function searched({ size }: Checkpoint, reader: TileReader, { scope, store }: PackInput) {
  if (scope.kind === 'change') return search(0, size, reader, scope)
  const paths = new Set((await daysOf(store, scope)).flat())
  const start = await firstOf(size, reader, scope.from)
  const found = await search(start, size, reader, scope, paths)
  const late = await search(0, start, reader, scope, paths)
  return withoutGaps([...late, ...found], reader)
}

/** Leaves in order with those that stand between two of a change, whatever day they were filed under. */
async function withoutGaps(leaves: readonly Indexed[], reader: TileReader): Promise<readonly Indexed[]> {
  const all = new Map(leaves.map((leaf) => [leaf.index, leaf]))
  const begun = new Set<string>()
  for (const { entry } of leaves) {
    const changeId = changeInPath(entry.path)
    let previous = begun.has(changeId) ? entry.link?.previous : undefined
    begun.add(changeId)
    while (previous && !all.has(previous.index)) {
      const { index } = previous
      const between = decodeEntry(await reader.entryAt(index))
      if (!between) throw unusable(`entry ${index} of the log is unreadable`)
      all.set(index, { index, entry: between })
      previous = between.link?.previous
    }
  }
  return [...all.values()].toSorted((left, right) => left.index - right.index)
}

const dayMs = 86_400_000

/** The paths of the leaves filed under each day. */
function daysOf(store: Files, { from, to }: Extract<PackScope, { kind: 'period' }>) {
  const days: string[] = []
  const end = instantMs(`${to}T00:00:00.000Z`)
  for (let ms = instantMs(`${from}T00:00:00.000Z`); ms <= end; ms += dayMs) days.push(isoInstant(ms).slice(0, 10))
  return inParallel(days, callsMax, (day) => store.list(`${leafPrefix}dt=${day}/`))
}

/** Index at which to begin: entries are filed by time, but for late ones, which are searched for afterwards. */
async function firstOf(size: number, reader: TileReader, from: string): Promise<number> {
  let [low, high] = [0, Math.ceil(size / tileWidth)]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const entry = decodeEntry((await reader.bundleAt(middle))[0] ?? new Uint8Array(0))
    if ((entry?.path ?? '') < `${leafPrefix}dt=${from}`) low = middle + 1
    else high = middle
  }
  return Math.max(0, (low - 1) * tileWidth)
}

/** Entries in scope within a range, until each of the paths wanted is found; an unreadable entry ends the export. */
async function search(
  start: number,
  end: number,
  reader: TileReader,
  scope: PackScope,
  wanted?: Set<string>,
): Promise<readonly Indexed[]> {
  const found: Indexed[] = []
  for (let bundle = Math.floor(start / tileWidth); bundle * tileWidth < end && wanted?.size !== 0; bundle++)
    for (const [at, bytes] of (await reader.bundleAt(bundle)).entries()) {
      const index = bundle * tileWidth + at
      if (index >= end) break
      const entry = decodeEntry(bytes)
      if (!entry) throw unusable(`entry ${index} of the log is unreadable`)
      if (!isInScope(scope, entry.path)) continue
      wanted?.delete(entry.path)
      found.push({ index, entry })
    }
  return found
}
