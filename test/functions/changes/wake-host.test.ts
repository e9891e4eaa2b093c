import { beforeEach, describe, expect, it } from 'vitest'
import { HostExposureRecord } from '../../../functions/changes/exposure.ts'
import { wakeHost } from '../../../functions/changes/wake-host.ts'
import { keys } from '../../../functions/kit/keys.ts'
import { anyFinding } from '../finding/any-finding.ts'
import { anyDesk, id } from './any-desk.ts'

const { resource } = anyFinding()
let desk = await anyDesk()
beforeEach(async () => {
  desk = await anyDesk()
  await desk.assess()
})
const setExposure = (...findingIds: string[]) =>
  desk.put(HostExposureRecord, keys.hostExposure(resource.id), { findingIds })
const woken = async (hostId = resource.id) => {
  const before = desk.ports.nudges.sent.length
  await wakeHost(hostId, desk.ports)
  return desk.ports.nudges.sent.slice(before).map(({ stage, message }) => [stage, message.findingId])
}

describe('3.3 wakeHost', () => {
  it('has a finding assessed again that does not know yet that the internet reaches its host', async () => {
    await setExposure(id(9))
    expect(await woken()).toEqual([['assess', id(1)]])
  })

  it('wakes nothing where every assessment knows', async () => {
    expect(await woken()).toEqual([])
    await setExposure(id(9))
    await desk.assess()
    expect(await woken()).toEqual([])
  })

  it('has it assessed again once the internet reaches its host no more', async () => {
    await setExposure(id(9))
    await desk.assess()
    await setExposure()
    expect(await woken()).toEqual([['assess', id(1)]])
  })

  it.each([
    ['on another host', { resource: { ...resource, id: 'i-0000000000000000f' } }],
    ['that is closed', { status: 'closed' }],
    ['about reachability itself', { type: 'network-reachability' }],
  ] as const)('leaves a finding alone %s', async (_, over) => {
    await desk.putFinding(anyFinding({ findingId: id(1), ...over }))
    await setExposure(id(9))
    expect(await woken()).toEqual([])
  })

  it('leaves a finding alone that was not assessed yet: its own message does it', async () => {
    await desk.putFinding(anyFinding({ findingId: id(2) }))
    await setExposure(id(9))
    expect(await woken()).toEqual([['assess', id(1)]])
  })
})
