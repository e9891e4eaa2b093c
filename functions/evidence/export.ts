/** Exports the whole log. */
import { inParallel } from '../kit/in-parallel.ts'
import { decodeBundle, decodeEntry, hashEntries } from './bundle.ts'
import { concat, isSameBytes } from './bytes.ts'
import { type IndexedEntry, manifestOf, manifestPath } from './manifest.ts'
import type { Sha256 } from './merkle.ts'
import { type Checkpoint, parseCheckpoint } from './note.ts'
import type { Files } from './ports.ts'
import { callsMax } from './publish.ts'
import { treeOf } from './read-log.ts'
import { unusable } from './tile-reader.ts'
import { checkpointPath, type LogFile, neededTiles, tilePath } from './tiles.ts'

/** The size of an export. */
export interface Exported {
  readonly size: number
  /** Leaves exported. */
  readonly leaves: number
  /** Files written, the manifest included. */
  readonly files: number
}

interface ExportInput {
  readonly store: Files
  readonly sha256: Sha256
  readonly write: (file: LogFile) => Promise<void>
}

/**
 * Copies the checkpoint, the log up to it, and its leaves; writes the manifest last. Leaves are copied as they are; the
 * verifier judges them, not the exporter.
 *
 * @throws DrydockError DD2106 when there is no checkpoint, or a file of the log is missing.
 */
export async function exportLog({ store, sha256, write }: ExportInput): Promise<Exported> {
  const checkpoint = await copyCheckpoint(store, write)
  const tiles = neededTiles(checkpoint.size)
  const files = await inParallel(tiles, callsMax, (name) => copy(store, tilePath(name), write))
  const bundles = files.filter((_, at) => tiles[at]?.level === 'entries')
  const leaves: IndexedEntry[] = []
  for (const [index, bytes] of bundles.flatMap((bundle) => decodeBundle(bundle).entries).entries()) {
    const entry = decodeEntry(bytes)
    if (!entry) throw unusable(`entry ${index} of the log is unreadable`)
    leaves.push({ index, entry })
  }
  const tree = treeOf(sha256, checkpoint.size, concat(bundles.map((bundle) => hashEntries(sha256, bundle))))
  if (!tree || !isSameBytes(tree.root, checkpoint.root)) throw unusable('the entries do not lead to the signed root')
  await inParallel(leaves, callsMax, ({ entry }) => copy(store, entry.path, write))
  const scope = { kind: 'log' } as const
  await write({ path: manifestPath, bytes: manifestOf({ sha256, scope, checkpoint, levels: tree.levels, leaves }) })
  return { size: checkpoint.size, leaves: leaves.length, files: 2 + tiles.length + leaves.length }
}

async function copyCheckpoint(store: Files, write: ExportInput['write']): Promise<Checkpoint> {
  const checkpoint = parseCheckpoint(await copy(store, checkpointPath, write))
  if (!checkpoint) throw unusable(`${checkpointPath} is no checkpoint`)
  return checkpoint
}

async function copy(store: Files, path: string, write: ExportInput['write']): Promise<Uint8Array> {
  const bytes = await store.read(path)
  if (!bytes) throw unusable(`${path} is missing`)
  await write({ path, bytes })
  return bytes
}
