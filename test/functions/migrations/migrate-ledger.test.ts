import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { BallotRecord } from '../../../functions/approvals/ballot.ts'
import { ChangeRecord } from '../../../functions/changes/change.ts'
import { versionGaps } from '../../../functions/evidence/versions.ts'
import { canonicalJson } from '../../../functions/kit/json.ts'
import { keys } from '../../../functions/kit/keys.ts'
import type { CommitResult, Ledger } from '../../../functions/kit/ledger.ts'
import { migrations } from '../../../functions/migrations/index.ts'
import {
  type MigrateLedger,
  type MigratePorts,
  run as migrateLedger,
} from '../../../functions/migrations/migrate-ledger.ts'
import { contentOf, type Migration, type RawItem } from '../../../functions/migrations/migration.ts'
import { MigrationsRecord } from '../../../functions/migrations/progress.ts'
import { ownerSchemas } from '../../../functions/migrations/schemas.ts'
import type { memoryLedger } from '../../../simulator/ports/ledger.ts'
import { fixedClock, sequentialIds } from '../../../simulator/ports/time.ts'
import { itemsOf, ledgerOf, recorded } from './recorded.ts'

const asked: MigrateLedger = { isDryRun: false, isWhileOpen: false, actor: 'sven' }
const back: MigrateLedger = { ...asked, backTo: '001-priority' }

const portsOf = (memory: ReturnType<typeof memoryLedger>, ports: Partial<MigratePorts> = {}): MigratePorts => ({
  ledger: memory,
  items: memory.items,
  clock: fixedClock(Date.parse('2026-12-01T00:00:00.000Z')),
  ids: sequentialIds(),
  account: '123456789012',
  migrations,
  schemaOf: ownerSchemas,
  ...ports,
})

const isProgress = ({ kind }: RawItem) => kind === 'migrations'
/** What a table holds besides the record of its migrations. */
const contentsOf = async (memory: ReturnType<typeof memoryLedger>) =>
  (await itemsOf(memory)).filter((item) => !isProgress(item)).map(contentOf)

/** Any number of records of a made-up kind, whose migration gives each another key. */
const noteKey = (prefix: string, index: number) => ({ pk: `${prefix}#${String(index).padStart(4, '0')}`, sk: 'NOTE' })
const note = (index: number): RawItem => ({
  kind: 'finding-change',
  key: noteKey('OLD', index),
  version: 1,
  value: { changeId: `C${index}` },
  list: { pk: 'NOTES', sk: String(index) },
  deleteAfterSeconds: 2_000_000_000 + index,
})
const moveKey =
  (from: string, to: string) =>
  (item: RawItem): readonly RawItem[] => [
    item.key.pk.startsWith(`${from}#`) ? { ...item, key: { ...item.key, pk: item.key.pk.replace(from, to) } } : item,
  ]
const rekey: Migration = { id: '001-rekey', says: 'X.', up: moveKey('OLD', 'NEW'), down: moveKey('NEW', 'OLD') }
const notes = (count: number) => Array.from({ length: count }, (_, index) => note(index))

describe('migrate a ledger', () => {
  it('brings every record that commit 2b610ab wrote to what its room reads, and says how many', async () => {
    const memory = await ledgerOf(recorded)
    const done = await migrateLedger(asked, portsOf(memory))
    expect(done).toMatchObject({
      ids: migrations.map(({ id }) => id),
      seen: recorded.length,
      unreadable: [],
      openRings: [],
    })
    expect(done.moved).toBeGreaterThanOrEqual(8)
    for (const { kind, value } of await itemsOf(memory)) expect(ownerSchemas(kind)?.safeParse(value).success).toBe(true)
    const held = (await itemsOf(memory)).find(
      ({ kind, value }) => kind === 'change' && canonicalJson(value).includes('"held"'),
    )
    expect(held && (await memory.read(ChangeRecord, held.key))?.value.state).toBe('held')
    expect(memory.outbox().find(({ type }) => type === 'ledger.migrated')).toMatchObject({
      type: 'ledger.migrated',
      actor: 'sven',
      body: { moved: done.moved },
    })
  })

  it('gives the same bytes back when it is taken back, and moves no version backwards', async () => {
    const memory = await ledgerOf(recorded)
    const before = await itemsOf(memory)
    await migrateLedger(asked, portsOf(memory))
    const there = await itemsOf(memory)
    const taken = await migrateLedger(back, portsOf(memory))
    expect(taken).toMatchObject({ direction: 'down', ids: migrations.map(({ id }) => id) })
    expect(await contentsOf(memory)).toEqual(before.map(contentOf))
    const versions = new Map(there.map(({ key, version }) => [canonicalJson(key), version]))
    for (const { key, version } of await itemsOf(memory))
      expect(version).toBeGreaterThanOrEqual(versions.get(canonicalJson(key)) ?? 1)
    expect((await memory.read(MigrationsRecord, keys.migrations()))?.value.applied).toEqual([])
  })

  it('leaves no gap between the versions of a change in flight: its own leaf stands for what it moved', async () => {
    const memory = await ledgerOf([])
    const changeId = '01JA000000000000000000000A'
    const [plain, question] = [keys.change(changeId), keys.ballot(changeId)]
    const moved = async (from: number) => {
      const by = { leafId: `0${from}`, at: '', account: '', actor: '' }
      const moves = [plain, question].map((key) => ({ kind: 'note', key, from, value: { changeId, from } }))
      await memory.commit({ moves, evidence: [{ ...by, type: 'test.moved', changeId, body: {} }] })
    }
    const count = (item: RawItem) =>
      item.kind === 'note' ? [{ ...item, value: { changeId, migrated: true } }] : [item]
    const mark: Migration = { id: '001-mark', says: 'X.', up: count, down: (item) => [item] }
    await moved(0)
    await migrateLedger(asked, portsOf(memory, { migrations: [mark], schemaOf: () => z.unknown() }))
    await moved(2)
    const leaves = memory.outbox().filter((leaf) => leaf.changeId === changeId)
    expect(leaves.map(({ type }) => type)).toEqual(['test.moved', 'ledger.records-migrated', 'test.moved'])
    expect(leaves[1]).toMatchObject({ body: { ids: ['001-mark'], keys: [plain, question] }, actor: 'sven' })
    expect(
      versionGaps(leaves.map(({ body, versions = [] }) => ({ body, versions: versions.map((one) => [...one]) }))),
    ).toEqual([])
    expect(leaves.map(({ versions }) => versions?.[0])).toEqual([
      ['CHANGE/CHANGE', 0, 1],
      ['CHANGE/CHANGE', 1, 2],
      ['CHANGE/CHANGE', 2, 3],
    ])
  })

  it('run again has nothing to do', async () => {
    const memory = await ledgerOf(recorded)
    await migrateLedger(asked, portsOf(memory))
    const [items, leaves] = [await itemsOf(memory), memory.outbox().length]
    expect(await migrateLedger(asked, portsOf(memory))).toMatchObject({ ids: [], moved: 0 })
    expect(await itemsOf(memory)).toEqual(items)
    expect(memory.outbox()).toHaveLength(leaves)
  })

  it('dry, says the same and writes nothing', async () => {
    const memory = await ledgerOf(recorded)
    const before = await itemsOf(memory)
    const dry = await migrateLedger({ ...asked, isDryRun: true }, portsOf(memory))
    expect(await itemsOf(memory)).toEqual(before)
    const { moved, seen } = await migrateLedger(asked, portsOf(memory))
    expect(dry).toMatchObject({ moved, seen, isDryRun: true })
  })

  it('tells a record that no schema reads, and a kind that nobody owns, and leaves both as they are', async () => {
    const change = recorded.find(({ kind }) => kind === 'change')
    const wrong: RawItem = { kind: 'change', key: { pk: 'CHANGE#X', sk: 'CHANGE' }, version: 1, value: { order: 7 } }
    const strange: RawItem = { kind: 'no-such-kind', key: { pk: 'X', sk: 'X' }, version: 1, value: {} }
    const memory = await ledgerOf([...(change ? [change] : []), wrong, strange])
    const done = await migrateLedger(asked, portsOf(memory))
    expect(done.unreadable).toMatchObject([
      { kind: 'change', key: wrong.key },
      { kind: 'no-such-kind', because: 'no room owns records of kind no-such-kind' },
    ])
    expect(done.moved).toBe(1)
    const texts = (await contentsOf(memory)).map((content) => canonicalJson(content))
    for (const item of [wrong, strange]) expect(texts).toContain(canonicalJson(contentOf(item)))
  })

  it('old keys and ballots included: a ballot stands where today looks for it, with its votes', async () => {
    const memory = await ledgerOf(recorded)
    await migrateLedger(asked, portsOf(memory))
    const ballots = recorded.filter(({ kind }) => kind === 'ballot')
    expect(ballots.length).toBeGreaterThan(0)
    for (const { key, value } of ballots) {
      const votes = new Map(Object.entries(value ?? {})).get('votes')
      const found = await memory.read(BallotRecord, keys.ballot(key.pk.slice('CHANGE#'.length)))
      expect(found?.value.answers).toEqual(votes)
    }
  })

  it('DD2505 takes back only what the table has been through', async () => {
    const memory = await ledgerOf(recorded)
    await expect(migrateLedger(back, portsOf(memory))).rejects.toThrow('DD2505')
  })
})

describe('a ring that is open', () => {
  const ring = recorded.find(({ kind }) => kind === 'ring')
  const openOf = (value: object): RawItem[] => [
    ...recorded,
    ...(ring ? [{ ...ring, key: { ...ring.key, sk: 'RING#open' }, value: { ...Object(ring.value), ...value } }] : []),
  ]

  it.each([
    ['open', { state: 'open' }],
    ['unreadable', { state: 7 }],
  ])('DD2503 (%s) stands in the way, and nothing is written', async (_, value) => {
    const memory = await ledgerOf(openOf(value))
    const before = await itemsOf(memory)
    await expect(migrateLedger(asked, portsOf(memory))).rejects.toThrow(/DD2503: 1 open ring .*RING#open/)
    expect(await itemsOf(memory)).toEqual(before)
  })

  it('does not with --while-open', async () => {
    const memory = await ledgerOf(openOf({ state: 'open' }))
    expect((await migrateLedger({ ...asked, isWhileOpen: true }, portsOf(memory))).moved).toBeGreaterThan(0)
  })
})

describe('many records', () => {
  it('move to other keys with list and expiry, in transactions that DynamoDB takes, and come back', async () => {
    const memory = await ledgerOf(notes(450))
    const sizes: number[] = []
    const ledger: Ledger = {
      ...memory,
      commit: (transaction) => {
        sizes.push(transaction.moves.length + (transaction.drops?.length ?? 0) + transaction.evidence.length)
        return memory.commit(transaction)
      },
    }
    const ports = portsOf(memory, { migrations: [rekey], ledger })
    expect((await migrateLedger(asked, ports)).moved).toBe(450)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(100)
    const moved = (await contentsOf(memory)).map((content) => canonicalJson(content))
    expect(moved).toEqual(
      notes(450)
        .flatMap(rekey.up)
        .map((item) => canonicalJson(contentOf(item))),
    )
    await migrateLedger({ ...asked, backTo: rekey.id }, ports)
    expect(await contentsOf(memory)).toEqual(notes(450).map(contentOf))
  })

  it('cut off after any commit, goes on where it stood: forward, or back at once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 9 }), fc.boolean(), async (commitsMax, goesBack) => {
        const memory = await ledgerOf(notes(300))
        let commits = 0
        const dying: Ledger = {
          ...memory,
          async commit(transaction) {
            const result = await memory.commit(transaction)
            if (++commits === commitsMax) throw new Error('killed')
            return result
          },
        }
        await migrateLedger(asked, portsOf(memory, { migrations: [rekey], ledger: dying })).catch(() => undefined)
        const input = goesBack ? { ...asked, backTo: rekey.id } : asked
        await migrateLedger(input, portsOf(memory, { migrations: [rekey] }))
        const expected = goesBack ? notes(300) : notes(300).flatMap(rekey.up)
        expect(await contentsOf(memory)).toEqual(expected.map(contentOf))
        const { applied, run } = (await memory.read(MigrationsRecord, keys.migrations()))?.value ?? {}
        expect([applied, run]).toEqual([goesBack ? [] : [rekey.id], undefined])
      }),
      { numRuns: 18 },
    )
  })
})

describe('a record whose new key is taken', () => {
  it('is told and left as it is, and the others move', async () => {
    const there: RawItem = { ...note(1), key: noteKey('NEW', 1), value: { changeId: 'newer' } }
    const memory = await ledgerOf([...notes(3), there])
    const done = await migrateLedger(asked, portsOf(memory, { migrations: [rekey] }))
    expect(done).toMatchObject({
      moved: 2,
      unreadable: [{ key: noteKey('OLD', 1), because: 'its new key is already taken by another record' }],
    })
    const texts = (await contentsOf(memory)).map((content) => canonicalJson(content))
    for (const item of [there, note(1)]) expect(texts).toContain(canonicalJson(contentOf(item)))
  })
})

describe('another writer', () => {
  /** Writes `value` over the first record when the run is about to commit its `turn`th transaction. */
  function racing(memory: ReturnType<typeof memoryLedger>, key: RawItem['key'], turns: readonly number[]): Ledger {
    let commits = 0
    const written: CommitResult[] = []
    return {
      ...memory,
      async commit(transaction) {
        if (turns.includes(commits++)) {
          const item = (await itemsOf(memory)).find((one) => canonicalJson(one.key) === canonicalJson(key))
          if (item)
            written.push(
              await memory.commit({
                moves: [{ kind: item.kind, key, from: item.version, value: { changeId: `by another ${commits}` } }],
                evidence: [
                  { leafId: `w${commits}`, at: '', type: 'test', account: '', changeId: 'none', actor: '', body: {} },
                ],
              }),
            )
        }
        return memory.commit(transaction)
      },
    }
  }

  it('who moves a record first costs a second look, and neither write is lost', async () => {
    const memory = await ledgerOf(notes(3))
    const ledger = racing(memory, noteKey('OLD', 1), [1, 2])
    expect((await migrateLedger(asked, portsOf(memory, { migrations: [rekey], ledger }))).moved).toBe(3)
    const values = (await itemsOf(memory)).filter((item) => !isProgress(item)).map(({ key, value }) => [key.pk, value])
    expect(values).toEqual([
      ['NEW#0000', { changeId: 'C0' }],
      ['NEW#0001', { changeId: 'by another 3' }],
      ['NEW#0002', { changeId: 'C2' }],
    ])
  })

  it('DD2506 who is faster every time ends the run, which can be run again', async () => {
    const memory = await ledgerOf(notes(3))
    const ledger = racing(memory, noteKey('OLD', 1), [1, 2, 3, 4, 5, 6])
    const ports = { migrations: [rekey] }
    await expect(migrateLedger(asked, portsOf(memory, { ...ports, ledger }))).rejects.toThrow('DD2506')
    expect((await migrateLedger(asked, portsOf(memory, ports))).moved).toBe(3)
  })

  it('DD2504 who migrates too is not run against', async () => {
    const memory = await ledgerOf(notes(3))
    let isFirst = true
    const ledger: Ledger = {
      ...memory,
      async commit(transaction) {
        if (isFirst) {
          isFirst = false
          await migrateLedger(asked, portsOf(memory, { migrations: [rekey] }))
        }
        return memory.commit(transaction)
      },
    }
    await expect(migrateLedger(asked, portsOf(memory, { migrations: [rekey], ledger }))).rejects.toThrow('DD2504')
  })
})
