import { hash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import type { Move, RecordKind } from '../../../functions/kit/ledger.ts'
import { capacityMeter } from '../../../simulator/ports/capacity.ts'
import { memoryLedger } from '../../../simulator/ports/ledger.ts'

const TextRecord: RecordKind<string> = { kind: 'text', schema: z.string() }
/** Text that takes so many bytes as stored, though it is compressed: bytes without a pattern, in base 64. */
function textOf(bytes: number): string {
  const blocks = Array.from({ length: Math.ceil(bytes / 64) }, (_, index) => hash('sha512', `${index}`, 'buffer'))
  return Buffer.concat(blocks).subarray(0, bytes).toString('base64')
}
const move = (sk: string, from: number, bytes: number, list?: Move['list']): Move => ({
  kind: 'text',
  key: { pk: 'P', sk },
  from,
  value: textOf(bytes),
  ...(list ? { list } : {}),
})
let count = 0
const leaf = () => ({ leafId: `L${count++}`, at: '', type: 'test.x', account: '', changeId: '', actor: '', body: {} })

function anyLedger(isRefusing = false) {
  const time = { nowMs: 0 }
  const meter = capacityMeter({ nowMs: () => time.nowMs, isRefusing })
  return { time, meter, ledger: memoryLedger(meter) }
}

describe('the capacity that a ledger takes', () => {
  it('is two units a kilobyte in a transaction, one where a filed leaf is deleted', async () => {
    const { ledger, meter } = anyLedger()
    const evidence = leaf()
    await ledger.commit({ moves: [move('A', 0, 500), move('B', 0, 1_500)], evidence: [evidence] })
    ledger.removeFromOutbox([evidence.leafId])
    expect(Object.fromEntries(meter.writeUnits())).toEqual({ text: 2 + 4, outbox: 2, 'outbox, deleted': 1 })
  })

  it('counts the larger of what stood and what stands, and drops and checks like writes', async () => {
    const { ledger, meter } = anyLedger()
    await ledger.commit({ moves: [move('A', 0, 2_500), move('B', 0, 10)], evidence: [leaf()] })
    await ledger.commit({
      moves: [move('A', 1, 10)],
      checks: [{ key: { pk: 'P', sk: 'B' }, from: 1 }],
      evidence: [leaf()],
    })
    expect(meter.writeUnits().get('text')).toBe(6 + 2 + 6 + 2)
    await ledger.commit({ moves: [], drops: [{ key: { pk: 'P', sk: 'B' }, from: 1 }], evidence: [leaf()] })
    expect(meter.writeUnits().get('text')).toBe(6 + 2 + 6 + 2 + 2)
  })

  it('counts an entry of the index when it comes, and twice when it moves', async () => {
    const { ledger, meter } = anyLedger()
    const inList = 'text in the list'
    await ledger.commit({ moves: [move('A', 0, 10, { pk: 'LIST', sk: '1' })], evidence: [leaf()] })
    expect(meter.writeUnits().get(inList)).toBe(1)
    await ledger.commit({ moves: [move('A', 1, 10, { pk: 'LIST', sk: '2' })], evidence: [leaf()] })
    expect(meter.writeUnits().get(inList)).toBe(3)
  })

  it('names the largest item', async () => {
    const { ledger, meter } = anyLedger()
    await ledger.commit({ moves: [move('A', 0, 5_000), move('B', 0, 10)], evidence: [leaf()] })
    expect(meter.largestItem()).toBe('P / A')
    expect(meter.largestItemBytes()).toBeGreaterThan(5_000)
  })

  it('counts reads by four kilobytes, those of a list by half', async () => {
    const { ledger, meter } = anyLedger()
    await ledger.commit({ moves: [move('A', 0, 5_000, { pk: 'LIST', sk: '1' })], evidence: [leaf()] })
    await ledger.read(TextRecord, { pk: 'P', sk: 'A' })
    await ledger.query(TextRecord, 'P', '')
    await ledger.list(TextRecord, 'LIST')
    await ledger.read(TextRecord, { pk: 'P', sk: 'nothing' })
    expect(meter.readUnits()).toBe(2 + 2 + 1 + 1)
  })

  it('tells the seconds in which a key took more than it is given', async () => {
    const { ledger, meter, time } = anyLedger()
    const large = (from: number) => ledger.commit({ moves: [move('A', from, 29_000)], evidence: [leaf()] })
    for (let from = 0; from < 17; from++) await large(from)
    expect(meter.secondsOver('writes')).toBe(0)
    time.nowMs = 999
    await large(17)
    expect(meter.secondsOver('writes')).toBe(1)
    time.nowMs = 1_000
    await large(18)
    expect(meter.secondsOver('writes')).toBe(1)
  })

  it('can refuse it, and then nothing was written', async () => {
    const { ledger } = anyLedger(true)
    const large = (from: number) => ledger.commit({ moves: [move('A', from, 29_000)], evidence: [leaf()] })
    for (let from = 0; from < 17; from++) await large(from)
    await expect(large(17)).rejects.toThrow('DD1005: ThrottlingException')
    expect((await ledger.read(TextRecord, { pk: 'P', sk: 'A' }))?.version).toBe(17)
  })
})
