import { describe, expect, it } from 'vitest'
import { findingDesk } from '../../../functions/changes/finding-desk.ts'
import { JoinedFindingRecord } from '../../../functions/changes/joined-finding.ts'
import { moveRecordedChange } from '../../../functions/changes/move-change.ts'
import { undoJoin } from '../../../functions/changes/undo-join.ts'
import { recordFinding } from '../../../functions/intake/record-finding.ts'
import { keys } from '../../../functions/kit/keys.ts'
import type { Ledger } from '../../../functions/kit/ledger.ts'
import { anyFinding } from '../finding/any-finding.ts'
import { anyDesk, id } from './any-desk.ts'

/** Finding 2 joins the change of finding 1; `meanwhile` happens between its decision and its commit. */
async function joining(meanwhile: 'cancelled' | 'nothing') {
  const desk = await anyDesk()
  const { ports } = desk
  const changeId = (await desk.assess(1)).changeId ?? ''
  const ledger: Ledger = {
    ...ports.ledger,
    async commit(transaction) {
      if (meanwhile === 'cancelled')
        await moveRecordedChange(changeId, { type: 'cancelled', because: 'not needed' }, ports, 'chloe')
      return ports.ledger.commit(transaction)
    },
  }
  await recordFinding(anyFinding({ findingId: id(2) }), { ...ports, ledger, desk: findingDesk(ports) })
  return {
    desk,
    ports,
    changeId,
    isJoined: async () =>
      (await ports.ledger.read(JoinedFindingRecord, keys.joinedFinding(changeId, id(2)))) !== undefined,
    undone: () => ports.ledger.outbox().filter(({ type }) => type === 'change.join-undone'),
    assessNudges: () => ports.nudges.sent.filter(({ stage }) => stage === 'assess'),
  }
}

describe('11.7 a finding that joins while its change ends', () => {
  it('is taken out again, on the record of that change, and opens the next', async () => {
    const { desk, changeId, isJoined, undone, assessNudges } = await joining('cancelled')
    expect(await isJoined()).toBe(false)
    expect(undone()).toMatchObject([{ changeId, body: { findingId: id(2) } }])
    expect(assessNudges()).toHaveLength(1)
    const next = await desk.assess(2)
    expect(next.outcome).toBe('opened')
    expect(next.changeId).not.toBe(changeId)
    expect(await desk.assess(1)).toMatchObject({ outcome: 'declined' })
  })

  it('stays where the change goes on', async () => {
    const { isJoined, undone, assessNudges } = await joining('nothing')
    expect([await isJoined(), undone(), assessNudges()]).toEqual([true, [], []])
  })

  it('F7 is undone once, and nudged again where a crash came before the nudge', async () => {
    const { ports, changeId, undone, assessNudges } = await joining('cancelled')
    await undoJoin(changeId, id(2), ports)
    expect([undone().length, assessNudges().length]).toEqual([1, 2])
  })

  it('is left alone once it is in another change', async () => {
    const { desk, ports, changeId, undone } = await joining('cancelled')
    const next = await desk.assess(2)
    await undoJoin(changeId, id(2), ports)
    expect(undone()).toHaveLength(1)
    expect(
      (await ports.ledger.read(JoinedFindingRecord, keys.joinedFinding(next.changeId ?? '', id(2))))?.version,
    ).toBe(1)
  })
})
