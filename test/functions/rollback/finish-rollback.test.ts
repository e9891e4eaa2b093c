import { hash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { ChangeRecord } from '../../../functions/changes/change.ts'
import { changeMove } from '../../../functions/changes/reducer.ts'
import { keys, lists } from '../../../functions/kit/keys.ts'
import { type Ledger, transactionItemsMax } from '../../../functions/kit/ledger.ts'
import { outcomeSetsOf, outcomesOfHost } from '../../../functions/outcomes/outcome-queries.ts'
import { BlockedPatchRecord } from '../../../functions/planning/blocked-patch.ts'
import { run as finishRollback } from '../../../functions/rollback/finish-rollback.ts'
import { rollbackRing } from '../../../functions/rollback/open.ts'
import type { HostProgress } from '../../../functions/rollout/ring.ts'
import { ringMoves } from '../../../functions/rollout/ring-moves.ts'
import { readRing } from '../../../functions/rollout/ring-record.ts'
import { changeId, type ManyHosts, manyHosts } from './many-hosts.ts'

const restored: HostProgress = { step: 'verify', state: 'done', attempt: 1 }
const hourMs = 3_600_000
const by = { at: '', type: 'test', account: '', changeId: 'none', actor: '', body: {} }
const asked = { changeId, ring: 'production', reason: 'errors rose' }

async function ended(options: Partial<ManyHosts> = {}, endedAt = '2026-01-01T00:10:00.000Z') {
  const world = await manyHosts({ hosts: 3, services: 1, packages: 2, progress: restored, ...options })
  const read = await readRing(changeId, rollbackRing('production'), world.memory)
  if (!read) throw new Error('no rollback')
  const isRestored = Object.values(read.value.hosts).every(({ state }) => state === 'done')
  const ring = {
    ...read.value,
    ...(endedAt ? { endedAt, state: isRestored ? ('succeeded' as const) : ('failed' as const) } : {}),
  }
  await world.memory.commit({
    moves: [...ringMoves(read, ring).moves],
    evidence: [{ ...by, leafId: '0ended' }],
  })
  const counted: string[] = []
  const ports = {
    ...world.ports,
    region: 'eu-central-1',
    digest: (text: string) => hash('sha256', text, 'hex'),
    metrics: { count: (name: string) => void counted.push(name) },
  }
  const change = async () => (await world.memory.read(ChangeRecord, keys.change(changeId)))?.value
  const blocked = () => world.memory.list(BlockedPatchRecord, lists.blockedPatches)
  return { ...world, ports, counted, change, blocked }
}

describe('A2 a rollback of as many packages as a change may hold', () => {
  it.each([1, 50, 51, 98, 99, 100, 200])(
    'of %i packages ends, blocks each once, and no transaction is too large',
    async (packages) => {
      const { ports, change, blocked, sizes } = await ended({ packages })
      expect(await finishRollback(asked, ports)).toEqual({ outcome: 'rolled-back' })
      expect((await change())?.state).toBe('rolled-back')
      expect(await blocked()).toHaveLength(packages)
      expect(Math.max(...sizes)).toBeLessThanOrEqual(transactionItemsMax)
    },
  )

  it('killed after any commit leaves the change open or the fleet blocked, and goes on', async () => {
    for (let killedAfter = 1; killedAfter <= 9; killedAfter++) {
      const { ports, memory, change, blocked } = await ended({ packages: 120 })
      let commits = 0
      const dying: Ledger = {
        ...memory,
        async commit(transaction) {
          const result = await memory.commit(transaction)
          if (++commits === killedAfter) throw new Error('killed')
          return result
        },
      }
      await finishRollback(asked, { ...ports, ledger: dying }).catch(() => undefined)
      if ((await change())?.state === 'rolled-back') expect(await blocked()).toHaveLength(120)
      await finishRollback(asked, ports)
      expect((await change())?.state).toBe('rolled-back')
      expect(await blocked()).toHaveLength(120)
      expect(await outcomeSetsOf(changeId, memory)).toHaveLength(1)
    }
  })

  it('of more hosts than one call may record goes on in the next, and ends when every outcome stands', async () => {
    const { ports, memory, change, sizes } = await ended({ hosts: 6_000 })
    const outcomes: string[] = []
    while (outcomes.at(-1) !== 'rolled-back') outcomes.push((await finishRollback(asked, ports)).outcome)
    expect(outcomes).toEqual(['recording', 'rolled-back'])
    expect(await change()).toMatchObject({ state: 'rolled-back' })
    expect(await outcomeSetsOf(changeId, memory)).toMatchObject([{ hosts: 6_000 }])
    expect(Math.max(...sizes)).toBeLessThanOrEqual(transactionItemsMax)
  })

  it('keeps the block that stands, with its own reason', async () => {
    const { ports, memory, blocked } = await ended()
    const block = { package: 'package-0', version: '2', changeId: 'other', because: 'earlier', at: '' }
    const list = { pk: lists.blockedPatches, sk: 'package-0#2' }
    await memory.commit({
      moves: [{ kind: 'blocked-patch', key: keys.blockedPatch('package-0', '2'), from: 0, value: block, list }],
      evidence: [{ leafId: '0block', at: '', type: 'test', account: '', changeId: 'none', actor: '', body: {} }],
    })
    await finishRollback(asked, ports)
    expect((await blocked()).map(({ value }) => value.because)).toEqual(['earlier', 'errors rose'])
    expect(memory.outbox().find(({ type }) => type === 'rollback.patches-blocked')?.body).toEqual({
      because: 'errors rose',
      packages: [{ name: 'package-1', version: '2' }],
    })
  })
})

describe('what a rollback says of itself', () => {
  it.each<readonly [string, HostProgress, string, string, boolean | 'unknown']>([
    ['in time', restored, '2026-01-01T00:10:00.000Z', '3 of 3 hosts restored, in 600 s, RTO of 900 s kept', true],
    [
      'a second late',
      restored,
      '2026-01-01T00:15:01.000Z',
      '3 of 3 hosts restored, in 901 s, RTO of 900 s missed',
      false,
    ],
    [
      'in time with hosts that are lost',
      { step: 'verify', state: 'quarantined', attempt: 1 },
      '2026-01-01T00:10:00.000Z',
      '0 of 3 hosts restored, in 600 s, RTO of 900 s missed',
      false,
    ],
    [
      'not at all',
      { step: 'rollback', state: 'sent', attempt: 1 },
      '',
      '0 of 3 hosts restored, but the rollback has not ended: act by hand',
      'unknown',
    ],
  ])('that ended %s', async (_, progress, endedAt, text, isKept) => {
    const { ports, memory, change, clock } = await ended({ progress }, endedAt)
    clock.advance(23 * hourMs)
    await finishRollback(asked, ports)
    expect((await change())?.outcome).toBe(`errors rose; ${text}`)
    const [set] = await outcomeSetsOf(changeId, memory)
    expect(set).toMatchObject({ ending: 'rolled-back', because: 'errors rose', rollback: { rtoSeconds: 900, isKept } })
  })

  it('one outcome a host, as the ring left it, and counts a rollback that restored not all', async () => {
    const { ports, memory, counted } = await ended({
      progress: { step: 'verify', state: 'quarantined', attempt: 1, because: 'why' },
    })
    await finishRollback(asked, ports)
    expect(await outcomesOfHost('i-00000000', memory)).toMatchObject([
      {
        verdict: 'quarantined',
        because: 'quarantined at verify: why',
        region: 'eu-central-1',
        rollbackSeconds: 'unknown',
        unavailableSeconds: 'unknown',
        versions: [{ name: 'package-0', before: '1.0', after: 'unknown' }],
      },
    ])
    expect(counted).toEqual(['RollbackFailed'])
  })

  it('I11 nothing while its hosts are in work: a machine that could not take it over ended nothing', async () => {
    const sent: HostProgress = { step: 'rollback', state: 'sent', attempt: 1 }
    const { ports, change, blocked, clock, counted } = await ended({ progress: sent }, '')
    clock.advance(23 * hourMs - 1)
    expect(await finishRollback(asked, ports)).toEqual({ outcome: 'running' })
    expect([(await change())?.state, await blocked(), counted]).toEqual(['in-progress', [], []])
  })

  it('reads its change again when others moved it meanwhile', async () => {
    const { ports, memory, change } = await ended()
    let left = 1
    const contended: Ledger = {
      ...memory,
      async commit(transaction) {
        const read = await memory.read(ChangeRecord, keys.change(changeId))
        if (read && transaction.moves.some(({ kind }) => kind === 'change') && left-- > 0) {
          const evidence = [{ ...by, leafId: '0other' }] as const
          await memory.commit({ moves: [changeMove(read, { ...read.value, priority: 1 })], evidence })
        }
        return memory.commit(transaction)
      },
    }
    expect(await finishRollback(asked, { ...ports, ledger: contended })).toEqual({ outcome: 'rolled-back' })
    expect(await change()).toMatchObject({ state: 'rolled-back', priority: 1 })
  })

  it('asked again it changes nothing more', async () => {
    const { ports, memory } = await ended()
    await finishRollback(asked, ports)
    const leaves = memory.outbox().length
    expect(await finishRollback(asked, ports)).toEqual({ outcome: 'rolled-back' })
    expect(memory.outbox()).toHaveLength(leaves)
  })
})
