/** Builders for tests of the evidence room: records, archiver's ports in memory, and a log that is filed. */
import { createHash } from 'node:crypto'
import { isSignedBy, sha256 } from '../../../functions/aws/node-crypto.ts'
import { type ArchivePorts, archive } from '../../../functions/evidence/archive.ts'
import { decodeBundle, decodeEntry, hashEntries } from '../../../functions/evidence/bundle.ts'
import { concat } from '../../../functions/evidence/bytes.ts'
import { exportPack } from '../../../functions/evidence/export-pack.ts'
import { parseKeyFile } from '../../../functions/evidence/keys.ts'
import { changeInPath } from '../../../functions/evidence/leaf.ts'
import { manifestOf, manifestPath } from '../../../functions/evidence/manifest.ts'
import { parseCheckpoint } from '../../../functions/evidence/note.ts'
import type { Files } from '../../../functions/evidence/ports.ts'
import { checkpointPath, levelsOf, neededTiles, tilePath } from '../../../functions/evidence/tiles.ts'
import { verifyFiles } from '../../../functions/evidence/verify.ts'
import type { EvidenceRecord } from '../../../functions/kit/ledger.ts'
import { memoryEvidenceStore } from '../../../simulator/ports/evidence-store.ts'
import { memoryChainHeads, memoryLogHead } from '../../../simulator/ports/outbox.ts'
import { localSigner } from '../../../simulator/ports/signer.ts'
import { fixedClock } from '../../../simulator/ports/time.ts'

export const logName = 'drydock.test/evidence'
export const changeA = '01JA000000000000000000000A'
export const changeB = '01JB000000000000000000000B'

export const anyRecord = (number: number, change: Partial<EvidenceRecord> = {}): EvidenceRecord => ({
  leafId: `01J${String(number).padStart(23, '0')}`,
  at: '2026-11-23T10:00:00.000Z',
  type: 'change.planned',
  account: '123456789012',
  changeId: number % 3 === 0 ? changeA : changeB,
  actor: 'drydock',
  body: { number, text: `transition ${number}` },
  ...change,
})

export const anyRecords = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => anyRecord(from + index))

export function anyOutbox(records: readonly EvidenceRecord[]) {
  const waiting = new Map(records.map((record) => [record.leafId, record]))
  return {
    waiting,
    add: (more: readonly EvidenceRecord[]) => {
      for (const record of more) waiting.set(record.leafId, record)
    },
    pending: async (limit: number) =>
      [...waiting.values()].sort((left, right) => (left.leafId < right.leafId ? -1 : 1)).slice(0, limit),
    setAside: async (): Promise<readonly string[]> => [],
    remove: async (leafIds: readonly string[]) => {
      for (const leafId of leafIds) waiting.delete(leafId)
    },
  }
}

/** Everything an archiver needs, in memory; `counted` holds the metrics. */
export function anyArchive(records: readonly EvidenceRecord[], seed = 'log key') {
  const counted: string[] = []
  return {
    store: memoryEvidenceStore(),
    signer: localSigner(logName, seed),
    outbox: anyOutbox(records),
    logHead: memoryLogHead(),
    chainHeads: memoryChainHeads(),
    clock: fixedClock(Date.parse('2026-11-23T10:00:01.000Z')),
    metrics: { count: (name: string) => counted.push(name) },
    sha256,
    counted,
  } satisfies ArchivePorts & { counted: string[] }
}

/** A log that grew in steps, each archived on its own. */
export async function anyLog(steps: readonly number[], seed?: string) {
  const made = anyArchive([], seed)
  let count = 0
  for (const step of steps) {
    made.outbox.add(anyRecords(step, count))
    count += step
    await archive(made)
  }
  return made
}

export async function verifyLog(files: Files, options: { seed?: string; knownCheckpoint?: Uint8Array } = {}) {
  const keys = parseKeyFile(sha256, await localSigner(logName, options.seed ?? 'log key').verifierKey()) ?? []
  const { knownCheckpoint } = options
  return verifyFiles({
    files,
    keys,
    sha256,
    verifySignature: isSignedBy,
    ...(knownCheckpoint ? { knownCheckpoint } : {}),
  })
}

/** An export of one change as it was made before packs: every entry of the log, and the leaves of the change. */
export async function exportBeforePacks(store: Files, changeId: string) {
  const target = memoryEvidenceStore()
  const copy = async (path: string) => {
    const bytes = (await store.read(path)) ?? new Uint8Array(0)
    target.objects.set(path, bytes)
    return bytes
  }
  const checkpoint = parseCheckpoint(await copy(checkpointPath))
  if (!checkpoint) throw new Error('the log has no checkpoint')
  const bundles: Uint8Array[] = []
  for (const name of neededTiles(checkpoint.size)) {
    const bytes = await copy(tilePath(name))
    if (name.level === 'entries') bundles.push(bytes)
  }
  const entries = bundles.flatMap((bundle) => decodeBundle(bundle).entries).map(decodeEntry)
  const leaves = entries.flatMap((entry, index) =>
    entry && changeInPath(entry.path) === changeId ? [{ index, entry }] : [],
  )
  for (const { entry } of leaves) await copy(entry.path)
  const levels = levelsOf(sha256, concat(bundles.map((bundle) => hashEntries(sha256, bundle))))
  const scope = { kind: 'change', changeId } as const
  target.objects.set(manifestPath, manifestOf({ sha256, scope, checkpoint, levels, leaves }))
  return target
}

/** A pack in memory. */
export async function packOf(options: Omit<Parameters<typeof exportPack>[0], 'sha256' | 'write'>) {
  const target = memoryEvidenceStore()
  const exported = await exportPack({
    ...options,
    sha256,
    write: async ({ path, bytes }) => void target.objects.set(path, bytes),
  })
  return { target, exported }
}

/** A copy to tamper with: its files may be put, replaced and deleted, and their bytes are those of the original. */
export function copyOf(store: { readonly objects: Map<string, Uint8Array> }) {
  const copy = memoryEvidenceStore()
  for (const [path, bytes] of store.objects) copy.objects.set(path, bytes)
  return copy
}

/** One digest for all paths and bytes: comparing hundreds of byte arrays one by one takes seconds. */
export function digestOf({ objects }: { readonly objects: ReadonlyMap<string, Uint8Array> }): string {
  const hash = createHash('sha256')
  for (const path of [...objects.keys()].sort()) hash.update(`${path}\n`).update(objects.get(path) ?? '')
  return hash.digest('hex')
}

/** A bundle of any bytes, as another might write it. */
export const bundleOf = (entries: readonly Uint8Array[]): Uint8Array =>
  concat(entries.flatMap((entry) => [Uint8Array.of(entry.length >> 8, entry.length & 255), entry]))
