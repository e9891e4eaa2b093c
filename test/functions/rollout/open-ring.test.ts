import { describe, expect, it } from 'vitest'
import { ChangeRecord, ChangeState, terminalStates } from '../../../functions/changes/index.ts'
import { keys } from '../../../functions/kit/keys.ts'
import { run } from '../../../functions/rollout/handlers/open-ring.ts'
import { RingRecord } from '../../../functions/rollout/index.ts'
import { memoryLedger } from '../../../local/ports/ledger.ts'
import { memoryNudges } from '../../../local/ports/nudges.ts'
import { fixedClock, sequentialIds } from '../../../local/ports/time.ts'
import { anyChange, at } from '../changes/any-change.ts'

const { changeId } = anyChange()

describe('I4 open-ring', () => {
  it.each(ChangeState.options.filter((state) => terminalStates.includes(state)))(
    'opens no ring and wakes nobody for a change that was %s after its gates were checked',
    async (state) => {
      const ports = { ledger: memoryLedger(), nudges: memoryNudges(), clock: fixedClock(0), ids: sequentialIds() }
      const by = { leafId: 'x', at, type: 'test.put', account: '1', changeId, actor: 'test', body: {} }
      const value = anyChange({ state, planHash: 'a'.repeat(64) })
      const move = { kind: ChangeRecord.kind, key: keys.change(changeId), from: 0, value }
      await ports.ledger.commit({ moves: [move], evidence: [by] })
      const opening = run({ changeId, ring: 'dev', taskToken: 't' }, { ...ports, account: '1' })
      await expect(opening).rejects.toMatchObject({ code: 'DD1804' })
      expect(await ports.ledger.read(RingRecord, keys.ring(changeId, 'dev'))).toBeUndefined()
      expect(ports.nudges.sent).toEqual([])
    },
  )
})
