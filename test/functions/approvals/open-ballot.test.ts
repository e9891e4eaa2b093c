import { describe, expect, it } from 'vitest'
import { run } from '../../../functions/approvals/open-ballot.ts'
import type { Ledger } from '../../../functions/kit/ledger.ts'
import { anyApprovals, anyPerson, changeId, people } from './any-approvals.ts'
import { anyBallot, planHash } from './any-ballot.ts'

const votesOf = (...personIds: string[]) =>
  personIds.map((personId) => ({ personId, choice: 'approve', comment: '', at: 'x', via: 'code' }) as const)

describe('2.1 open-ballot', () => {
  it('asks those who hold a role of the quorum, binds the ballot to the plan, and moves the change with it', async () => {
    const { ports, ballot, changeNow } = await anyApprovals()
    expect(await run({ changeId }, ports)).toEqual({ changeId, outcome: 'open', step: 'ask', waitSeconds: 900 })
    expect(await ballot()).toMatchObject({
      subjectHash: planHash,
      roles: ['service-owner', 'security'],
      remindAt: '2026-01-01T00:40:00.000Z',
      escalateAt: '2026-01-01T01:10:00.000Z',
      deadlineAt: '2026-01-02T00:10:00.000Z',
      asked: [{ personId: 'olivia' }, { personId: 'sven' }],
    })
    expect((await changeNow())?.state).toBe('awaiting-approval')
  })

  it('does nothing the second time', async () => {
    const { ports, leaves, ballot } = await anyApprovals()
    await run({ changeId }, ports)
    const [filed, first] = [leaves().length, await ballot()]
    expect(await run({ changeId }, ports)).toMatchObject({ changeId, outcome: 'open' })
    expect([leaves().length, await ballot()]).toEqual([filed, first])
  })

  it('B31 voids the votes on another plan, and says so in evidence', async () => {
    const old = anyBallot({ planHash: 'b'.repeat(64), votes: votesOf('olivia') })
    const { ports, ballot, leaves } = await anyApprovals({ ballot: old })
    await run({ changeId }, ports)
    expect(await ballot()).toMatchObject({ subjectHash: planHash, answers: [], outcome: 'open' })
    expect(leaves().find(({ type }) => type === 'approval.opened')?.body).toMatchObject({
      voided: { planHash: 'b'.repeat(64), votes: 1 },
    })
  })

  it('keeps the votes when planning anew led to the same plan', async () => {
    const decided = anyBallot({ votes: votesOf('olivia', 'sven'), outcome: 'approved' })
    const { ports, changeNow } = await anyApprovals({ ballot: decided })
    expect(await run({ changeId }, ports)).toMatchObject({ changeId, outcome: 'approved' })
    expect((await changeNow())?.state).toBe('approved')
  })

  it('11.5 asks anew when planning anew led to the same plan after its approval had ended', async () => {
    const decided = anyBallot({
      votes: votesOf('olivia', 'sven'),
      outcome: 'approved',
      decidedAt: '2025-11-01T00:00:00.000Z',
    })
    const { ports, ballot } = await anyApprovals({ ballot: decided })
    expect(await run({ changeId }, ports)).toMatchObject({ outcome: 'open' })
    expect((await ballot())?.answers).toEqual([])
  })

  it('asks anew when planning anew led to the same plan after the ballot’s deadline', async () => {
    const late = anyBallot({ votes: votesOf('olivia'), deadlineAt: '2026-01-01T00:10:00.000Z' })
    const { ports, ballot } = await anyApprovals({ ballot: late })
    await run({ changeId }, ports)
    expect(await ballot()).toMatchObject({ answers: [], deadlineAt: '2026-01-02T00:10:00.000Z' })
  })

  it('asks nobody about a held change, whatever its ballot says', async () => {
    const { ports } = await anyApprovals({ ballot: anyBallot(), change: { state: 'held' } })
    expect(await run({ changeId }, ports)).toEqual({ changeId, outcome: 'held', step: 'none', waitSeconds: 1 })
  })

  it('I4 asks again when a ballot says approved without a quorum', async () => {
    const hollow = anyBallot({ votes: votesOf('olivia'), outcome: 'approved' })
    const { ports, ballot, changeNow } = await anyApprovals({ ballot: hollow })
    expect(await run({ changeId }, ports)).toMatchObject({ changeId, outcome: 'open' })
    expect([(await ballot())?.answers, (await changeNow())?.state]).toEqual([[], 'awaiting-approval'])
  })

  it.each([
    ['the requester', { change: { requester: 'sven' } }],
    ['the author of the rollback plan', { plan: { rollbackPlan: authored('sven') } }],
  ])('B29 holds the change when %s is the only one with a role', async (_, given) => {
    const { ports, changeNow, ballot } = await anyApprovals(given)
    expect(await run({ changeId }, ports)).toMatchObject({ changeId, outcome: 'held' })
    expect((await changeNow())?.heldBecause).toContain('nobody eligible has the role security')
    expect(await ballot()).toBeUndefined()
  })

  it('B30 does not let the requester vote under another address', async () => {
    const twice = [...people, anyPerson('sven2', { email: 'S.ven+2@example.com', roles: ['security'] })]
    const { ports } = await anyApprovals({ people: twice, change: { requester: 'sven' } })
    expect(await run({ changeId }, ports)).toMatchObject({ changeId, outcome: 'held' })
  })

  it.each([
    ['one person holds both roles', [anyPerson('both', { roles: ['service-owner', 'security'] })]],
    [
      'B30 two entries of one human hold a role each',
      [anyPerson('olivia'), anyPerson('second', { email: 'olivia+2@example.com', roles: ['security'] })],
    ],
  ])('holds the change when %s: a quorum is of distinct people', async (_, list) => {
    const { ports, changeNow } = await anyApprovals({ people: list })
    expect(await run({ changeId }, ports)).toMatchObject({ changeId, outcome: 'held' })
    expect((await changeNow())?.heldBecause).toContain('another person')
  })

  it.each(['planned', 'cancelled', 'approved', 'held'] as const)(
    'asks nobody about a change that is %s',
    async (state) => {
      const { ports, ballot } = await anyApprovals({ change: { state } })
      expect(await run({ changeId }, ports)).toMatchObject({ changeId, outcome: state })
      expect(await ballot()).toBeUndefined()
    },
  )

  it('I20 opens nothing when the plan cannot be read', async () => {
    const { ports, ballot } = await anyApprovals({ change: { planHash: 'c'.repeat(64) } })
    await expect(run({ changeId }, ports)).rejects.toThrow('DD1703')
    expect(await ballot()).toBeUndefined()
  })

  it('opens nothing for a change that is not recorded', async () => {
    const { ports } = await anyApprovals()
    await expect(run({ changeId: '01J00000000000000000000099' }, ports)).rejects.toThrow('DD1704')
  })

  it('F11 reads again when another writer came first, and opens one ballot', async () => {
    const { ports, ledger, ballot, leaves } = await anyApprovals()
    const answers = await Promise.all([run({ changeId }, ports), run({ changeId }, ports)])
    expect(answers).toMatchObject([
      { changeId, outcome: 'open' },
      { changeId, outcome: 'open' },
    ])
    expect(leaves().filter(({ type }) => type === 'approval.opened')).toHaveLength(1)
    expect((await ballot())?.outcome).toBe('open')
    const busy: Ledger = { ...ledger, commit: async () => ({ conflict: { pk: 'x', sk: 'x' } }) }
    const other = await anyApprovals()
    await expect(
      run({ changeId }, { ...other.ports, ledger: { ...other.ledger, commit: busy.commit } }),
    ).rejects.toThrow('DD1702')
  })
})

function authored(author: string) {
  return { rung: 'package-downgrade' as const, previousVersions: {}, author, reviewer: 'stella', rtoMinutes: 15 }
}
