import { describe, expect, it } from 'vitest'
import { ChangeRecord, changeMove } from '../../../functions/changes/index.ts'
import { run } from '../../../functions/driver/choose-next-step.ts'
import type { Json } from '../../../functions/kit/json.ts'
import { keys } from '../../../functions/kit/keys.ts'
import type { Ledger, RecordKey } from '../../../functions/kit/ledger.ts'
import { memoryLedger } from '../../../simulator/ports/ledger.ts'
import { fixedClock, sequentialIds } from '../../../simulator/ports/time.ts'
import { anyChange } from '../changes/any-change.ts'

const planHash = 'a'.repeat(64)
const change = anyChange({ state: 'in-progress', ring: 'dev', planHash })
const { changeId } = change
const validating = { ...change, state: 'validating' as const }

async function anyWorld(ringState: string) {
  const ledger = memoryLedger()
  const ids = sequentialIds()
  const evidence = () =>
    [{ leafId: ids.next(), at: '', type: 'test', account: '', changeId, actor: 'test', body: {} }] as const
  const put = (kind: string, key: RecordKey, value: Json) =>
    ledger.commit({ moves: [{ kind, key, from: 0, value }], evidence: evidence() })
  await ledger.commit({ moves: [changeMove(undefined, change)], evidence: evidence() })
  await put('plan', keys.plan(changeId, planHash), { rings: [{ name: 'dev' }] })
  await put('ring', keys.ring(changeId, 'dev'), { state: ringState })
  /** The ring ends with its change at the moment when someone reads the ring. */
  function endingOnRead(times: number): Ledger {
    let left = times
    const read: Ledger['read'] = async (kind, key) => {
      if (kind.kind === 'ring' && left > 0) {
        left--
        const now = await ledger.read(ChangeRecord, keys.change(changeId))
        if (now) await ledger.commit({ moves: [changeMove(now, validating)], evidence: evidence() })
      }
      return ledger.read(kind, key)
    }
    return { ...ledger, read }
  }
  const ports = { ledger, clock: fixedClock(Date.UTC(2026, 0, 1)), ids, account: '123456789012' }
  const state = async () => (await ledger.read(ChangeRecord, keys.change(changeId)))?.value.state
  return { ports, endingOnRead, state }
}

describe('I11 what a driver does next', () => {
  it('F13 goes on to validate when the ring ended with its change while both were read', async () => {
    const { ports, endingOnRead, state } = await anyWorld('succeeded')
    expect(await run({ changeId }, { ...ports, ledger: endingOnRead(1) })).toEqual({
      changeId,
      step: 'validate',
      ring: 'dev',
    })
    expect(await state()).toBe('validating')
  })

  it('looks again a second later when the change moves at every try', async () => {
    const { ports, endingOnRead } = await anyWorld('succeeded')
    expect(await run({ changeId }, { ...ports, ledger: endingOnRead(9) })).toEqual({
      changeId,
      step: 'wait',
      seconds: 1,
    })
  })

  it('I20 holds a change whose ring ended without it', async () => {
    const { ports, state } = await anyWorld('succeeded')
    expect(await run({ changeId }, ports)).toEqual({ changeId, step: 'wait', seconds: 0 })
    expect(await state()).toBe('held')
  })

  it('names the change that is not in the ledger', async () => {
    const { ports } = await anyWorld('open')
    await expect(run({ changeId: '0'.repeat(26) }, ports)).rejects.toThrow('DD1501')
  })
})
