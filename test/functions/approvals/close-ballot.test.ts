import { describe, expect, it } from 'vitest'
import { run } from '../../../functions/approvals/close-ballot.ts'
import { anyApprovals, changeId } from './any-approvals.ts'
import { anyBallot } from './any-ballot.ts'

const waiting = { change: { state: 'awaiting-approval' as const }, ballot: anyBallot() }
const afterDeadline = Date.parse('2026-01-02T00:00:00.000Z')

describe('2.1 close-ballot', () => {
  it('leaves an open ballot open until its deadline', async () => {
    const { ports, clock, leaves } = await anyApprovals(waiting)
    clock.set(afterDeadline - 1)
    expect(await run({ changeId }, ports)).toMatchObject({ changeId, outcome: 'open' })
    expect(leaves()).toEqual([])
  })

  it('F14 expires ballot and change together at the deadline, once', async () => {
    const { ports, clock, ballot, changeNow, leaves } = await anyApprovals(waiting)
    clock.set(afterDeadline)
    expect(await run({ changeId }, ports)).toMatchObject({ changeId, outcome: 'expired' })
    expect(await run({ changeId }, ports)).toMatchObject({ changeId, outcome: 'expired' })
    expect([(await ballot())?.outcome, (await changeNow())?.state]).toEqual(['expired', 'expired'])
    expect(leaves().map(({ type }) => type)).toEqual(['change.expired'])
  })

  it('I5 leaves a decision as it is, however late it looks', async () => {
    const { ports, clock, changeNow } = await anyApprovals({
      change: { state: 'approved' },
      ballot: anyBallot({ outcome: 'approved' }),
    })
    clock.set(afterDeadline + 1)
    expect(await run({ changeId }, ports)).toMatchObject({ changeId, outcome: 'approved' })
    expect((await changeNow())?.state).toBe('approved')
  })

  it.each([
    ['was cancelled', { state: 'cancelled' }],
    ['was planned anew', { state: 'in-review', planHash: 'c'.repeat(64) }],
  ] as const)('stops asking when the change %s', async (_, change) => {
    const { ports, clock, changeNow } = await anyApprovals({ ...waiting, change })
    clock.set(afterDeadline)
    expect(await run({ changeId }, ports)).toMatchObject({ changeId, outcome: 'withdrawn' })
    expect((await changeNow())?.state).toBe(change.state)
  })

  it('F11 lets two that close at once expire it once', async () => {
    const { ports, clock, leaves } = await anyApprovals(waiting)
    clock.set(afterDeadline)
    await Promise.all([run({ changeId }, ports), run({ changeId }, ports)])
    expect(leaves()).toHaveLength(1)
  })

  it('says that there is no ballot', async () => {
    const { ports } = await anyApprovals()
    await expect(run({ changeId }, ports)).rejects.toThrow('DD1701')
  })
})
