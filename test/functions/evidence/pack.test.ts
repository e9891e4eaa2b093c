import { describe, expect, it } from 'vitest'
import { archive } from '../../../functions/evidence/archive.ts'
import { utf8 } from '../../../functions/evidence/bytes.ts'
import { leafPath } from '../../../functions/evidence/leaf.ts'
import { manifestPath } from '../../../functions/evidence/manifest.ts'
import { checkpointPath } from '../../../functions/evidence/tiles.ts'
import { changeRecords, filed, planPath } from './any-change.ts'
import { anyArchive, anyRecord, changeA, changeB, copyOf, digestOf, packOf, verifyLog } from './any-log.ts'
import { recorded, storeOf } from './recorded-log.ts'

type Made = Awaited<ReturnType<typeof filed>>
const scope = { kind: 'change', changeId: changeA } as const
const packOfA = ({ store, chainHeads }: Pick<Made, 'store' | 'chainHeads'>) => packOf({ store, chainHeads, scope })
const made = await filed()
const { target: pack } = await packOfA(made)
const pathOf = (number: number) => leafPath(anyRecord(number, { changeId: changeA }))
type Store = typeof pack
const bytesOf = (store: Store, path: string) => store.objects.get(path) ?? new Uint8Array(0)

interface Manifest {
  scope: Record<string, string>
  size: number
  leaves: { index: number; entry: string; proof: string[] }[]
}
function editManifest(store: Store, edit: (manifest: Manifest) => void) {
  const manifest = JSON.parse(Buffer.from(bytesOf(store, manifestPath)).toString())
  edit(manifest)
  store.objects.set(manifestPath, utf8(JSON.stringify(manifest)))
}

describe('11.10 a pack of one change', () => {
  it('proves the change complete with its leaves, their proofs and the checkpoint alone', async () => {
    const { target, exported } = await packOfA(made)
    expect(exported).toEqual({ size: 24, leaves: 8, files: 8 + 2 + 1 })
    expect(await verifyLog(target)).toMatchObject({
      ok: true,
      size: 24,
      leaves: 8,
      scope,
      objects: 1,
      chains: [{ changeId: changeA, unnumbered: 0, count: 6, after: 2, isEnded: true }],
    })
  })

  it('hands over the id of no other change', () => {
    const texts = [...pack.objects].map(([path, bytes]) => path + Buffer.from(bytes).toString())
    expect(texts.filter((text) => text.includes(changeB))).toEqual([])
  })

  it('is the same without the heads of the chains, found by a search, and the same each time (I17)', async () => {
    const searched = await packOf({ store: made.store, scope })
    expect(digestOf(searched.target)).toBe(digestOf(pack))
    expect(digestOf((await packOfA(made)).target)).toBe(digestOf(pack))
  })

  it('says of a change that goes on that it has not ended', async () => {
    const going = await filed(changeRecords().slice(0, 12))
    const { chains, ok } = await verifyLog((await packOfA(going)).target)
    expect([ok, chains]).toEqual([true, [{ changeId: changeA, unnumbered: 0, count: 4, after: 0, isEnded: false }]])
  })

  it.each<[string, (store: Store) => void, string, string]>([
    ['a leaf left out', (store) => void store.objects.delete(pathOf(6)), 'missing', pathOf(6)],
    ['a leaf flipped', (store) => void store.objects.set(pathOf(6), utf8('{}')), 'bad', pathOf(6)],
    [
      'two leaves swapped',
      (store) => {
        const [one, other] = [bytesOf(store, pathOf(3)), bytesOf(store, pathOf(6))]
        store.objects.set(pathOf(3), other).set(pathOf(6), one)
      },
      'reordered',
      pathOf(3),
    ],
    [
      'a leaf left out of the manifest too',
      (store) => {
        store.objects.delete(pathOf(6))
        editManifest(store, ({ leaves }) => void leaves.splice(2, 1))
      },
      'missing',
      `change 3 of ${changeA}`,
    ],
    [
      'the closing leaf left out',
      (store) => {
        store.objects.delete(pathOf(15))
        editManifest(store, ({ leaves }) => void leaves.splice(5, 1))
      },
      'missing',
      `change 6 of ${changeA}`,
    ],
    [
      'a count that is forged',
      (store) =>
        editManifest(store, ({ leaves }) => {
          const closing = leaves[5]
          if (closing) closing.entry = closing.entry.replace('"count":6', '"count":5')
        }),
      'bad',
      pathOf(15),
    ],
    [
      'two leaves the other way round',
      (store) => editManifest(store, ({ leaves }) => void leaves.splice(1, 2, ...leaves.slice(1, 3).toReversed())),
      'reordered',
      pathOf(3),
    ],
    [
      'two proofs swapped',
      (store) =>
        editManifest(store, ({ leaves }) => {
          const [one, other] = [leaves[1], leaves[2]]
          if (one && other) [one.proof, other.proof] = [other.proof, one.proof]
        }),
      'bad',
      pathOf(3),
    ],
    ['a file more', (store) => void store.objects.set('v1/leaf/more', utf8('')), 'added', 'v1/leaf/more'],
    ['the file that a leaf names left out', (store) => void store.objects.delete(planPath), 'missing', planPath],
    ['the file that a leaf names changed', (store) => void store.objects.set(planPath, utf8('{}')), 'bad', planPath],
    [
      'another change in its scope',
      (store) => editManifest(store, (manifest) => void Object.assign(manifest.scope, { changeId: changeB })),
      'added',
      pathOf(0),
    ],
    [
      'a manifest that is cut',
      (store) => void store.objects.set(manifestPath, utf8('{"schemaVersion":2}')),
      'bad',
      manifestPath,
    ],
    [
      'half of a surrogate pair in the manifest',
      (store) =>
        void store.objects.set(
          manifestPath,
          utf8(Buffer.from(bytesOf(store, manifestPath)).toString().replace('drydock.test', '\\ud800')),
        ),
      'bad',
      manifestPath,
    ],
    ['no checkpoint', (store) => void store.objects.delete(checkpointPath), 'missing', checkpointPath],
  ])('B44 names %s', async (_, tamper, kind, leaf) => {
    const store = copyOf(pack)
    tamper(store)
    const verdict = await verifyLog(store)
    expect([verdict.ok, verdict.problems[0]]).toMatchObject([false, { kind, leaf }])
  })

  it('names the end of the chain that is cut, where a leaf after the end shows it; else claims no end', async () => {
    const cut = copyOf(pack)
    for (const number of [18, 21]) cut.objects.delete(pathOf(number))
    editManifest(cut, ({ leaves }) => void leaves.splice(6, 2))
    expect(await verifyLog(cut)).toMatchObject({ ok: true, chains: [{ count: 6, after: 0, isEnded: true }] })
    cut.objects.delete(pathOf(15))
    editManifest(cut, ({ leaves }) => void leaves.splice(5, 1))
    expect(await verifyLog(cut)).toMatchObject({ ok: true, chains: [{ count: 5, isEnded: false }] })
  })

  it('does not pass for another key, nor beside a checkpoint of another log of the same size', async () => {
    expect((await verifyLog(pack, { seed: 'mallory' })).problems[0]).toMatchObject({ kind: 'wrong-key' })
    const other = await filed(changeRecords().map((record) => ({ ...record, actor: 'mallory' })))
    const knownCheckpoint = bytesOf(other.store, checkpointPath)
    expect((await verifyLog(pack, { knownCheckpoint })).problems[0]).toMatchObject({ kind: 'forked' })
    const mixed = copyOf(pack)
    mixed.objects.set(checkpointPath, knownCheckpoint)
    expect((await verifyLog(mixed)).problems[0]).toMatchObject({ kind: 'bad', leaf: manifestPath })
  })

  it('shows by a consistency proof that its log continues a known one, and not another', async () => {
    const grown = await filed(changeRecords().slice(0, 10))
    const knownCheckpoint = bytesOf(grown.store, checkpointPath)
    expect((await verifyLog(pack, { knownCheckpoint })).problems[0]).toMatchObject({
      kind: 'missing',
      leaf: 'consistency proof from 10',
    })
    const { target } = await packOf({ ...made, scope, since: { size: 10 } })
    expect(await verifyLog(target, { knownCheckpoint })).toMatchObject({ ok: true, knownSize: 10 })
    const other = await filed(
      changeRecords()
        .slice(0, 10)
        .map((record) => ({ ...record, actor: 'mallory' })),
    )
    const forked = bytesOf(other.store, checkpointPath)
    expect((await verifyLog(target, { knownCheckpoint: forked })).problems[0]).toMatchObject({ kind: 'forked' })
    const later = bytesOf((await filed(changeRecords(7))).store, checkpointPath)
    expect((await verifyLog(target, { knownCheckpoint: later })).problems[0]).toMatchObject({ kind: 'rolled-back' })
  })

  it('names the version of a record whose leaf was dropped before it was filed', async () => {
    const dropped = await filed(changeRecords().filter((_, number) => number !== 6))
    const { problems } = await verifyLog((await packOfA(dropped)).target)
    expect(problems).toMatchObject([{ kind: 'missing', leaf: 'version 3 of CHANGE/CHANGE' }])
  })

  it('names a first version that no leaf stands for', async () => {
    const [first, ...rest] = changeRecords()
    const late = await filed([{ ...(first ?? anyRecord(0)), versions: [['RING/dev', 4, 5]] }, ...rest.slice(0, 1)])
    const { problems } = await verifyLog((await packOfA(late)).target)
    expect(problems).toMatchObject([{ kind: 'missing', leaf: 'version 4 of RING/dev' }])
  })

  it('refuses a change of which nothing is filed, and a log whose tiles are missing', async () => {
    const none = packOf({ ...made, scope: { kind: 'change', changeId: '01JC000000000000000000000C' } })
    await expect(none).rejects.toMatchObject({ code: 'DD2106' })
    const broken = copyOf(made.store)
    broken.objects.delete('v1/tlog/tile/0/000.p/24')
    await expect(packOfA({ ...made, store: broken })).rejects.toMatchObject({ code: 'DD2106' })
  })
})

describe('8.4 a log that stood before there were chains', () => {
  async function continued() {
    const log = anyArchive([])
    for (const [path, bytes] of storeOf(recorded.log).objects) log.store.objects.set(path, bytes)
    await log.logHead.advance(0, recorded.head)
    log.outbox.add([12, 15, 18].map((number) => anyRecord(number, number === 18 ? { closes: true } : {})))
    await archive(log)
    return log
  }

  it('goes on, with numbers from there, and verifies as a whole', async () => {
    const log = await continued()
    expect(await verifyLog(log.store)).toMatchObject({ ok: true, size: 15, leaves: 15 })
  })

  it('gives a pack that has the leaves without numbers too, and says how many', async () => {
    const log = await continued()
    expect(await verifyLog((await packOfA(log)).target)).toMatchObject({
      ok: true,
      leaves: 7,
      chains: [{ unnumbered: 4, count: 3, after: 0, isEnded: true }],
    })
  })

  it('gives a pack of a change that has ended before', async () => {
    const old = storeOf(recorded.log)
    expect(await verifyLog((await packOf({ store: old, scope })).target)).toMatchObject({
      ok: true,
      leaves: 4,
      chains: [{ unnumbered: 4, count: 0, isEnded: false }],
    })
  })
})

describe('11.10 a pack of some days', () => {
  const days = (number: number) => `2026-11-${String(1 + Math.floor(number / 200)).padStart(2, '0')}T10:00:00.000Z`
  const period = { kind: 'period', from: '2026-11-02', to: '2026-11-03' } as const
  const records = Array.from({ length: 1_000 }, (_, number) =>
    // One in fifty is late by two days.
    anyRecord(number, { at: days(number % 50 === 7 ? Math.max(0, number - 400) : number) }),
  )

  it('has every leaf filed under them, late ones too, each with its proof, and no other', async () => {
    const log = anyArchive(records)
    await archive(log)
    const { target } = await packOf({ store: log.store, scope: period })
    const expected = records.map(leafPath).filter((path) => /dt=2026-11-0[23]/.test(path))
    const paths = [...target.objects.keys()].filter((path) => path.startsWith('v1/leaf/'))
    expect(paths.filter((path) => /dt=2026-11-0[23]/.test(path)).sort()).toEqual(expected.sort())
    // Filed late under a day before, between two leaves of its change: without it there would be a gap.
    expect(paths.filter((path) => /dt=2026-11-01/.test(path))).toContain(leafPath(records[307] ?? anyRecord(0)))
    expect(await verifyLog(target)).toMatchObject({ ok: true, leaves: paths.length, scope: period })
  })

  it('has no place for a leaf of another day', async () => {
    const log = anyArchive(records)
    await archive(log)
    const [{ target }, whole] = [
      await packOf({ store: log.store, scope: period }),
      await packOf({ store: log.store, scope: { ...period, from: '2026-11-01' } }),
    ]
    const { scope: _, ...rest } = JSON.parse(Buffer.from(bytesOf(whole.target, manifestPath)).toString())
    editManifest(target, (manifest) => Object.assign(manifest, rest))
    expect((await verifyLog(target)).problems[0]).toMatchObject({
      kind: 'added',
      leaf: leafPath(records[0] ?? anyRecord(0)),
    })
  })

  it('names a leaf left out between two of its change', async () => {
    const log = anyArchive(records.filter((_, number) => number % 50 !== 7))
    await archive(log)
    const { target } = await packOf({ store: log.store, scope: period })
    expect(await verifyLog(target)).toMatchObject({ ok: true })
    editManifest(target, ({ leaves }) => {
      const [cut] = leaves.splice(50, 1)
      if (cut) target.objects.delete(JSON.parse(cut.entry).path)
    })
    expect((await verifyLog(target)).problems[0]).toMatchObject({ kind: 'missing' })
  })
})
