import { beforeEach, describe, expect, it } from 'vitest'
import { ChangeRecord } from '../../../functions/changes/change.ts'
import { moveRecordedChange } from '../../../functions/changes/move-change.ts'
import { changeMove } from '../../../functions/changes/reducer.ts'
import { keys } from '../../../functions/kit/keys.ts'
import type { Ledger } from '../../../functions/kit/ledger.ts'
import { memoryLedger } from '../../../simulator/ports/ledger.ts'
import { fixedClock, sequentialIds } from '../../../simulator/ports/time.ts'
import { anyChange } from './any-change.ts'

const change = anyChange({ state: 'held', heldFrom: 'scheduled', heldBecause: 'freeze' })
const { changeId } = change
const nowMs = Date.parse('2026-03-02T10:00:00.000Z')

async function anyWorld() {
  const ledger = memoryLedger()
  const ids = sequentialIds()
  const by = { at: '', type: 'test', account: '', changeId, actor: 'test', body: {} }
  const put = async (reasons: string[]) => {
    const read = await ledger.read(ChangeRecord, keys.change(changeId))
    const moves = [changeMove(read, { ...change, reasons })]
    await ledger.commit({ moves, evidence: [{ ...by, leafId: ids.next() }] })
  }
  await put(['first'])
  const ports = { ledger, ids, clock: fixedClock(nowMs), account: '123456789012' }
  const stored = () => ledger.read(ChangeRecord, keys.change(changeId))
  /** Another writer comes between each read and its commit, as many times. */
  const contended = (times: number): Ledger => {
    let left = times
    const commit: Ledger['commit'] = async (transaction) => {
      if (left-- > 0) await put([`other ${left}`])
      return ledger.commit(transaction)
    }
    return { ...ledger, commit }
  }
  return { ports, ledger, stored, contended }
}
let world = await anyWorld()
beforeEach(async () => {
  world = await anyWorld()
})

describe('2.1 moveRecordedChange', () => {
  it('moves the change and files who did it, in one transaction', async () => {
    const moved = await moveRecordedChange(changeId, { type: 'released' }, world.ports, 'chloe')
    expect(moved).toMatchObject({ change: { state: 'scheduled', updatedAt: '2026-03-02T10:00:00.000Z' } })
    expect(await world.stored()).toMatchObject({ version: 2, value: { state: 'scheduled' } })
    expect(world.ledger.outbox().at(-1)).toMatchObject({
      type: 'change.released',
      actor: 'chloe',
      account: '123456789012',
      at: '2026-03-02T10:00:00.000Z',
      changeId,
      body: { state: 'scheduled' },
    })
  })

  it('names drydock where nobody else is named', async () => {
    await moveRecordedChange(changeId, { type: 'released' }, world.ports)
    expect(world.ledger.outbox().at(-1)?.actor).toBe('drydock')
  })

  it('says what the table of moves refuses, and writes nothing', async () => {
    const before = world.ledger.outbox().length
    expect(await moveRecordedChange(changeId, { type: 'assessed' }, world.ports)).toEqual({
      refused: 'assessed from held',
    })
    expect([await world.stored(), world.ledger.outbox().length]).toMatchObject([{ version: 1 }, before])
  })

  it('reads again when others came first, and builds on what they wrote', async () => {
    const ports = { ...world.ports, ledger: world.contended(4) }
    expect(await moveRecordedChange(changeId, { type: 'released' }, ports)).toMatchObject({
      change: { state: 'scheduled', reasons: ['other 0'] },
    })
  })

  it('gives up at the fifth writer that came first', async () => {
    const ports = { ...world.ports, ledger: world.contended(5) }
    await expect(moveRecordedChange(changeId, { type: 'released' }, ports)).rejects.toThrow('DD1502')
    expect((await world.stored())?.value.state).toBe('held')
  })

  it('names the change that is not in the ledger', async () => {
    await expect(moveRecordedChange('0'.repeat(26), { type: 'released' }, world.ports)).rejects.toThrow('DD1501')
  })
})
