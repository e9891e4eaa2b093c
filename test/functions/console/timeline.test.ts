import { describe, expect, it } from 'vitest'
import { ringsInOrder } from '../../../functions/console/rings.ts'
import { timelineOf } from '../../../functions/console/timeline.ts'
import type { Ring } from '../../../functions/rollout/ring.ts'
import { anyApprover, anyBallot } from '../approvals/any-ballot.ts'
import { anyChange } from '../changes/any-change.ts'
import { anyPlan } from '../planning/any-plan.ts'

const anyRing = (ring: Partial<Ring> = {}): Ring => ({
  changeId: anyChange().changeId,
  name: 'production',
  mode: 'patch',
  planHash: 'a'.repeat(64),
  state: 'succeeded',
  openedAt: '2026-01-03T00:00:00.000Z',
  endedAt: '2026-01-03T01:00:00.000Z',
  failureBudget: 1,
  packagesByHost: {},
  hosts: {},
  commands: {},
  ...ring,
})

describe('10.3 timelineOf', () => {
  it('tells votes, reminder, rings, rollback and end, oldest first', () => {
    const moments = timelineOf({
      change: anyChange({
        openedAt: '2026-01-01T00:00:00.000Z',
        updatedAt: '2026-01-04T00:00:00.000Z',
        state: 'rolled-back',
      }),
      ballot: anyBallot({
        openedAt: '2026-01-01T01:00:00.000Z',
        approvers: [anyApprover({ remindedAt: '2026-01-01T02:00:00.000Z' })],
        votes: [{ personId: 'olivia', choice: 'approve', comment: 'go', at: '2026-01-01T03:00:00.000Z', via: 'code' }],
      }),
      rings: [
        anyRing({
          name: 'production.rollback',
          mode: 'rollback',
          openedAt: '2026-01-03T02:00:00.000Z',
          endedAt: '2026-01-03T03:00:00.000Z',
        }),
        anyRing({ state: 'failed', because: 'two hosts failed' }),
      ],
      validations: [],
    })
    expect(moments.map(({ what }) => what)).toEqual([
      'opened',
      'votes asked for',
      'reminded',
      'approved',
      'ring production started',
      'ring production failed',
      'rollback of production started',
      'rollback of production succeeded',
      'is rolled back',
    ])
    expect(moments.map(({ at }) => at)).toEqual(moments.map(({ at }) => at).toSorted())
    expect(moments[3]).toMatchObject({ who: 'olivia', note: 'go' })
  })
})

describe('10.3 ringsInOrder', () => {
  it('keeps the order of the plan, a rollback after its ring, unknown rings last', () => {
    const [production] = anyPlan().rings
    const rings = production
      ? [
          { ...production, name: 'dev' },
          { ...production, name: 'canary' },
        ]
      : []
    const names = ['zzz', 'canary.rollback', 'canary', 'dev']
    const given = names.map((name) => anyRing({ name, mode: name.endsWith('.rollback') ? 'rollback' : 'patch' }))
    expect(ringsInOrder(given, { rings }).map(({ name }) => name)).toEqual(['dev', 'canary', 'canary.rollback', 'zzz'])
    expect(ringsInOrder(given, undefined)).toHaveLength(4)
  })
})
