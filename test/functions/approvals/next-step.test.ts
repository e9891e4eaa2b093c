import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Ballot } from '../../../functions/approvals/ballot.ts'
import { nextAskStep } from '../../../functions/people/ask-step.ts'
import { peopleOf } from '../../../functions/people/people.ts'
import { anyPerson } from '../people/any-people.ts'
import { anyApprover, anyBallot, type BallotSpec } from './any-ballot.ts'

const people = peopleOf([
  anyPerson('olivia'),
  anyPerson('sven', { roles: ['security'] }),
  anyPerson('both', { roles: ['service-owner', 'security'] }),
])
const nextStep = (ballot: Ballot, at: string) => nextAskStep(ballot, people, at)
const startMs = Date.parse('2026-01-01T00:00:00.000Z')
const second = (seconds: number) => new Date(startMs + seconds * 1000).toISOString()

describe('2.1 nextAskStep', () => {
  it.each<[string, number, BallotSpec, string, number]>([
    ['asks at once, and waits to the reminder', 0, { remindAt: second(600) }, 'ask', 600],
    ['looks within a quarter hour where nothing is due', 0, {}, 'ask', 900],
    ['reminds when that is due, and waits to the escalation', 3_000, { remindAt: second(3_000) }, 'remind', 600],
    ['reminds before it escalates, and escalates at once after', 7_200, {}, 'remind', 1],
    ['escalates when that is due', 3_600, { isReminded: true }, 'escalate', 900],
    ['asks when both are done', 3_600, { isReminded: true, isEscalated: true }, 'ask', 900],
    ['waits no longer than to the deadline', 86_399, { isReminded: true, isEscalated: true }, 'ask', 1],
    ['never waits no time', 90_000, { isReminded: true, isEscalated: true }, 'ask', 1],
    ['does nothing on a decided ballot', 9_999, { outcome: 'approved' }, 'none', 1],
  ])('%s', (_, seconds, ballot, step, waitSeconds) => {
    expect(nextStep(anyBallot(ballot), second(seconds))).toEqual({ step, waitSeconds })
  })

  it('F43 escalates before the hour when too few can be reached', () => {
    const approvers = [anyApprover({ mailFailures: 3 }), anyApprover({ personId: 'sven' })]
    expect(nextStep(anyBallot({ approvers }), second(10)).step).toBe('escalate')
    expect(nextStep(anyBallot({ approvers }), second(1_800))).toEqual({ step: 'remind', waitSeconds: 1 })
  })

  it('I11 every policy reminds and escalates once, to the second, and ends in time within the history of one execution', () => {
    const spans = fc
      .tuple(fc.integer({ min: 30, max: 1e6 }), fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 7e5 }))
      .map(([remind, more, rest]) => ({ remind, escalate: remind + more, deadline: remind + more + rest }))
    fc.assert(
      fc.property(spans, ({ remind, escalate, deadline }) => {
        const done = new Map<string, number>()
        let [ballot, now, looks] = [
          anyBallot({ remindAt: second(remind), escalateAt: second(escalate), deadlineAt: second(deadline) }),
          0,
          0,
        ]
        while (now < deadline) {
          const { step, waitSeconds } = nextStep(ballot, second(now))
          if (step === 'remind') ballot = { ...ballot, isReminded: true }
          if (step === 'escalate') ballot = { ...ballot, isEscalated: true }
          if (step !== 'ask') {
            expect(done.has(step)).toBe(false)
            done.set(step, now)
          }
          now += waitSeconds
          looks++
        }
        expect([done.get('remind'), done.get('escalate'), now]).toEqual([remind, escalate, deadline])
        // About 16 events a look; an execution ends at 25,000 and ours stays under 5,000.
        expect(looks).toBeLessThan(300)
      }),
      { seed: 20_261_124, numRuns: 100 },
    )
  })
})
