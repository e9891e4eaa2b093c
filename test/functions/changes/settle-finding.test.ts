import { beforeEach, describe, expect, it } from 'vitest'
import { ChangeRecord } from '../../../functions/changes/change.ts'
import { HostExposureRecord } from '../../../functions/changes/exposure.ts'
import { changeMove } from '../../../functions/changes/reducer.ts'
import { settleFinding } from '../../../functions/changes/settle-finding.ts'
import { keys } from '../../../functions/kit/keys.ts'
import { anyFinding } from '../finding/any-finding.ts'
import { anyChange } from './any-change.ts'
import { anyDesk, id } from './any-desk.ts'

const change = anyChange({ state: 'assessed' })
let desk = await anyDesk()
beforeEach(async () => {
  desk = await anyDesk()
  const by = { at: '', type: 'test.put', account: '', changeId: change.changeId, actor: 'test', body: {} }
  await desk.ports.ledger.commit({
    moves: [changeMove(undefined, change)],
    evidence: [{ ...by, leafId: desk.ports.ids.next() }],
  })
})
const read = async () => (await desk.ports.ledger.read(ChangeRecord, keys.change(change.changeId)))?.value

describe('11.3 settling a decision', () => {
  it('starts the driver of a change that it opened, once however often it is settled', async () => {
    for (let again = 0; again < 3; again++) await settleFinding(anyFinding(), { change, isCovered: false }, desk.ports)
    expect(desk.ports.started()).toEqual([change.changeId])
    expect(await read()).toMatchObject({ state: 'assessed' })
  })

  it.each([
    ['covers the finding already', { change, isCovered: true }],
    ['is past its assessment', { change: { ...change, state: 'planned' as const }, isCovered: false }],
    ['is none', { isCovered: false }],
  ])('starts none where the change %s', async (_, decision) => {
    await settleFinding(anyFinding(), decision, desk.ports)
    expect(desk.ports.started()).toEqual([])
  })

  it('has the findings of a host assessed again once the internet reaches it', async () => {
    await desk.assess()
    const { resource } = anyFinding()
    await desk.put(HostExposureRecord, keys.hostExposure(resource.id), { findingIds: [id(9)] })
    const woken = async (type: 'network-reachability' | 'package-vulnerability') => {
      const before = desk.ports.nudges.sent.length
      await settleFinding(anyFinding({ findingId: id(9), type }), { isCovered: false }, desk.ports)
      return desk.ports.nudges.sent.slice(before).map(({ message }) => message.findingId)
    }
    expect(await woken('package-vulnerability')).toEqual([])
    expect(await woken('network-reachability')).toEqual([id(1)])
  })
})
