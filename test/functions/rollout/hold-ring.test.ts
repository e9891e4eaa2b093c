import { describe, expect, it } from 'vitest'
import { ChangeRecord } from '../../../functions/changes/change.ts'
import { changeMove } from '../../../functions/changes/reducer.ts'
import { keys } from '../../../functions/kit/keys.ts'
import { run } from '../../../functions/rollout/hold-ring.ts'
import type { Ring } from '../../../functions/rollout/ring.ts'
import { ringMoves } from '../../../functions/rollout/ring-moves.ts'
import { memoryLedger } from '../../../simulator/ports/ledger.ts'
import { fixedClock, sequentialIds } from '../../../simulator/ports/time.ts'
import { anyChange, anyRing, changeId } from '../validation/builders.ts'

async function held(state: Ring['state'] | 'missing') {
  const [ledger, ids] = [memoryLedger(), sequentialIds()]
  const by = { leafId: ids.next(), at: '', type: 'test', account: '', changeId, actor: 'test', body: {} }
  const ring = state === 'missing' ? [] : [...ringMoves(undefined, anyRing('dev', { state })).moves]
  await ledger.commit({ moves: [changeMove(undefined, anyChange({ state: 'in-progress' })), ...ring], evidence: [by] })
  const answer = await run({ changeId, ring: 'dev' }, { ledger, ids, clock: fixedClock(0), account: '1' })
  const change = (await ledger.read(ChangeRecord, keys.change(changeId)))?.value
  return { answer, change }
}

describe('I20 hold-ring', () => {
  it.each([
    ['open', 'ring dev did not end in time'],
    ['stopped', 'ring dev could not be opened'],
    ['missing', 'ring dev could not be opened'],
  ] as const)('holds the change of a ring that is %s: %s', async (state, because) => {
    const { answer, change } = await held(state)
    expect(answer).toEqual({ outcome: 'held' })
    expect(change).toMatchObject({ state: 'held', heldBecause: because })
  })

  it.each(['succeeded', 'failed', 'halted'] as const)(
    'holds nothing for a ring that %s while its machine gave up: the driver goes on from there',
    async (state) => {
      const { answer, change } = await held(state)
      expect(answer).toEqual({ outcome: state })
      expect(change?.state).toBe('in-progress')
    },
  )
})
