/** What every ledger must do; run on the one in memory and on DynamoDB. */

import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import * as z from 'zod'
import type { EvidenceRecord, Ledger, Move, RecordKind } from '../../functions/kit/ledger.ts'

const Note = z.strictObject({ text: z.string() })
const NoteRecord: RecordKind<z.infer<typeof Note>> = { kind: 'note', schema: Note }

/** Of the kind whose values are objects. */
const PlanTextRecord: RecordKind<z.infer<typeof Note>> = { kind: 'plan', schema: Note }

let count = 0
const evidence = (): EvidenceRecord => ({
  leafId: `01J0000000CONTRACT${String(count++).padStart(8, '0')}`,
  at: '2026-01-01T00:00:00.000Z',
  type: 'note.written',
  account: '123456789012',
  changeId: 'none',
  actor: 'test',
  body: {},
})

export function ledgerContract(makeLedger: () => { ledger: Ledger; leafIds: () => Promise<readonly string[]> }) {
  const setUp = () => {
    const made = makeLedger()
    const pk = `CONTRACT#${count++}`
    const move = (sk: string, from: number, text: string, list?: Move['list']): Move => ({
      kind: 'note',
      key: { pk, sk },
      from,
      value: { text },
      ...(list ? { list } : {}),
    })
    return { ...made, pk, move }
  }

  it('reads nothing where nothing was written', async () => {
    const { ledger, pk } = setUp()
    expect(await ledger.read(NoteRecord, { pk, sk: 'A' })).toBeUndefined()
  })

  it('writes version 1 and reads it back', async () => {
    const { ledger, pk, move } = setUp()
    expect(await ledger.commit({ moves: [move('A', 0, 'one')], evidence: [evidence()] })).toEqual({ committed: true })
    expect(await ledger.read(NoteRecord, { pk, sk: 'A' })).toEqual({
      key: { pk, sk: 'A' },
      version: 1,
      value: { text: 'one' },
    })
  })

  it('B21 reads back a record far longer than DynamoDB takes, byte for byte, also by query and list', async () => {
    const { ledger, pk, move } = setUp()
    const text = Array.from({ length: 20_000 }, (_, index) => `host ${index * 7919} ü`).join('\n')
    await ledger.commit({ moves: [move('LONG', 0, text, { pk: `LIST-${pk}`, sk: '1' })], evidence: [evidence()] })
    expect((await ledger.read(NoteRecord, { pk, sk: 'LONG' }))?.value).toEqual({ text })
    expect((await ledger.query(NoteRecord, pk, 'LO')).map(({ value }) => value)).toEqual([{ text }])
    expect((await ledger.list(NoteRecord, `LIST-${pk}`)).map(({ value }) => value)).toEqual([{ text }])
  })

  it('F11 refuses a writer who read an older version, names the record, and writes nothing of it', async () => {
    const { ledger, pk, move, leafIds } = setUp()
    await ledger.commit({ moves: [move('A', 0, 'one')], evidence: [evidence()] })
    await ledger.commit({ moves: [move('A', 1, 'two')], evidence: [evidence()] })
    const before = await leafIds()
    expect(await ledger.commit({ moves: [move('B', 0, 'new'), move('A', 1, 'late')], evidence: [evidence()] })).toEqual(
      { conflict: { pk, sk: 'A' } },
    )
    expect(await ledger.read(NoteRecord, { pk, sk: 'B' })).toBeUndefined()
    expect((await ledger.read(NoteRecord, { pk, sk: 'A' }))?.value).toEqual({ text: 'two' })
    expect(await leafIds()).toEqual(before)
  })

  it('I5 lets exactly one of two writers of the same version win', async () => {
    const { ledger, move } = setUp()
    await ledger.commit({ moves: [move('A', 0, 'one')], evidence: [evidence()] })
    const results = await Promise.all(
      ['left', 'right'].map((text) => ledger.commit({ moves: [move('A', 1, text)], evidence: [evidence()] })),
    )
    expect(results.filter((result) => 'committed' in result)).toHaveLength(1)
  })

  it('refuses to create what exists', async () => {
    const { ledger, pk, move } = setUp()
    await ledger.commit({ moves: [move('A', 0, 'one')], evidence: [evidence()] })
    expect(await ledger.commit({ moves: [move('A', 0, 'again')], evidence: [evidence()] })).toEqual({
      conflict: { pk, sk: 'A' },
    })
  })

  it('holds a transaction to its checks', async () => {
    const { ledger, pk, move } = setUp()
    await ledger.commit({ moves: [move('A', 0, 'one')], evidence: [evidence()] })
    const check = (from: number) =>
      ledger.commit({ moves: [move('B', 0, 'two')], checks: [{ key: { pk, sk: 'A' }, from }], evidence: [evidence()] })
    expect(await check(2)).toEqual({ conflict: { pk, sk: 'A' } })
    expect(await check(1)).toEqual({ committed: true })
  })

  it('drops a record at the version read', async () => {
    const { ledger, pk, move } = setUp()
    await ledger.commit({ moves: [move('A', 0, 'one')], evidence: [evidence()] })
    expect(
      await ledger.commit({ moves: [], drops: [{ key: { pk, sk: 'A' }, from: 7 }], evidence: [evidence()] }),
    ).toEqual({ conflict: { pk, sk: 'A' } })
    expect(
      await ledger.commit({ moves: [], drops: [{ key: { pk, sk: 'A' }, from: 1 }], evidence: [evidence()] }),
    ).toEqual({ committed: true })
    expect(await ledger.read(NoteRecord, { pk, sk: 'A' })).toBeUndefined()
  })

  it('I8 writes one outbox record for each transition, with it', async () => {
    const { ledger, move, leafIds } = setUp()
    const record = evidence()
    await ledger.commit({ moves: [move('A', 0, 'one')], evidence: [record] })
    expect((await leafIds()).filter((leafId) => leafId === record.leafId)).toHaveLength(1)
  })

  it('queries a partition by prefix in key order', async () => {
    const { ledger, pk, move } = setUp()
    await ledger.commit({
      moves: [move('X#2', 0, 'b'), move('X#1', 0, 'a'), move('Y#1', 0, 'c')],
      evidence: [evidence()],
    })
    expect((await ledger.query(NoteRecord, pk, 'X#')).map(({ value }) => value.text)).toEqual(['a', 'b'])
  })

  it('queries a partition page by page, each record once', async () => {
    const { ledger, pk, move } = setUp()
    const moves = ['X#1', 'X#2', 'X#3', 'Y#1'].map((sk) => move(sk, 0, sk))
    await ledger.commit({ moves, evidence: [evidence()] })
    const page = async (after?: string) =>
      (await ledger.query(NoteRecord, pk, 'X#', { limit: 2, ...(after ? { after } : {}) })).map(({ key }) => key.sk)
    expect([await page(), await page('X#2'), await page('X#3')]).toEqual([['X#1', 'X#2'], ['X#3'], []])
  })

  it('lists by the list key, either way round, and up to a limit', async () => {
    const { ledger, pk, move } = setUp()
    await ledger.commit({
      moves: ['1', '2', '3'].map((sk) => move(sk, 0, sk, { pk: `LIST-${pk}`, sk })),
      evidence: [evidence()],
    })
    expect((await ledger.list(NoteRecord, `LIST-${pk}`)).map(({ value }) => value.text)).toEqual(['1', '2', '3'])
    expect(
      (await ledger.list(NoteRecord, `LIST-${pk}`, { newestFirst: true, limit: 2 })).map(({ value }) => value.text),
    ).toEqual(['3', '2'])
  })

  it('lists page by page, either way round, each record once', async () => {
    const { ledger, pk, move } = setUp()
    const all = ['1', '2', '3', '4', '5']
    await ledger.commit({
      moves: all.map((sk) => move(sk, 0, sk, { pk: `LIST-${pk}`, sk })),
      evidence: [evidence()],
    })
    for (const newestFirst of [false, true]) {
      const seen: string[] = []
      let after: string | undefined
      do {
        const page = await ledger.list(NoteRecord, `LIST-${pk}`, { newestFirst, limit: 2, ...(after ? { after } : {}) })
        seen.push(...page.map(({ value }) => value.text))
        after = page.at(-1)?.listSk
      } while (after !== undefined)
      expect(seen).toEqual(newestFirst ? all.toReversed() : all)
    }
  })

  it('I16 refuses a transaction of more than 100 items', async () => {
    const { ledger, move } = setUp()
    await expect(
      ledger.commit({
        moves: Array.from({ length: 100 }, (_, index) => move(String(index), 0, 'x')),
        evidence: [evidence()],
      }),
    ).rejects.toThrow('DD1003')
  })

  /** Text that does not get shorter by compression. */
  const noise = (bytes: number) =>
    Array.from({ length: Math.ceil(bytes / 64) }, (_, index) =>
      createHash('sha256').update(String(index)).digest('hex'),
    ).join('')

  it('B21 refuses an item over 400 KB as stored: a record, or evidence in the outbox', async () => {
    const { ledger, move, pk } = setUp()
    await expect(ledger.commit({ moves: [move('A', 0, noise(1_200_000))], evidence: [evidence()] })).rejects.toThrow(
      `DD1009: record ${pk} / A`,
    )
    await expect(
      ledger.commit({ moves: [move('A', 0, 'x')], evidence: [{ ...evidence(), body: noise(1_200_000) }] }),
    ).rejects.toThrow('DD1009: record OUTBOX')
    expect(await ledger.read(NoteRecord, { pk, sk: 'A' })).toBeUndefined()
    const largest = { ...evidence(), body: noise(700_000) }
    expect(await ledger.commit({ moves: [move('A', 0, 'x')], evidence: [largest] })).toEqual({ committed: true })
  })

  it('B21 keeps a plan beside the table, however long, under its hash, and its item small', async () => {
    const { ledger, pk } = setUp()
    const text = noise(2_000_000)
    const plan = { kind: PlanTextRecord.kind, key: { pk, sk: 'PLAN' }, from: 0, value: { text } }
    expect(await ledger.commit({ moves: [plan], evidence: [evidence()] })).toEqual({ committed: true })
    expect((await ledger.read(PlanTextRecord, plan.key))?.value).toEqual({ text })
    expect((await ledger.query(PlanTextRecord, pk, 'PL')).map(({ value }) => value)).toEqual([{ text }])
    const again = { ...plan, from: 1 }
    expect(await ledger.commit({ moves: [again], evidence: [evidence()] })).toEqual({ committed: true })
    expect(await ledger.read(PlanTextRecord, plan.key)).toMatchObject({ version: 2, value: { text } })
  })

  it('refuses a transaction over 4 MB', async () => {
    const { ledger, move, pk } = setUp()
    const leaves = Array.from({ length: 11 }, () => ({ ...evidence(), body: noise(700_000) }))
    const [first, ...others] = leaves
    if (!first) throw new Error('no leaf')
    await expect(ledger.commit({ moves: [move('A', 0, 'x')], evidence: [first, ...others] })).rejects.toThrow(
      /DD1003: a transaction of \d+ bytes/,
    )
    expect(await ledger.read(NoteRecord, { pk, sk: 'A' })).toBeUndefined()
  })

  it('refuses a transaction that names a record twice', async () => {
    const { ledger, move } = setUp()
    await expect(
      ledger.commit({ moves: [move('A', 0, 'x'), move('A', 0, 'y')], evidence: [evidence()] }),
    ).rejects.toThrow('DD1003')
  })
}
