import { describe, expect, it } from 'vitest'
import { keys, lists } from '../../../functions/kit/keys.ts'
import { readMessages, run } from '../../../functions/rollout/dispatch-hosts.ts'
import { rememberedPlans } from '../../../functions/rollout/plans.ts'
import type { Ring } from '../../../functions/rollout/ring.ts'
import { ringMoves } from '../../../functions/rollout/ring-moves.ts'
import { openedRing } from '../../../functions/rollout/ring-opening.ts'
import { RingSummaryRecord, readRing } from '../../../functions/rollout/ring-record.ts'
import { rememberedRings } from '../../../functions/rollout/rings.ts'
import { scenarioPolicy } from '../../../local/scenario/seed.ts'
import { memoryLedger } from '../../../simulator/ports/ledger.ts'
import { memoryNudges } from '../../../simulator/ports/nudges.ts'
import { fixedClock, sequentialIds } from '../../../simulator/ports/time.ts'
import { anyChange } from '../changes/any-change.ts'
import { anyPlan } from '../planning/any-plan.ts'
import { anyService, approvalMove, catalogueOf, healthyEvidence } from './any-catalogue.ts'

const planHash = 'a'.repeat(64)
const changeIdOf = (index: number) => `01J${String(index).padStart(23, '0')}`
const by = { at: '', type: 'test.seeded', account: '', changeId: 'none', actor: '', body: {} }

const hostOf = (index: number) => `i-${String(index).padStart(8, '0')}`
/** The lease that tells for which ring the first host works. */
const leaseOf = (index: number, isReleased = false) => ({
  kind: 'lease',
  key: keys.lease(hostOf(index)),
  from: 0,
  value: {
    hostId: hostOf(index),
    changeId: changeIdOf(index),
    ring: 'production',
    services: ['web'],
    fencingToken: 1,
    takenAt: '',
    expiresAtMs: 1e6,
    isReleased,
  },
})

/** Rings with one command out each, whose id is `command-<index>`. */
async function anyWorld(rings: number, ringOf: (ring: Ring, index: number) => Ring = (ring) => ring) {
  const ledger = memoryLedger()
  const asked: string[] = []
  const plans = Array.from({ length: rings }, (_, index) => anyPlan({ changeId: changeIdOf(index) }))
  for (const [index, plan] of plans.entries()) {
    const opened = openedRing(plan, planHash, 'production', undefined, 'token', '2026-01-01T00:00:00.000Z')
    const hosts = [hostOf(index)]
    const out = { step: 'precheck' as const, hostIds: hosts, packages: 'snapd=2', intendedAtMs: 0, deadlineMs: 1e6 }
    const sent = { step: 'precheck', state: 'sent', attempt: 1, intentId: `intent-${index}` } as const
    const ring = ringOf(
      {
        ...opened,
        hosts: Object.fromEntries(hosts.map((hostId) => [hostId, sent])),
        commands: { [`intent-${index}`]: out },
      },
      index,
    )
    const { changeId } = plan
    await ledger.commit({
      moves: [
        ...(index === 0
          ? [
              { kind: 'policy', key: keys.policy(), from: 0, value: scenarioPolicy() },
              { kind: 'catalogue', key: keys.catalogue(), from: 0, value: catalogueOf([anyService('web')]) },
            ]
          : []),
        {
          kind: 'change',
          key: keys.change(changeId),
          from: 0,
          value: anyChange({ changeId, state: 'in-progress', planHash, ring: 'production' }),
        },
        { kind: 'plan', key: keys.plan(changeId, planHash), from: 0, value: plan },
        approvalMove(changeId, planHash),
        ...ringMoves(undefined, ring).moves,
        leaseOf(index),
      ],
      evidence: [{ ...by, leafId: changeId }],
    })
  }
  const nudges = memoryNudges()
  const known = rememberedRings()
  for (const index of plans.keys())
    known.keepCommand(`intent-${index}`, { commandId: `command-${index}`, askedAtMs: -1e6 })
  const ports = {
    ledger,
    plans: rememberedPlans(ledger),
    nudges,
    clock: fixedClock(0),
    ids: sequentialIds(),
    metrics: { count: () => undefined },
    account: '1',
    evidenceHealth: healthyEvidence,
    tokens: { succeed: async () => 'answered' as const },
    rings: known,
    commands: {
      send: async () => ({ refused: 'throttled' as const, detail: '' }),
      find: async () => new Map<string, string>(),
      cancel: async () => undefined,
      async invocations(commandId: string) {
        asked.push(commandId)
        return []
      },
    },
  }
  return { ports, asked, nudges }
}

const event = (commandId: string, hostId = hostOf(Number(commandId.split('-')[1]))) => ({
  source: 'aws.ssm' as const,
  detail: { 'command-id': commandId, 'instance-id': hostId },
})
const nudge = (index: number) => ({ changeId: changeIdOf(index), ring: 'production' })

describe('11.6 a burst of messages', () => {
  it('asks once about each command that there is news of, however many messages name it, and about no other', async () => {
    const { ports, asked } = await anyWorld(3)
    await run([event('command-1'), event('command-1'), event('command-2'), event('command-1')], ports)
    expect(asked.toSorted()).toEqual(['command-1', 'command-2'])
  })

  it('asks about every command of a ring on a sweep, and sends the next sweep once', async () => {
    const { ports, asked, nudges } = await anyWorld(2)
    await run([{ ...nudge(0), sweep: 3 }, event('command-0'), { ...nudge(0), sweep: 4 }], ports)
    expect(asked).toEqual(['command-0'])
    expect(nudges.sent).toMatchObject([{ stage: 'dispatch', message: { ...nudge(0), sweep: 5 } }])
  })

  it('passes over an event of a command that nobody knows', async () => {
    const { ports } = await anyWorld(1)
    const events = [event('someone-elses', 'i-00000009'), event('command-1', '__proto__')]
    expect(await run(events, ports)).toEqual({ rings: {}, failed: new Map() })
  })

  it('I15 fails the messages of the ring that failed, and occupancies on the others', async () => {
    const { ports, asked } = await anyWorld(2, (ring, index) =>
      index === 0 ? { ...ring, planHash: 'f'.repeat(64) } : ring,
    )
    const { failed, rings } = await run([event('command-0'), event('command-1'), nudge(0)], ports)
    expect([...failed.keys()]).toEqual([0, 2])
    expect(rings).toEqual({ [`${changeIdOf(1)} production`]: 'open' })
    expect(asked).toEqual(['command-1'])
  })

  it('F4 hurts no neighbour by a message that cannot be read', () => {
    const { messages, unreadable } = readMessages(['{', JSON.stringify(nudge(0)), '{"ring":"x"}'])
    expect(messages).toEqual([undefined, nudge(0), undefined])
    expect([...unreadable.keys()]).toEqual([0, 2])
  })

  it('hands a ring that a call has no time for to the next call', async () => {
    const { ports, asked, nudges } = await anyWorld(5)
    const slow = {
      ...ports.commands,
      async invocations(commandId: string) {
        ports.clock.advance(30_000)
        return ports.commands.invocations(commandId)
      },
    }
    await run([0, 1, 2, 3, 4].map(nudge), { ...ports, commands: slow })
    expect(asked).toHaveLength(4)
    expect(nudges.sent).toMatchObject([{ stage: 'dispatch', message: nudge(4) }])
  })
})

describe('I11 the machine that waits for a ring', () => {
  it('is told until it was, though the call that ended the ring died before: once, and the ring knows', async () => {
    const { ports } = await anyWorld(1)
    const ringNow = () => readRing(changeIdOf(0), 'production', ports.ledger)
    const open = await ringNow()
    if (!open) throw new Error('no ring')
    const ended = ringMoves(open, { ...open.value, state: 'halted', endedAt: '2026-01-01T00:00:00.000Z' }).moves
    await ports.ledger.commit({ moves: [...ended], evidence: [{ ...by, leafId: 'ended' }] })
    expect((await ports.ledger.list(RingSummaryRecord, lists.rings, { after: 'open#' })).length).toBe(1)
    const told: unknown[] = []
    const succeed = async (token: string, output: unknown) => {
      told.push([token, output])
      if (told.length === 1) throw new Error('throttled')
      return 'answered' as const
    }
    const dispatch = () => run([nudge(0)], { ...ports, tokens: { succeed } })
    expect((await dispatch()).failed.size).toBe(1)
    expect((await ringNow())?.value.taskToken).toBe('token')
    expect((await dispatch()).failed.size).toBe(0)
    await dispatch()
    const outcome = { changeId: changeIdOf(0), ring: 'production', outcome: 'halted' }
    expect(told).toEqual([
      ['token', outcome],
      ['token', outcome],
    ])
    expect((await ringNow())?.value).not.toHaveProperty('taskToken')
    expect(await ports.ledger.list(RingSummaryRecord, lists.rings, { after: 'open#' })).toEqual([])
  })
})
