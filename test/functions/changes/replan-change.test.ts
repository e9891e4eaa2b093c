import { describe, expect, it } from 'vitest'
import { type Change, ChangeRecord } from '../../../functions/changes/change.ts'
import { OpenChangeRecord } from '../../../functions/changes/coalesce.ts'
import { replanChange } from '../../../functions/changes/replan-change.ts'
import { keys, lists } from '../../../functions/kit/keys.ts'
import { anyChange } from './any-change.ts'
import { anyDesk, id } from './any-desk.ts'

/** A desk whose finding 1 is in a change, and that change as a test needs it. */
async function anyReplan(over: Partial<Change>) {
  const desk = await anyDesk()
  const { changeId = '' } = await desk.assess()
  const read = await desk.ports.ledger.read(ChangeRecord, keys.change(changeId))
  if (!read) throw new Error('no change was opened')
  await desk.put(ChangeRecord, keys.change(changeId), { ...read.value, ...over })
  const changeOf = async (one: string) => (await desk.ports.ledger.read(ChangeRecord, keys.change(one)))?.value
  return { desk, changeId, changeOf, replan: () => replanChange(changeId, 'asked again', desk.ports, 'chloe') }
}

const planned = { planHash: 'a'.repeat(64) }

describe('B4 11.4 drydock changes replan', () => {
  it.each([
    ['whose plan was refused', { state: 'held', heldFrom: 'assessed', heldBecause: 'no-hosts' }],
    ['whose documents changed', { ...planned, state: 'held', heldFrom: 'scheduled', heldBecause: 'documents differ' }],
    ['that is approved', { ...planned, state: 'approved' }],
  ] as const)('takes a change %s back to where it is planned, without its plan', async (_, over) => {
    const { changeId, changeOf, replan, desk } = await anyReplan(over)
    await replan()
    const change = await changeOf(changeId)
    expect(change).toMatchObject({ changeId, state: 'assessed' })
    for (const gone of ['planHash', 'heldBecause', 'heldFrom']) expect(change).not.toHaveProperty(gone)
    expect(desk.ports.ledger.outbox().at(-1)).toMatchObject({ type: 'change.replanned', actor: 'chloe' })
  })

  it.each(['expired', 'rejected'] as const)(
    'opens another change with the same findings in place of one that is %s, which stays as it ended',
    async (state) => {
      const { desk, changeId, changeOf, replan } = await anyReplan({ ...planned, state, outcome: 'no votes' })
      const result = await replan()
      if ('refused' in result) throw new Error(result.refused)
      expect(result.change).toMatchObject({ state: 'assessed', supersedes: changeId })
      expect(result.change).not.toHaveProperty('outcome')
      expect(await changeOf(changeId)).toMatchObject({ state, outcome: 'no votes' })
      expect(await desk.findingsOf(result.change)).toEqual([id(1)])
      const pointer = await desk.ports.ledger.read(OpenChangeRecord, keys.openChange('web', 'os-packages'))
      expect(pointer?.value.changeId).toBe(result.change.changeId)
    },
  )

  it('11.3 a finding of the ended change that is assessed again is in the new one, and opens no third', async () => {
    const { desk, replan } = await anyReplan({ state: 'expired' })
    const result = await replan()
    expect(await desk.assess()).toMatchObject({
      outcome: 'already-joined',
      changeId: 'change' in result ? result.change.changeId : '',
    })
    expect(await desk.ports.ledger.list(ChangeRecord, lists.changes)).toHaveLength(1)
  })

  it.each([
    ['ring-opened', { state: 'held', heldFrom: 'in-progress', ring: 'dev' }],
    ['not-from-this-state', { state: 'awaiting-approval' }],
    ['not-from-this-state', { state: 'closed' }],
  ] as const)('refuses with %s a change with %o', async (refused, over) => {
    const { changeId, changeOf, replan } = await anyReplan(over)
    expect(await replan()).toEqual({ refused })
    expect(await changeOf(changeId)).toMatchObject(over)
  })

  it('refuses with another-is-open where a change after the ended one is open', async () => {
    const { desk, replan } = await anyReplan({ state: 'expired' })
    const other = '01J00000000000000000000009'
    await desk.put(ChangeRecord, keys.change(other), anyChange({ changeId: other }))
    await desk.put(OpenChangeRecord, keys.openChange('web', 'os-packages'), { changeId: other })
    expect(await replan()).toEqual({ refused: 'another-is-open' })
  })
})
