import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { run as askApprovers } from '../../../functions/approvals/ask-approvers.ts'
import { run as closeBallot } from '../../../functions/approvals/close-ballot.ts'
import { run as openBallot } from '../../../functions/approvals/open-ballot.ts'
import type { Ledger } from '../../../functions/kit/ledger.ts'
import type { Answered } from '../../../functions/people/answer-question.ts'
import { anyApprovals, anyPerson, askOf, changeId, decide, people } from './any-approvals.ts'

const settings = { seed: 20_261_124, numRuns: 40 }

/** Every read and every commit waits until the scheduler lets it go: all ways in which requests can meet on DynamoDB. */
function scheduled(ledger: Ledger, scheduler: fc.Scheduler): Ledger {
  return {
    read: async (kind, key) => {
      await scheduler.schedule(Promise.resolve(), `read ${kind.kind}`)
      return ledger.read(kind, key)
    },
    query: ledger.query,
    list: ledger.list,
    commit: async (transaction) => {
      await scheduler.schedule(Promise.resolve(), 'commit')
      return ledger.commit(transaction)
    },
  }
}

async function asked() {
  const set = await anyApprovals({
    roles: ['service-owner', 'security'],
    people: [...people, anyPerson('petra', { roles: ['security'] })],
  })
  await openBallot({ changeId }, set.ports)
  await askApprovers({ changeId, step: 'ask', taskToken: 'token-1' }, set.ports)
  const vote = (ledger: Ledger, personId: string, choice: 'approve' | 'reject') => {
    const { linkId, secret, code } = askOf(set.mailer.sent, personId)
    return decide({ linkId, secret, code, choice, comment: '' }, { ...set.ports, ledger })
  }
  const leavesOf = (type: string) => set.leaves().filter((leaf) => leaf.type === type)
  return { ...set, vote, leavesOf }
}

const ending = (answers: readonly Answered[]) =>
  answers.filter((answer) => answer.kind === 'recorded' && answer.outcome !== 'open')

const votesAtOnce = fc.array(
  fc.record({
    personId: fc.constantFrom('olivia', 'sven', 'petra'),
    choice: fc.constantFrom('approve' as const, 'approve' as const, 'reject' as const),
  }),
  { minLength: 2, maxLength: 4 },
)

describe('11.5 votes at the same moment', () => {
  it('F11 F16 I5 at most one of them ends the ballot, in whatever order their reads and writes meet', async () => {
    await fc.assert(
      fc.asyncProperty(votesAtOnce, fc.scheduler(), async (votes, scheduler) => {
        const { ledger, vote, ballot, changeNow, answered, leavesOf } = await asked()
        const slow = scheduled(ledger, scheduler)
        const all = Promise.all(votes.map(({ personId, choice }) => vote(slow, personId, choice)))
        await scheduler.waitFor(all)
        const [answers, after] = [await all, await ballot()]
        const isOpen = after?.outcome === 'open'
        expect(ending(answers)).toHaveLength(isOpen ? 0 : 1)
        expect(answered).toHaveLength(isOpen ? 0 : 1)
        expect((await changeNow())?.state).toBe(isOpen ? 'awaiting-approval' : after?.outcome)
        const voters = after?.answers.map(({ personId }) => personId) ?? []
        expect(new Set(voters).size).toBe(voters.length)
        expect(leavesOf('approval.cast')).toHaveLength(voters.length)
        expect(answers.filter(({ kind }) => kind === 'recorded')).toHaveLength(voters.length)
      }),
      settings,
    )
  })

  it('F14 a vote and the expiry at the same moment leave ballot and change agreed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.boolean(), async (scheduler, isLate) => {
        const { ledger, vote, ballot, changeNow, clock, ports, answered } = await asked()
        await vote(ledger, 'olivia', 'approve')
        clock.advance(86_400_000 - (isLate ? 0 : 1))
        const slow = scheduled(ledger, scheduler)
        const both = Promise.all([vote(slow, 'sven', 'approve'), closeBallot({ changeId }, { ...ports, ledger: slow })])
        await scheduler.waitFor(both)
        await both
        const outcome = (await ballot())?.outcome
        expect(outcome).toBe(isLate ? 'expired' : 'approved')
        expect((await changeNow())?.state).toBe(outcome)
        expect(answered).toHaveLength(isLate ? 0 : 1)
      }),
      settings,
    )
  })

  it('F13 B31 a vote and a new plan at the same moment: no vote stands on a plan that is gone', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const { ledger, vote, changeNow, setChange, leavesOf } = await asked()
        await vote(ledger, 'olivia', 'approve')
        const slow = scheduled(ledger, scheduler)
        const planned = scheduler.schedule(Promise.resolve(), 'plan').then(async () => {
          if ((await changeNow())?.state === 'awaiting-approval') await setChange({ planHash: 'c'.repeat(64) })
        })
        const both = Promise.all([vote(slow, 'sven', 'approve'), planned])
        await scheduler.waitFor(both)
        const [answer] = await both
        const isApproved = (await changeNow())?.state === 'approved'
        expect(answer.kind === 'recorded').toBe(isApproved)
        expect(leavesOf('approval.cast')).toHaveLength(isApproved ? 2 : 1)
      }),
      settings,
    )
  })
})

describe('11.5 a ledger that fails', () => {
  it.each([
    ['F12 cancels the transaction', false],
    ['F20 loses the answer after it was written', true],
  ])('%s: the person is told of a fault, and the same vote sent again counts once', async (_, isWritten) => {
    const { ledger, vote, ballot, changeNow, leavesOf } = await asked()
    await vote(ledger, 'olivia', 'approve')
    let isFirst = true
    const failing: Ledger = {
      ...ledger,
      commit: async (transaction) => {
        if (!isFirst) return ledger.commit(transaction)
        isFirst = false
        if (isWritten) await ledger.commit(transaction)
        throw new Error('DD1005')
      },
    }
    await expect(vote(failing, 'sven', 'approve')).rejects.toThrow('DD1005')
    expect((await ballot())?.outcome).toBe(isWritten ? 'approved' : 'open')
    expect(await vote(failing, 'sven', 'approve')).toMatchObject(
      isWritten ? { kind: 'already', isSame: true } : { kind: 'recorded', outcome: 'approved' },
    )
    expect([(await changeNow())?.state, leavesOf('approval.cast').length]).toEqual(['approved', 2])
  })
})
