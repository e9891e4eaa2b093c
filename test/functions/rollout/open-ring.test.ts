import { describe, expect, it } from 'vitest'
import { ChangeRecord, ChangeState } from '../../../functions/changes/change.ts'
import { changeMove, terminalStates } from '../../../functions/changes/reducer.ts'
import { keys } from '../../../functions/kit/keys.ts'
import type { Ledger } from '../../../functions/kit/ledger.ts'
import { PlanRecord } from '../../../functions/planning/plan.ts'
import { run } from '../../../functions/rollout/open-ring.ts'
import { ringMoves } from '../../../functions/rollout/ring-moves.ts'
import { openedRing } from '../../../functions/rollout/ring-opening.ts'
import { readRing } from '../../../functions/rollout/ring-record.ts'
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
      expect(await readRing(changeId, 'dev', ports.ledger)).toBeUndefined()
      expect(ports.nudges.sent).toEqual([])
    },
  )
})

describe('I2 open-ring beside the dispatcher of an earlier driver', () => {
  const planHash = 'a'.repeat(64)
  const by = () => ({ leafId: ids.next(), at, type: 'test.put', account: '1', changeId, actor: 'test', body: {} })
  let ids = sequentialIds()
  /** A change in state, with its plan and its ring. */
  async function anyWorld(state: 'in-progress' | 'validating', ringState: 'open' | 'succeeded' | 'stopped') {
    ids = sequentialIds()
    const ledger = memoryLedger()
    const change = anyChange({ state, planHash, ring: 'production' })
    const opened = openedRing(anyPlan(), planHash, 'production', undefined, 'old', at)
    const ring = { ...opened, state: ringState, ...(ringState === 'open' ? {} : { endedAt: at }) }
    const plan = { kind: PlanRecord.kind, key: keys.plan(changeId, planHash), from: 0, value: anyPlan() }
    await ledger.commit({
      moves: [changeMove(undefined, change), plan, ...ringMoves(undefined, ring).moves],
      evidence: [by()],
    })
    const ports = { ledger, nudges: memoryNudges(), clock: fixedClock(0), ids, account: '1' }
    const open = (more: { readonly ledger?: Ledger } = {}) =>
      run({ changeId, ring: 'production', taskToken: 'new' }, { ...ports, ...more })
    const stateNow = async () => (await ledger.read(ChangeRecord, keys.change(changeId)))?.value.state
    const ringNow = async () => (await readRing(changeId, 'production', ledger))?.value
    return { ports, open, stateNow, ringNow, ring }
  }

  it('a ring that has ended takes the token and moves its change nowhere', async () => {
    const { open, stateNow, ringNow, ports } = await anyWorld('validating', 'succeeded')
    expect(await open()).toEqual({ outcome: 'opened' })
    expect(await stateNow()).toBe('validating')
    expect(await ringNow()).toMatchObject({ state: 'succeeded', taskToken: 'new' })
    expect(ports.nudges.sent).toHaveLength(1)
  })

  it('a stopped ring opens again with its change', async () => {
    const { open, stateNow, ringNow } = await anyWorld('validating', 'stopped')
    await open()
    expect([await stateNow(), (await ringNow())?.state]).toEqual(['in-progress', 'open'])
  })

  /** The dispatcher writes the ring between each read and commit of the opening, as many times. */
  const contended = ({ ports, ring }: Awaited<ReturnType<typeof anyWorld>>, times: number): Ledger => {
    let left = times
    const commit: Ledger['commit'] = async (transaction) => {
      if (left-- > 0) {
        const read = await readRing(changeId, 'production', ports.ledger)
        await ports.ledger.commit({
          moves: [...ringMoves(read, { ...ring, sendsRefused: left }).moves],
          evidence: [by()],
        })
      }
      return ports.ledger.commit(transaction)
    }
    return { ...ports.ledger, commit }
  }

  it('reads again when the dispatcher was first, and keeps what it wrote', async () => {
    const world = await anyWorld('in-progress', 'open')
    expect(await world.open({ ledger: contended(world, 4) })).toEqual({ outcome: 'opened' })
    expect(await world.ringNow()).toMatchObject({ taskToken: 'new', sendsRefused: 0 })
  })

  it('gives up at the fifth, wakes nobody and says so', async () => {
    const world = await anyWorld('in-progress', 'open')
    await expect(world.open({ ledger: contended(world, 5) })).rejects.toMatchObject({ code: 'DD1804' })
    expect(world.ports.nudges.sent).toEqual([])
  })
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
