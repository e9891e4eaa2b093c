import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { noObjects, withHeaders } from '../../../functions/aws/object-values.ts'
import type { Move, RecordKind } from '../../../functions/kit/ledger.ts'
import { ObjectHeader } from '../../../functions/kit/object-header.ts'
import { memoryEvidenceStore } from '../../../simulator/ports/evidence-store.ts'
import { memoryLedger } from '../../../simulator/ports/ledger.ts'

const key = { pk: 'CHANGE#1', sk: 'PLAN#1' }
const PlanTextRecord: RecordKind<{ text: string }> = { kind: 'plan', schema: z.strictObject({ text: z.string() }) }
const plan: Move = { kind: 'plan', key, from: 0, value: { text: 'one' } }
const leaf = { leafId: '1', at: '', type: 'test.x', account: '', changeId: 'none', actor: '', body: {} }

async function anyLedger() {
  const store = memoryEvidenceStore()
  const ledger = memoryLedger(undefined, store)
  await ledger.commit({ moves: [plan], evidence: [leaf] })
  const [path = ''] = store.objects.keys()
  return { store, ledger, path }
}

describe('a record whose value is an object', () => {
  it('stands under the SHA-256 of its canonical JSON, its item a header of it', async () => {
    const { store, ledger, path } = await anyLedger()
    // echo -n '{"text":"one"}' | sha256sum
    const sha256 = '5a16c51629b5175a9faa934c172b836ff2553ca8adf18c8c53a8ccbae5f16e77'
    expect(path).toBe(`v1/object/${sha256}.json`)
    expect(Buffer.from(store.objects.get(path) ?? []).toString()).toBe('{"text":"one"}')
    const { items } = await ledger.items.page(undefined, 10)
    expect(items.map(({ value }) => ObjectHeader.parse(value))).toEqual([{ object: path, sha256, bytes: 14 }])
  })

  it('is refused when its object has other bytes', async () => {
    const { store, ledger, path } = await anyLedger()
    store.objects.set(path, Buffer.from('{"text":"two"}'))
    await expect(ledger.read(PlanTextRecord, key)).rejects.toThrow('DD1011')
  })

  it('is refused when its object is missing', async () => {
    const { store, ledger, path } = await anyLedger()
    store.objects.delete(path)
    await expect(ledger.read(PlanTextRecord, key)).rejects.toThrow('found no such object')
  })

  it('is written before the transaction, and by nobody who may not', async () => {
    await expect(withHeaders({ moves: [plan], evidence: [leaf] }, noObjects)).rejects.toThrow('DD1011')
  })

  it('is left as it is where a header is moved, as a migration does', async () => {
    const { ledger, store } = await anyLedger()
    const { items } = await ledger.items.page(undefined, 10)
    const header = items[0]?.value ?? null
    await ledger.commit({ moves: [{ ...plan, from: 1, value: header }], evidence: [{ ...leaf, leafId: '2' }] })
    expect(store.objects.size).toBe(1)
    expect((await ledger.read(PlanTextRecord, key))?.value).toEqual({ text: 'one' })
  })
})
