import { describe, expect, it } from 'vitest'
import { ChangeRecord, ChangeState, terminalStates } from '../../../functions/changes/index.ts'
import { keys } from '../../../functions/kit/keys.ts'
import { run } from '../../../functions/rollout/handlers/open-ring.ts'
import { RingRecord } from '../../../functions/rollout/index.ts'
import { openedRing } from '../../../functions/rollout/open.ts'
import { memoryLedger } from '../../../simulator/ports/ledger.ts'
import { memoryNudges } from '../../../simulator/ports/nudges.ts'
import { fixedClock, sequentialIds } from '../../../simulator/ports/time.ts'
import { anyChange, at } from '../changes/any-change.ts'
import { anyPlan } from '../planning/any-plan.ts'

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

describe('11.7 openedRing', () => {
  it('asks of each host what the plan changes on it, and nothing that it does not have', () => {
    const [ring] = anyPlan().rings
    const [host] = ring?.hosts ?? []
    if (!ring || !host) throw new Error('a plan without a host')
    const hosts = ['i-00000001', 'i-00000002', 'i-00000003'].map((hostId) => ({ ...host, hostId }))
    const packages = ['curl', 'snapd'].map((name) => ({ name, version: '2' }))
    const plan = anyPlan({
      manifest: { ...anyPlan().manifest, packages },
      rings: [{ ...ring, hosts }],
      rollbackPlan: {
        ...anyPlan().rollbackPlan,
        previousVersions: { 'i-00000001': { snapd: '1' }, 'i-00000002': { curl: '1', snapd: '1' } },
      },
    })
    expect(openedRing(plan, 'a'.repeat(64), ring.name, undefined, 't', at).packagesByHost).toEqual({
      'i-00000001': 'snapd=2',
      'i-00000002': 'curl=2 snapd=2',
      'i-00000003': 'curl=2 snapd=2',
    })
  })
})
