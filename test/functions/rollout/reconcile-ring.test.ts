import { describe, expect, it } from 'vitest'
import { ChangeRecord } from '../../../functions/changes/change.ts'
import { keys } from '../../../functions/kit/keys.ts'
import { commandResultsFor } from '../../../functions/rollout/command-results.ts'
import { LeaseRecord } from '../../../functions/rollout/lease.ts'
import { reconcileRing } from '../../../functions/rollout/reconcile-ring.ts'
import type { ReconcilePorts } from '../../../functions/rollout/ring-context.ts'
import { anyPass, anyRing, changeId, one, ringOut, startMs, two } from './any-pass.ts'

const pass = (ports: ReconcilePorts) => reconcileRing(changeId, 'production', commandResultsFor('all'), ports)
const stop = { all: true, changeIds: [], because: 'smoke', by: 'sven', at: '' }

/** The world with the kill switch pulled. */
async function stopped(...args: Parameters<typeof anyPass>) {
  const made = await anyPass(...args)
  await made.ledger.commit({
    moves: [{ kind: 'stop', key: keys.stop(), from: 0, value: stop }],
    evidence: [{ leafId: '1', at: '', type: 'test.seeded', account: '', changeId, actor: '', body: {} }],
  })
  return made
}

describe('one pass over a ring', () => {
  it('writes intents and leases before it sends, and nothing after', async () => {
    const { ports, ledger, calls, ringNow, leaves } = await anyPass(anyRing())
    expect(await pass(ports)).toEqual({ kind: 'waiting' })
    expect(calls).toEqual(['send precheck 3'])
    expect(leaves().map(({ type }) => type)).toEqual(['rollout.moved'])
    expect(await ledger.read(LeaseRecord, keys.lease(one))).toMatchObject({ value: { changeId, isReleased: false } })
    const [intentId = ''] = Object.keys((await ringNow()).value.commands)
    expect(ports.rings?.commandOf(intentId)).toMatchObject({ commandId: 'command-1' })
  })

  it('does nothing where nothing has happened, and writes nothing', async () => {
    const { ports, ringNow } = await anyPass(ringOut('precheck', { commandId: 'command-1' }))
    const before = await ringNow()
    expect(await pass(ports)).toEqual({ kind: 'waiting' })
    expect(await ringNow()).toEqual(before)
  })

  it('leaves a host alone that another change holds, and takes the others', async () => {
    const { ports, ledger, calls } = await anyPass(anyRing())
    const lease = {
      hostId: two,
      changeId: '01J00000000000000000000999',
      ring: 'production',
      services: ['web'],
      fencingToken: 1,
      takenAt: '',
      expiresAtMs: startMs + 60_000,
      isReleased: false,
    }
    await ledger.commit({
      moves: [{ kind: 'lease', key: keys.lease(two), from: 0, value: lease }],
      evidence: [{ leafId: '1', at: '', type: 'test.seeded', account: '', changeId, actor: '', body: {} }],
    })
    await pass(ports)
    expect(calls).toEqual(['send precheck 2'])
    expect(await ledger.read(LeaseRecord, keys.lease(two))).toMatchObject({ value: lease })
  })

  it('is told to come again at once where more ended than one transaction holds, or somebody moved first', async () => {
    const { ports, ledger } = await anyPass(anyRing())
    const racing: ReconcilePorts = { ...ports, ledger: { ...ledger, commit: async () => ({ conflict: keys.stop() }) } }
    expect(await pass(racing)).toEqual({ kind: 'conflict' })
  })

  it('says what a ring is that is open no more, and refuses one without a plan', async () => {
    const ended = await anyPass(anyRing({ state: 'succeeded' }))
    expect(await pass(ended.ports)).toMatchObject({ kind: 'not-open', ring: { state: 'succeeded' } })
    expect(await reconcileRing(changeId, 'dev', commandResultsFor('all'), ended.ports)).toEqual({
      kind: 'not-open',
      ring: undefined,
    })
    const { ports } = await anyPass(anyRing())
    await expect(pass({ ...ports, plans: async () => undefined })).rejects.toThrow('DD1802')
  })
})

describe('I18 a pass while the kill switch is pulled', () => {
  it('sends nothing, ends the ring, and holds the change with what ends the hold', async () => {
    const { ports, ledger, calls } = await stopped(anyRing())
    expect(await pass(ports)).toMatchObject({ kind: 'ended', ring: { state: 'stopped' } })
    expect(calls).toEqual([])
    expect((await ledger.read(ChangeRecord, keys.change(changeId)))?.value).toMatchObject({
      state: 'held',
      heldFor: [{ gate: 'stop', because: 'stopped by sven: smoke', endedBy: { kind: 'person' } }],
    })
  })

  it('goes on in a rollback, which no gate keeps back: it may be all that brings hosts up again', async () => {
    const collect = { step: 'collect', state: 'waiting', attempt: 1 } as const
    const { ports, calls } = await stopped(anyRing({ mode: 'rollback', hosts: { [one]: collect } }))
    const broken = async () => {
      throw new Error('unreadable')
    }
    expect(await pass({ ...ports, evidenceHealth: broken })).toEqual({ kind: 'waiting' })
    expect(calls).toEqual(['send collect 1'])
  })
})
