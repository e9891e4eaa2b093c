/** Publishes a claimed batch: entries and tiles first, the signed checkpoint last. Idempotent. */
import { DrydockError } from '../kit/errors.ts'
import { inParallel } from '../kit/in-parallel.ts'
import type { Metrics } from '../kit/ports.ts'
import { isSameBytes, toHex, utf8 } from './bytes.ts'
import { entryOf, type Head } from './head.ts'
import { type Algorithm, keyIdOf } from './keys.ts'
import { isSameStatement } from './leaf.ts'
import { rootOf, type Sha256 } from './merkle.ts'
import { type Checkpoint, checkpointText, formatNote, isSameTree, type NoteSignature, parseCheckpoint } from './note.ts'
import type { EvidenceStore, Signer } from './ports.ts'
import { checkpointPath, extendLog, type TileName, tilePath } from './tiles.ts'

export interface PublishPorts {
  readonly store: EvidenceStore
  readonly signer: Signer
  readonly metrics: Metrics
  readonly sha256: Sha256
}

/** Calls to the store or the key service in flight at once. */
export const callsMax = 16
const replaceTriesMax = 5

function collision(path: string, { metrics }: PublishPorts, differs: string): DrydockError {
  metrics.count('EvidenceCollision')
  return new DrydockError(
    'DD2101',
    `${path} exists with other content (${differs}); filing stopped and nothing was overwritten; find out who wrote it`,
  )
}

/**
 * Writes an object once; returns the bytes stored afterwards.
 *
 * @throws DrydockError DD2101 when there is already other content (F41).
 */
export async function createOnce(
  path: string,
  bytes: Uint8Array,
  ports: PublishPorts,
  isSame: (left: Uint8Array, right: Uint8Array) => boolean = isSameBytes,
): Promise<Uint8Array> {
  if ((await ports.store.create(path, bytes)) === 'created') return bytes
  const standing = await ports.store.read(path)
  if (!standing || !isSame(standing, bytes))
    throw collision(path, ports, standing ? `${standing.length} bytes there, ${bytes.length} of ours` : 'unreadable')
  return standing
}

/** A leaf with the same content under an earlier key is accepted. */
export const createLeaf = (path: string, bytes: Uint8Array, ports: PublishPorts): Promise<Uint8Array> =>
  createOnce(path, bytes, ports, (left, right) => isSameBytes(left, right) || isSameStatement(left, right))

const broken = (what: string) =>
  new DrydockError(
    'DD2102',
    `${what}; the store and the log's head disagree: verify the bucket and restore the version that fits the head`,
  )

/**
 * Publishes the head's batch.
 *
 * @throws DrydockError DD2101 on a collision, DD2102 when the files in the store do not lead to the head's root,
 * DD2103 when the key cannot sign (F42).
 */
export async function publishBatch(head: Head, ports: PublishPorts): Promise<void> {
  const { store, sha256 } = ports
  const extended = await extendLog({
    sha256,
    oldSize: head.size - head.batch.length,
    entries: head.batch.map(entryOf),
    readPartial: async (name: TileName) => {
      const bytes = await store.read(tilePath(name))
      if (!bytes) throw broken(`${tilePath(name)} is missing`)
      return bytes
    },
  })
  if (!extended) throw broken('the last bundle and the last tile of the log disagree')
  const { files, range } = extended
  const root = rootOf(sha256, range)
  if (toHex(root) !== head.root) throw broken(`the files lead to root ${toHex(root)}, the head says ${head.root}`)
  await inParallel(files, callsMax, ({ path, bytes }) => createOnce(path, bytes, ports))
  await publishCheckpoint({ origin: ports.signer.name, size: head.size, root }, ports)
}

async function signedNote(checkpoint: Checkpoint, { signer, sha256 }: PublishPorts): Promise<Uint8Array> {
  const text = checkpointText(checkpoint)
  const { name, postQuantum } = signer
  const signed = async (algorithm: Algorithm, key: Pick<Signer, 'publicKey' | 'sign'>): Promise<NoteSignature> => ({
    name,
    keyId: keyIdOf(sha256, name, { algorithm, publicKey: await key.publicKey() }),
    signature: await key.sign(utf8(text)),
  })
  const first = await signed('Ed25519', signer)
  return utf8(formatNote(text, postQuantum ? [first, await signed('ML-DSA-65', postQuantum)] : [first]))
}

/** The checkpoint only ever grows: a late archiver with a smaller one keeps the larger. */
async function publishCheckpoint(checkpoint: Checkpoint, ports: PublishPorts): Promise<void> {
  const bytes = await signedNote(checkpoint, ports)
  for (let attempt = 0; attempt < replaceTriesMax; attempt++) {
    const standing = await ports.store.read(checkpointPath)
    const before = standing && parseCheckpoint(standing)
    if (standing && !before) throw broken(`${checkpointPath} is no checkpoint`)
    if (before && before.size > checkpoint.size) return
    if (before && before.size === checkpoint.size) {
      if (isSameTree(before, checkpoint)) return
      throw broken(`${checkpointPath} names another tree of ${before.size} leaves`)
    }
    if ((await ports.store.replace(checkpointPath, bytes, standing)) === 'replaced') return
  }
  throw new DrydockError(
    'DD2105',
    `the checkpoint was changed by others ${replaceTriesMax} times in a row; the next run goes on`,
  )
}
