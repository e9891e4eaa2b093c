import { describe, expect, it } from 'vitest'
import { ChangeRecord } from '../../../functions/changes/change.ts'
import { moveRecordedChange } from '../../../functions/changes/move-change.ts'
import { changeMove } from '../../../functions/changes/reducer.ts'
import { startDriver } from '../../../functions/changes/start-driver.ts'
import { run } from '../../../functions/driver/choose-next-step.ts'
import { keys } from '../../../functions/kit/keys.ts'
import type { Ledger, Move } from '../../../functions/kit/ledger.ts'
import { PlanRecord } from '../../../functions/planning/plan.ts'
import { ringMoves } from '../../../functions/rollout/ring-moves.ts'
import { ValidationRecord } from '../../../functions/validation/validation.ts'
import { memoryChangeDriver } from '../../../simulator/ports/change-driver.ts'
import { memoryLedger } from '../../../simulator/ports/ledger.ts'
import { fixedClock, sequentialIds } from '../../../simulator/ports/time.ts'
import { anyChange, anyPlan, anyRing, changeId, endedMs } from '../validation/builders.ts'

const change = anyChange({ state: 'in-progress', ring: 'dev', ringsDone: [] })
const validating = { ...change, state: 'validating' as const }
const hourMs = 3_600_000

/** The records that planning, rollout and validation write, an hour after the ring ended. */
async function anyWorld(ring: Parameters<typeof anyRing>[1] = {}, nowMs = endedMs + hourMs) {
  const ledger = memoryLedger()
  const ids = sequentialIds()
  const evidence = () =>
    [{ leafId: ids.next(), at: '', type: 'test', account: '', changeId, actor: 'test', body: {} }] as const
  const put = (...moves: Move[]) => ledger.commit({ moves, evidence: evidence() })
  const planKey = keys.plan(changeId, change.planHash ?? '')
  await put(
    changeMove(undefined, change),
    { kind: PlanRecord.kind, key: planKey, from: 0, value: anyPlan() },
    ...ringMoves(undefined, anyRing('dev', ring)).moves,
  )
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
  const ports = { ledger, clock: fixedClock(nowMs), ids, account: '123456789012' }
  const changeNow = async () => (await ledger.read(ChangeRecord, keys.change(changeId)))?.value
  return { ports, put, endingOnRead, changeNow }
}

describe('I11 what a driver does next', () => {
  it('F13 goes on to validate when the ring ended with its change while both were read', async () => {
    const { ports, endingOnRead, changeNow } = await anyWorld()
    expect(await run({ changeId }, { ...ports, ledger: endingOnRead(1) })).toEqual({
      changeId,
      step: 'validate',
      ring: 'dev',
    })
    expect((await changeNow())?.state).toBe('validating')
  })

  it('looks again a second later when the change moves at every try', async () => {
    const { ports, endingOnRead } = await anyWorld()
    expect(await run({ changeId }, { ...ports, ledger: endingOnRead(9) })).toEqual({
      changeId,
      step: 'wait',
      seconds: 1,
    })
  })

  it('F13 waits where the newer ring is seen beside the older change, and holds nothing', async () => {
    const { ports, changeNow } = await anyWorld({}, endedMs + 500)
    expect(await run({ changeId }, ports)).toEqual({ changeId, step: 'wait', seconds: 2 })
    expect((await changeNow())?.state).toBe('in-progress')
  })

  it('I11 a change that was held past the end of its ring goes on once released, with the hosts that were lost', async () => {
    const lost = { step: 'install', state: 'failed', attempt: 3, because: 'no space' } as const
    const { ports, put, changeNow } = await anyWorld({ hosts: { 'i-0000000a': lost } })
    const before = await ports.ledger.read(ChangeRecord, keys.change(changeId))
    await put(changeMove(before, { ...change, state: 'held', heldFrom: 'in-progress' }))
    await moveRecordedChange(changeId, { type: 'released' }, ports, 'olivia')
    expect(await run({ changeId }, ports)).toEqual({ changeId, step: 'wait', seconds: 0 })
    expect(await changeNow()).toMatchObject({
      state: 'validating',
      quarantined: [{ hostId: 'i-0000000a', reason: 'failed at install: no space' }],
    })
    expect(await run({ changeId }, ports)).toEqual({ changeId, step: 'validate', ring: 'dev' })
  })

  it('I20 holds a change whose ring succeeded for another plan, for a person to look at', async () => {
    const { ports, changeNow } = await anyWorld({ planHash: 'b'.repeat(64) })
    expect(await run({ changeId }, ports)).toEqual({ changeId, step: 'wait', seconds: 0 })
    expect(await changeNow()).toMatchObject({
      state: 'held',
      heldFor: [{ gate: 'driver', endedBy: { kind: 'person', role: 'operations' } }],
    })
  })

  it('rolls back the ring that halted, for the reason that its record gives', async () => {
    const { ports } = await anyWorld({ state: 'halted', because: 'the failure budget is spent' })
    const next = { changeId, step: 'roll-back', ring: 'dev', reason: 'the failure budget is spent' }
    expect(await run({ changeId }, ports)).toEqual(next)
  })

  it('reads the validation as its room writes it', async () => {
    const { ports, put, changeNow } = await anyWorld()
    const before = await ports.ledger.read(ChangeRecord, keys.change(changeId))
    const value = ValidationRecord.schema.parse({
      changeId,
      ring: 'dev',
      state: 'failed',
      because: 'errors up',
      isCanary: false,
      looks: [],
      probesAfter: [],
      rounds: 1,
      soakStartedAt: '',
      soakUntil: '',
      nextLookAt: '',
      agentsMissing: [],
    })
    const key = keys.validation(changeId, 'dev')
    await put(changeMove(before, validating), { kind: ValidationRecord.kind, key, from: 0, value })
    expect(await run({ changeId }, ports)).toMatchObject({ step: 'roll-back', reason: 'errors up' })
    expect((await changeNow())?.state).toBe('validating')
  })

  it('goes through the rings in the order of the plan', async () => {
    const { ports, put } = await anyWorld()
    const before = await ports.ledger.read(ChangeRecord, keys.change(changeId))
    await put(changeMove(before, { ...validating, ringsDone: ['dev'] }))
    expect(await run({ changeId }, ports)).toEqual({ changeId, step: 'deploy', ring: 'canary' })
  })

  it('names the change that is not in the ledger', async () => {
    const { ports } = await anyWorld()
    await expect(run({ changeId: '0'.repeat(26) }, ports)).rejects.toThrow('DD1501')
  })
})

describe('I11 a driver whose place was taken', () => {
  it('ends at its next look, whatever the change needs, and the one in its place goes on', async () => {
    const { ports } = await anyWorld({ state: 'open' })
    const driver = memoryChangeDriver()
    await startDriver(changeId, { because: 'first' }, { ...ports, driver })
    await startDriver(changeId, { because: 'released', isReplaced: true }, { ...ports, driver })
    expect(await run({ changeId, driver: changeId }, ports)).toEqual({ changeId, driver: changeId, step: 'done' })
    const second = `${changeId}-r1`
    const next = { changeId, driver: second, step: 'deploy', ring: 'dev' }
    expect(await run({ changeId, driver: second }, ports)).toEqual(next)
  })

  it('the first driver of a change is its driver before any was counted', async () => {
    const { ports } = await anyWorld({ state: 'open' })
    expect(await run({ changeId, driver: changeId }, ports)).toMatchObject({ step: 'deploy' })
    expect(await run({ changeId, driver: `${changeId}-r1` }, ports)).toMatchObject({ step: 'done' })
  })
})
