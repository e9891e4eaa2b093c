import { describe, expect, it } from 'vitest'
import type { HostProgress, Ring } from '../../../functions/rollout/ring.ts'
import { openedRing } from '../../../functions/rollout/ring-opening.ts'
import { afterRefusal } from '../../../functions/rollout/send-refusal.ts'
import { scenarioPolicy } from '../../../local/scenario/seed.ts'
import { anyPlan } from '../planning/any-plan.ts'
import { hostIdOf, simulate } from './simulation.ts'

const policy = { ...scenarioPolicy().rollout, attemptsMax: 3, retryBaseSeconds: 30 }
const ids = ['i-00000001', 'i-00000002', 'i-00000003']
const sent: HostProgress = { step: 'install', state: 'sent', attempt: 1, intentId: 'intent' }

function ringWith(hostIds: readonly string[], host: HostProgress = sent): Ring {
  const opened = openedRing(anyPlan(), 'a'.repeat(64), 'production', undefined, 'token', 'now')
  const command = { step: 'install' as const, packages: '', intendedAtMs: 0, deadlineMs: 1 }
  return {
    ...opened,
    hosts: { ...opened.hosts, ...Object.fromEntries(hostIds.map((hostId) => [hostId, host])) },
    commands: { intent: { ...command, hostIds: [...hostIds] } },
  }
}
const refuse = (ring: Ring, refused: Parameters<typeof afterRefusal>[2]['refused']) =>
  afterRefusal(ring, 'intent', { refused, detail: 'why' }, policy, { nowMs: 0, documentName: 'Drydock-Install' })

describe('a refused SendCommand', () => {
  it('F24 counts no attempt when it came too fast, and doubles the pause with each refusal in a row', () => {
    const pauses = [0, 1, 2, 3, 20, 21].map((sendsRefused) => {
      const after = refuse({ ...ringWith(ids), ...(sendsRefused > 0 ? { sendsRefused } : {}) }, 'throttled')
      expect(after).toMatchObject({ commands: {}, sendsRefused: sendsRefused + 1 })
      expect(after.hosts['i-00000001']).toMatchObject({ state: 'waiting', attempt: 1 })
      return after.hosts['i-00000001']?.notBeforeMs ?? 0
    })
    for (const [index, pause] of pauses.slice(0, 4).entries()) {
      expect(pause).toBeGreaterThanOrEqual(15_000 * 2 ** index)
      expect(pause).toBeLessThanOrEqual(45_000 * 2 ** index)
    }
    expect(Math.max(...pauses)).toBeLessThanOrEqual(45_000 * 2 ** 6)
  })

  it('B43 fails its hosts and stops the ring when the document is another one', () => {
    const after = refuse(ringWith(ids), 'hash-mismatch')
    expect(after).toMatchObject({ failureBudget: 0, because: 'Drydock-Install was refused (hash-mismatch): why' })
    expect(Object.values(after.hosts).map(({ state }) => state)).toEqual(['failed', 'failed', 'failed'])
  })

  it('F29 sends every host of it alone when one of them is not to be had', () => {
    const after = refuse(ringWith(ids), 'invalid-instance')
    expect(Object.values(after.hosts)).toMatchObject(ids.map(() => ({ state: 'waiting', isAlone: true, attempt: 1 })))
    expect(after.hosts['i-00000001']).not.toHaveProperty('notBeforeMs')
  })

  it('F29 tries a host that is refused alone again, and takes it for gone in the end', () => {
    const [first = ''] = ids
    expect(refuse(ringWith([first]), 'invalid-instance').hosts[first]).toMatchObject({ state: 'waiting', attempt: 2 })
    const gone = refuse(ringWith([first], { ...sent, attempt: 3 }), 'invalid-instance').hosts[first]
    expect(gone).toMatchObject({ state: 'gone', because: 'why, 3 times' })
  })
})

describe('F29 a node that is terminated in the middle of a ring', () => {
  it.each(['precheck', 'install', 'reboot'])(
    'at its %s is gone, is no failure, and keeps no other back',
    async (step) => {
      const faults = [{ fault: 'terminated', hostId: hostIdOf(0), step } as const]
      const { ring, mostDown, change } = await simulate({
        hosts: 6,
        unavailableMax: 2,
        failureBudget: 0,
        faults,
        seed: 1,
      })
      expect(ring.hosts[hostIdOf(0)]?.state).toBe('gone')
      expect(Object.values(ring.hosts).filter(({ state }) => state === 'done')).toHaveLength(5)
      expect(ring.state).toBe('succeeded')
      expect(mostDown).toBeLessThanOrEqual(2)
      expect(change?.quarantined).toMatchObject([{ hostId: hostIdOf(0), reason: expect.stringContaining('gone at') }])
    },
  )
})
