import { describe, expect, it } from 'vitest'
import { sha256 } from '../../../functions/aws/node-crypto.ts'
import { archive } from '../../../functions/evidence/archive.ts'
import { decodeBundle, encodeEntry } from '../../../functions/evidence/bundle.ts'
import { toHex, utf8 } from '../../../functions/evidence/bytes.ts'
import { exportLog } from '../../../functions/evidence/export.ts'
import { claimBatch, emptyHead } from '../../../functions/evidence/head.ts'
import { leafPath } from '../../../functions/evidence/leaf.ts'
import { manifestPath } from '../../../functions/evidence/manifest.ts'
import type { Files } from '../../../functions/evidence/ports.ts'
import { checkpointPath, extendLog, leafPrefix } from '../../../functions/evidence/tiles.ts'
import { memoryEvidenceStore } from '../../../simulator/ports/evidence-store.ts'
import { runs } from '../../runs.ts'
import {
  anyArchive,
  anyLog,
  anyRecord,
  anyRecords,
  bundleOf,
  changeA,
  copyOf,
  digestOf,
  exportBeforePacks,
  verifyLog,
} from './any-log.ts'
import { recorded, storeOf } from './recorded-log.ts'
import { missed, tampered, tamperingGround } from './tampering.ts'

type Store = ReturnType<typeof memoryEvidenceStore>
const pathOf = (number: number) => leafPath(anyRecord(number))
const bytesOf = (store: Store, path: string) => store.objects.get(path) ?? new Uint8Array(0)

function flip(store: Store, path: string, at: number, mask = 1) {
  const bytes = Uint8Array.from(bytesOf(store, path))
  const place = at % bytes.length
  bytes[place] = (bytes[place] ?? 0) ^ mask
  store.objects.set(path, bytes)
}

function editBundle(store: Store, path: string, edit: (entries: Uint8Array[]) => void) {
  const entries = [...decodeBundle(bytesOf(store, path)).entries]
  edit(entries)
  store.objects.set(path, bundleOf(entries))
}

async function exportOf(store: Files, changeId?: string) {
  if (changeId !== undefined) return { target: await exportBeforePacks(store, changeId) }
  const target = memoryEvidenceStore()
  await exportLog({ store, sha256, write: async ({ path, bytes }) => void target.objects.set(path, bytes) })
  return { target }
}

const bundle0 = 'v1/tlog/tile/entries/000'
const partial = 'v1/tlog/tile/entries/001.p/14'
const { store: whole } = await anyLog([260, 10])

describe('11.10 B44 verifyFiles', () => {
  it('passes an untouched log', async () => {
    expect(await verifyLog(whole)).toMatchObject({ ok: true, size: 270, leaves: 270, problems: [] })
  })

  it.each<[string, (store: Store) => void, string, string]>([
    ['a flipped byte of a leaf', (store) => flip(store, pathOf(17), 99), 'bad', pathOf(17)],
    [
      'a truncated leaf',
      (store) => void store.objects.set(pathOf(17), bytesOf(store, pathOf(17)).slice(0, -1)),
      'bad',
      pathOf(17),
    ],
    ['an empty leaf', (store) => void store.objects.set(pathOf(17), new Uint8Array(0)), 'bad', pathOf(17)],
    ['a deleted leaf', (store) => void store.objects.delete(pathOf(17)), 'missing', pathOf(17)],
    ['an added leaf', (store) => void store.objects.set(pathOf(999), utf8('{}')), 'added', pathOf(999)],
    [
      'two swapped leaves',
      (store) => {
        const [one, other] = [bytesOf(store, pathOf(17)), bytesOf(store, pathOf(40))]
        store.objects.set(pathOf(17), other)
        store.objects.set(pathOf(40), one)
      },
      'reordered',
      pathOf(17),
    ],
    [
      'two swapped entries',
      (store) =>
        editBundle(store, bundle0, (entries) => {
          ;[entries[5], entries[9]] = [entries[9] ?? entries[0] ?? utf8(''), entries[5] ?? utf8('')]
        }),
      'reordered',
      pathOf(9),
    ],
    [
      'a dropped entry',
      (store) => editBundle(store, bundle0, (entries) => void entries.splice(5, 1)),
      'missing',
      'entry 5',
    ],
    [
      'a dropped last entry',
      (store) => editBundle(store, partial, (entries) => void entries.pop()),
      'missing',
      'entry 269',
    ],
    [
      'an inserted entry',
      (store) =>
        editBundle(
          store,
          partial,
          (entries) => void entries.splice(3, 0, encodeEntry({ path: pathOf(999), sha256: 'ab'.repeat(32) })),
        ),
      'added',
      pathOf(999),
    ],
    [
      'an appended entry',
      (store) =>
        editBundle(
          store,
          partial,
          (entries) => void entries.push(encodeEntry({ path: pathOf(999), sha256: 'ab'.repeat(32) })),
        ),
      'added',
      pathOf(999),
    ],
    [
      'a changed entry',
      (store) =>
        editBundle(store, bundle0, (entries) => {
          entries[5] = encodeEntry({ path: pathOf(5), sha256: 'ab'.repeat(32) })
        }),
      'bad',
      pathOf(5),
    ],
    [
      'a truncated bundle',
      (store) => void store.objects.set(partial, bytesOf(store, partial).slice(0, -9)),
      'missing',
      'entry 269',
    ],
    ['a deleted bundle', (store) => void store.objects.delete(bundle0), 'missing', bundle0],
    ['a flipped byte of a tile', (store) => flip(store, 'v1/tlog/tile/0/000', 40), 'bad', 'v1/tlog/tile/0/000'],
    [
      'a flipped byte of an earlier partial tile',
      (store) => flip(store, 'v1/tlog/tile/0/001.p/4', 40),
      'bad',
      'v1/tlog/tile/0/001.p/4',
    ],
    [
      'a flipped byte of an upper tile',
      (store) => flip(store, 'v1/tlog/tile/1/000.p/1', 3),
      'bad',
      'v1/tlog/tile/1/000.p/1',
    ],
    ['a deleted tile', (store) => void store.objects.delete('v1/tlog/tile/0/000'), 'missing', 'v1/tlog/tile/0/000'],
    [
      'a deleted upper tile',
      (store) => void store.objects.delete('v1/tlog/tile/1/000.p/1'),
      'missing',
      'v1/tlog/tile/1/000.p/1',
    ],
    [
      'a file of no log',
      (store) => void store.objects.set('v1/tlog/tile/0/note.txt', utf8('x')),
      'added',
      'v1/tlog/tile/0/note.txt',
    ],
    ['a deleted checkpoint', (store) => void store.objects.delete(checkpointPath), 'missing', checkpointPath],
    [
      'an empty checkpoint',
      (store) => void store.objects.set(checkpointPath, new Uint8Array(0)),
      'bad',
      checkpointPath,
    ],
    [
      'a checkpoint with another size',
      (store) =>
        void store.objects.set(
          checkpointPath,
          utf8(Buffer.from(bytesOf(store, checkpointPath)).toString().replace('\n270\n', '\n269\n')),
        ),
      'bad',
      checkpointPath,
    ],
  ])('names %s', async (_, tamper, kind, leaf) => {
    const store = copyOf(whole)
    tamper(store)
    const verdict = await verifyLog(store)
    expect(verdict.ok).toBe(false)
    expect(verdict.problems[0]).toMatchObject({ kind, leaf })
  })

  it("names a leaf, its entry and every tile changed together: the root tells, the leaf's own signature names it", async () => {
    const forged = anyArchive([anyRecord(7, { actor: 'mallory' })], 'mallory')
    await archive(forged)
    const store = copyOf(whole)
    store.objects.set(pathOf(7), bytesOf(forged.store, pathOf(7)))
    const entries = anyRecords(270).map((record) => ({
      path: leafPath(record),
      sha256: toHex(sha256(bytesOf(store, leafPath(record)))),
    }))
    for (const path of store.objects.keys()) if (path.startsWith('v1/tlog/tile/')) store.objects.delete(path)
    const extended = await extendLog({ sha256, oldSize: 0, entries, readPartial: async () => new Uint8Array(0) })
    for (const { path, bytes } of extended?.files ?? []) store.objects.set(path, bytes)
    expect((await verifyLog(store)).problems).toMatchObject([
      { kind: 'wrong-key', leaf: pathOf(7) },
      { kind: 'forked', leaf: checkpointPath },
    ])
  })

  it('says forked of another history under the old checkpoint', async () => {
    const forged = anyArchive(
      anyRecords(270).map((record, at) => (at === 7 ? { ...record, actor: 'mallory' } : record)),
    )
    await archive(forged)
    const store = copyOf(forged.store)
    store.objects.set(checkpointPath, bytesOf(whole, checkpointPath))
    expect((await verifyLog(store)).problems[0]).toMatchObject({ kind: 'forked', leaf: checkpointPath })
  })

  it('says wrong-key of a log signed anew by another', async () => {
    const { store } = await anyLog([260, 10], 'mallory')
    expect((await verifyLog(store)).problems[0]).toMatchObject({ kind: 'wrong-key', leaf: checkpointPath })
  })

  it('says rolled-back of an earlier checkpoint before later files', async () => {
    const { store: earlier } = await anyLog([260])
    const store = copyOf(whole)
    store.objects.set(checkpointPath, bytesOf(earlier, checkpointPath))
    expect((await verifyLog(store)).problems[0]).toMatchObject({ kind: 'rolled-back', leaf: checkpointPath })
  })

  it('says rolled-back of a whole log put back, to one who kept a later checkpoint', async () => {
    const { store } = await anyLog([260])
    expect((await verifyLog(store)).ok).toBe(true)
    const knownCheckpoint = bytesOf(whole, checkpointPath)
    expect((await verifyLog(store, { knownCheckpoint })).problems[0]).toMatchObject({ kind: 'rolled-back' })
  })

  it("says forked of a history rewritten by the key's holder, to one who kept a checkpoint", async () => {
    const { store: earlier } = await anyLog([260])
    const rewritten = anyArchive(
      anyRecords(270).map((record, at) => (at === 7 ? { ...record, actor: 'mallory' } : record)),
    )
    await archive(rewritten)
    expect((await verifyLog(rewritten.store)).ok).toBe(true)
    const knownCheckpoint = bytesOf(earlier, checkpointPath)
    expect((await verifyLog(rewritten.store, { knownCheckpoint })).problems[0]).toMatchObject({ kind: 'forked' })
  })

  it.each([
    ['unreadable', utf8('?')],
    ['empty', new Uint8Array(0)],
  ])('does not pass beside a known checkpoint that is %s', async (_, knownCheckpoint) => {
    expect((await verifyLog(whole, { knownCheckpoint })).ok).toBe(false)
  })

  it('names an entry that comes twice under a good signature, though leaves and entries are as many', async () => {
    const made = anyArchive(anyRecords(3))
    await archive(made)
    const entryOf = (number: number) => ({
      path: pathOf(number),
      sha256: toHex(sha256(bytesOf(made.store, pathOf(number)))),
    })
    const signed = anyArchive([])
    const batch = [0, 1, 0].map((number) => ({ leafId: anyRecord(number).leafId, ...entryOf(number) }))
    await signed.logHead.advance(0, claimBatch(sha256, emptyHead, batch, '2026-11-23T10:00:00.000Z'))
    await archive(signed)
    for (const number of [0, 1, 2]) signed.store.objects.set(pathOf(number), bytesOf(made.store, pathOf(number)))
    expect((await verifyLog(signed.store)).problems).toMatchObject([
      { kind: 'added', leaf: pathOf(0), detail: 'entry 2 names a leaf that an earlier entry names' },
      { kind: 'added', leaf: pathOf(2) },
    ])
  })

  it('does not pass an empty directory', async () => {
    expect((await verifyLog(memoryEvidenceStore())).problems[0]).toMatchObject({
      kind: 'missing',
      leaf: checkpointPath,
    })
  })
})

describe('11.10 an export of one change from before packs', () => {
  it('holds the leaves of the change alone, proves that none is left out, and verifies', async () => {
    const { target } = await exportOf(whole, changeA)
    expect([...target.objects.keys()].filter((path) => path.startsWith(leafPrefix))).toHaveLength(90)
    expect(await verifyLog(target)).toMatchObject({
      ok: true,
      size: 270,
      leaves: 90,
      scope: { kind: 'change', changeId: changeA },
    })
  })

  it('I17 is the same bytes each time', async () => {
    expect(digestOf((await exportOf(whole, changeA)).target)).toBe(digestOf((await exportOf(whole, changeA)).target))
  })

  it('holds everything when no change is named', async () => {
    const { target } = await exportOf(whole)
    expect(await verifyLog(target)).toMatchObject({ ok: true, leaves: 270, scope: { kind: 'log' } })
  })

  it.each<[string, (store: Store) => void, string, string]>([
    ['a leaf left out', (store) => void store.objects.delete(pathOf(3)), 'missing', pathOf(3)],
    ['a leaf flipped', (store) => flip(store, pathOf(3), 50), 'bad', pathOf(3)],
    ['a byte of the manifest flipped', (store) => flip(store, manifestPath, 400), 'bad', manifestPath],
    ['the manifest left out', (store) => void store.objects.delete(manifestPath), 'missing', pathOf(1)],
    [
      'a foreign leaf that is not what the log says',
      (store) => void store.objects.set(pathOf(1), utf8('{}')),
      'bad',
      pathOf(1),
    ],
  ])('names %s', async (_, tamper, kind, leaf) => {
    const { target } = await exportOf(whole, changeA)
    tamper(target)
    expect((await verifyLog(target)).problems[0]).toMatchObject({ kind, leaf })
  })

  it('names a leaf left out of the manifest too', async () => {
    const { target } = await exportOf(whole, changeA)
    target.objects.delete(pathOf(3))
    const manifest = JSON.parse(Buffer.from(bytesOf(target, manifestPath)).toString())
    manifest.leaves = manifest.leaves.filter(({ path }: { path: string }) => path !== pathOf(3))
    target.objects.set(manifestPath, utf8(JSON.stringify(manifest)))
    expect((await verifyLog(target)).problems[0]).toMatchObject({ kind: 'missing', leaf: pathOf(3) })
  })

  it('is still verified as it was made by 0.1.0, and so is the log that it is from', async () => {
    const [log, target] = [recorded.log, recorded.export].map(storeOf)
    expect(await verifyLog(log ?? memoryEvidenceStore())).toMatchObject({ ok: true, size: 12, leaves: 12 })
    expect(await verifyLog(target ?? memoryEvidenceStore())).toMatchObject({ ok: true, size: 12, leaves: 4 })
    const leaf = pathOf(3)
    target?.objects.delete(leaf)
    expect((await verifyLog(target ?? memoryEvidenceStore())).problems[0]).toMatchObject({ kind: 'missing', leaf })
  })

  it.each([
    ['an empty store', memoryEvidenceStore()],
    ['a store with a missing leaf', withoutLeaf()],
  ])('refuses to export %s whole', async (_, store) => {
    await expect(exportOf(store)).rejects.toMatchObject({ code: 'DD2106' })
  })
})

function withoutLeaf(): Store {
  const store = copyOf(whole)
  store.objects.delete(pathOf(3))
  return store
}

/** All 10,000 take minutes: `npm run test:tampering`. */
const tamperings = Number(process.env.DRYDOCK_TAMPERINGS ?? runs(150))

describe('I9 any tampering', () => {
  it('is caught, and what was touched is named first', async () => {
    const ground = await tamperingGround()
    for (let number = 0; number < tamperings; number++) {
      const made = await tampered(ground, number)
      const { how, store, knownCheckpoint } = made
      const verdict = await verifyLog(store, knownCheckpoint ? { knownCheckpoint } : {})
      expect({ number, how, missed: missed(made, verdict) }).toEqual({ number, how, missed: undefined })
    }
  }, 1_200_000)

  it('leaves a spare partial tile out of account: a wider one stands', async () => {
    const store = copyOf(whole)
    store.objects.delete('v1/tlog/tile/0/001.p/4')
    expect(await verifyLog(store)).toMatchObject({ ok: true })
  })
})
