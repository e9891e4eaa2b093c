import { describe, expect, it } from 'vitest'
import { lists } from '../../../functions/kit/keys.ts'
import { searchSteps } from '../../../functions/rollout/search-steps.ts'
import { stepsMove } from '../../../functions/rollout/step-log.ts'
import { memoryLedger } from '../../../simulator/ports/ledger.ts'
import { anyChange } from '../changes/any-change.ts'

const one = '01J00000000000000000000001'
const other = '01J00000000000000000000002'
const at = (minute: number) => `2026-01-01T00:${String(minute).padStart(2, '0')}:00.000Z`

/** Two changes; host a in both. */
async function anyLog() {
  const ledger = memoryLedger()
  const steps = [
    [one, 'i-a', 'install', 1],
    [one, 'i-b', 'install', 2],
    [one, 'i-a', 'verify', 3],
    [other, 'i-a', 'install', 4],
  ] as const
  const evidence = { at: '', type: 'test', account: '', changeId: 'none', actor: '', body: {} }
  for (const [changeId, hostId, step, minute] of steps) {
    const end = { step, attempt: 1, commandId: 'c', status: 'Success', exitCode: 0, outcome: 'passed' }
    const found = { ...end, startedAt: at(minute - 1), endedAt: at(minute), outputLocation: 's3://output' }
    await ledger.commit({
      moves: [stepsMove(hostId, [{ ...found, at: at(minute) }], { changeId, name: 'production' })],
      evidence: [{ ...evidence, leafId: `${minute}` }],
    })
  }
  for (const [changeId, minute] of [
    [one, 3],
    [other, 4],
  ] as const)
    await ledger.commit({
      moves: [
        {
          kind: 'change',
          key: { pk: `CHANGE#${changeId}`, sk: 'CHANGE' },
          from: 0,
          value: anyChange({ changeId, updatedAt: at(minute) }),
          list: { pk: lists.changes, sk: changeId },
        },
      ],
      evidence: [{ ...evidence, leafId: changeId }],
    })
  return ledger
}

describe('5.8 the execution log', () => {
  it.each([
    ['by host, over changes', { hostId: 'i-a' }, [1, 3, 4]],
    ['by change, over hosts', { changeId: one }, [1, 2, 3]],
    ['by host and change', { hostId: 'i-a', changeId: one }, [1, 3]],
    ['by time', { since: at(2), until: at(4) }, [2, 3]],
    ['by host and time', { hostId: 'i-a', since: at(3) }, [3, 4]],
    ['by change and time', { changeId: one, until: at(2) }, [1]],
    ['by nothing: all of it', {}, [1, 2, 3, 4]],
    ['by a host that never ran anything', { hostId: 'i-z' }, []],
  ])('is searched %s', async (_, search, minutes) => {
    const { steps: found } = await searchSteps({ ...search, limit: 10 }, await anyLog())
    expect(found.map((step) => step.at)).toEqual(minutes.map(at))
    for (const { startedAt, endedAt, exitCode, outputLocation } of found)
      expect([startedAt, endedAt, exitCode, outputLocation]).not.toContain(undefined)
  })

  it('keeps the newest where more match than are asked for', async () => {
    const { steps: found } = await searchSteps({ limit: 2 }, await anyLog())
    expect(found.map((step) => step.at)).toEqual([at(3), at(4)])
  })
})
