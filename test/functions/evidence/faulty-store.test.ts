import { GetObjectCommand, NoSuchKey, PutObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3'
import { describe, expect, it } from 'vitest'
import { s3EvidenceStore } from '../../../functions/aws/evidence-store.ts'
import { type ArchivePorts, archive } from '../../../functions/evidence/archive.ts'
import { decodeBundle, decodeEntry } from '../../../functions/evidence/bundle.ts'
import { parseCheckpoint } from '../../../functions/evidence/note.ts'
import { checkpointPath } from '../../../functions/evidence/tiles.ts'
import { memoryEvidenceStore } from '../../../simulator/ports/evidence-store.ts'
import { mockClient } from '../../aws/mock-client.ts'
import { anyArchive, anyRecords, verifyLog } from './any-log.ts'
import { randomOf } from './tampering.ts'

const faultOf = (status: number, name: string) =>
  new S3ServiceException({ name, $fault: 'server', $metadata: { httpStatusCode: status } })

type Fault = 'none' | 'refused' | 'lost' | 'conflict' | 'slow'

/**
 * S3 as the archiver meets it: a bucket with conditional writes that answers, by `next`, as it should; 503 before the
 * write; 503 after it (the answer is lost); 409 as for two writers at once; or late, so that others go first.
 */
function faultyBucket(next: () => Fault) {
  const objects = new Map<string, { readonly bytes: Uint8Array; readonly etag: string }>()
  const client = new S3Client({ region: 'eu-central-1' })
  const s3 = mockClient(client)
  let version = 0
  const late = async (fault: Fault) => {
    for (let turn = 0; fault === 'slow' && turn < 40; turn++) await Promise.resolve()
    if (fault === 'refused') throw faultOf(503, 'SlowDown')
  }
  s3.on(PutObjectCommand).callsFake(async ({ Key = '', Body, IfNoneMatch, IfMatch }) => {
    const fault = next()
    await late(fault)
    if (fault === 'conflict') throw faultOf(409, 'ConditionalRequestConflict')
    const standing = objects.get(Key)
    if (IfNoneMatch === undefined && IfMatch === undefined) throw faultOf(403, 'AccessDenied')
    if (IfNoneMatch === '*' && standing) throw faultOf(412, 'PreconditionFailed')
    if (IfMatch !== undefined && standing?.etag !== IfMatch) throw faultOf(412, 'PreconditionFailed')
    objects.set(Key, { bytes: Uint8Array.from(Body), etag: `"${version++}"` })
    if (fault === 'lost') throw faultOf(500, 'InternalError')
    return {}
  })
  s3.on(GetObjectCommand).callsFake(async ({ Key = '' }) => {
    await late(next())
    const found = objects.get(Key)
    if (!found) throw new NoSuchKey({ message: Key, $metadata: { httpStatusCode: 404 } })
    return { ETag: found.etag, Body: { transformToByteArray: async () => found.bytes } }
  })
  return { store: s3EvidenceStore('evidence', client), objects }
}

const fates = ['none', 'refused', 'lost', 'conflict', 'slow'] as const
const copyOf = (objects: ReadonlyMap<string, { readonly bytes: Uint8Array }>) => {
  const copy = memoryEvidenceStore()
  for (const [path, { bytes }] of objects) copy.objects.set(path, bytes)
  return copy
}

/** Two archivers, again and again, until both have nothing left to do; each run may end by a fault. */
async function archiveTogether(ports: ArchivePorts): Promise<number> {
  for (let round = 1; round <= 200; round++) {
    const runs = await Promise.allSettled([archive(ports), archive(ports)])
    const faults = runs.flatMap((run) => (run.status === 'rejected' ? [run.reason] : []))
    for (const fault of faults) if (!(fault instanceof S3ServiceException) && fault.code !== 'DD2105') throw fault
    if (faults.length === 0) return round
  }
  throw new Error('the archivers came to no end in 200 rounds')
}

describe('F40 F41 two archivers on an S3 that answers 5xx, 409, 412, late, or loses its answers', () => {
  it.each(Array.from({ length: 8 }, (_, seed) => [seed]))('make one log, each leaf once: seed %i', async (seed) => {
    const random = randomOf(seed)
    let faultsLeft = 60
    const { store, objects } = faultyBucket(() => {
      if (faultsLeft === 0 || random(3) > 0) return 'none'
      faultsLeft--
      return fates[random(fates.length)] ?? 'none'
    })
    const made = { ...anyArchive(anyRecords(30)), store }
    await archiveTogether(made)
    const checkpoints = [objects.get(checkpointPath)?.bytes ?? new Uint8Array(0)]
    made.outbox.add(anyRecords(240, 30))
    faultsLeft = 60
    await archiveTogether(made)
    const copy = copyOf(objects)
    for (const knownCheckpoint of checkpoints)
      expect(await verifyLog(copy, { knownCheckpoint })).toMatchObject({
        ok: true,
        size: 270,
        leaves: 270,
        knownSize: 30,
      })
    expect(made.outbox.waiting.size).toBe(0)
    expect(made.counted).not.toContain('EvidenceCollision')
  })

  it('names the leaf that stands there with other content, by its id, alarms, and files nothing after it', async () => {
    const { store, objects } = faultyBucket(() => 'none')
    const made = { ...anyArchive(anyRecords(3)), store }
    const leafId = made.outbox.waiting.keys().next().value ?? ''
    await archive({
      ...made,
      outbox: { ...made.outbox, pending: async (limit) => (await made.outbox.pending(limit)).slice(1) },
    })
    const path = `v1/leaf/dt=2026-11-23/acct=123456789012/change=01JA000000000000000000000A/${leafId}-change.planned.json`
    objects.set(path, { bytes: new TextEncoder().encode('{}'), etag: '"x"' })
    await expect(archive(made)).rejects.toMatchObject({ code: 'DD2101', message: expect.stringContaining(leafId) })
    expect(made.counted).toEqual(['EvidenceCollision'])
    expect([...made.outbox.waiting.keys()]).toContain(leafId)
    const entries = [...objects]
      .filter(([name]) => name.startsWith('v1/tlog/tile/entries/'))
      .flatMap(([, { bytes }]) => decodeBundle(bytes).entries)
    expect(entries.map((entry) => decodeEntry(entry)?.path)).not.toContain(path)
    expect(parseCheckpoint(objects.get(checkpointPath)?.bytes ?? new Uint8Array(0))?.size).toBe(2)
  })
})
