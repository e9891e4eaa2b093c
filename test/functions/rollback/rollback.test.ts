import { describe, expect, it } from 'vitest'
import { openRollback } from '../../../functions/rollback/open.ts'
import { quarantineUnknown } from '../../../functions/rollout/previous-version.ts'
import type { HostProgress } from '../../../functions/rollout/ring.ts'
import { openedRing } from '../../../functions/rollout/ring-opening.ts'
import { escalated } from '../../../functions/rollout/rto.ts'
import type { Fault } from '../../../simulator/fleet/faults.ts'
import { anyPlan } from '../planning/any-plan.ts'
import { hostIds, together } from '../rollout/together.ts'

const at = '2026-01-01T00:00:00.000Z'
const planHash = 'a'.repeat(64)
const [first = ''] = hostIds

/** A rollback of db in which something goes wrong on its first host. */
async function rollBack(faults: readonly Fault[], rtoMinutes = 15) {
  const changes = [{ service: 'db', isRollback: true } as const]
  const outcome = await together({ changes, unavailableMax: 1, faults, seed: 1, rtoMinutes })
  const ring = outcome.rings.find(({ mode }) => mode === 'rollback')
  return { ...outcome, ring, host: ring?.hosts[first] }
}

describe('7.3 7.4 a rollback', () => {
  it('collects before it restores, and proves every host', async () => {
    const { ring, host, evidence } = await rollBack([])
    expect(ring?.state).toBe('succeeded')
    expect(host).toMatchObject({ state: 'done', step: 'verify' })
    expect(evidence('rollback.escalated')).toEqual([])
    const ended = evidence('rollout.moved').flatMap(
      ({ body }) => JSON.stringify(body).match(/"collected":\{[^}]*\}/g) ?? [],
    )
    expect(ended).toHaveLength(4)
    expect(ended[0]).toMatch(/"sha256":"[0-9a-f]{64}".*"isAttached":true/)
  })

  it('restores a host whose state cannot be collected, and says so', async () => {
    const { ring, host } = await rollBack([{ fault: 'permanent-failure', hostId: first, step: 'collect' }])
    expect(host).toMatchObject({ state: 'done', flags: ['state-not-collected'] })
    expect(ring?.state).toBe('succeeded')
  })

  it.each(['service-down', 'transient-failure'] as const)(
    'F36 quarantines a host on which it fails (%s), raises the alarm, and restores the others',
    async (fault) => {
      const { ring, host, counted } = await rollBack([{ fault, hostId: first, step: 'rollback' }])
      expect(host?.state).toBe('quarantined')
      expect(counted.RollbackFailed).toBe(1)
      expect(ring).toMatchObject({ state: 'failed', because: '1 host could not be restored and is quarantined' })
      expect(Object.values(ring?.hosts ?? {}).filter(({ state }) => state === 'done')).toHaveLength(3)
    },
  )

  it('tells people once, before the RTO is missed, how long is left and for which hosts', async () => {
    const { counted, evidence, ring } = await rollBack([{ fault: 'agent-offline', hostId: first, step: 'collect' }], 4)
    expect(counted.RollbackRtoAtRisk).toBe(1)
    const [told, ...more] = evidence('rollback.escalated')
    expect(more).toEqual([])
    expect(told?.body).toMatchObject({ detail: { hostIds: expect.arrayContaining([first]) } })
    expect(told?.at && ring?.rtoDeadlineAt && told.at < ring.rtoDeadlineAt).toBe(true)
  })
})

describe('7.3 the RTO clock', () => {
  const ring = openRollback({ plan: anyPlan(), planHash, ring: 'production', rings: [], taskToken: 't', at })

  it.each([
    ['2026-01-01T00:08:59.000Z', false],
    ['2026-01-01T00:09:00.000Z', true],
    ['2026-01-01T01:00:00.000Z', true],
  ])('of 15 minutes is near its end at %s: %s', (now, isNear) => {
    expect(escalated(ring, now).rtoEscalatedAt).toBe(isNear ? now : undefined)
  })

  it('is left alone once people know, once the rollback has ended, and in a patch', () => {
    const late = '2026-01-01T01:00:00.000Z'
    expect(escalated({ ...ring, rtoEscalatedAt: at }, late).rtoEscalatedAt).toBe(at)
    expect(escalated({ ...ring, state: 'succeeded' }, late)).not.toHaveProperty('rtoEscalatedAt')
    expect(escalated({ ...ring, mode: 'patch' }, late)).not.toHaveProperty('rtoEscalatedAt')
  })
})

describe('7.2 the hosts of a rollback', () => {
  const plan = anyPlan()
  const opened = openedRing(plan, planHash, 'production', undefined, 'token', at)
  const rollbackOf = (host: HostProgress, more = plan) =>
    openRollback({
      plan: more,
      planHash,
      ring: 'production',
      rings: [{ ...opened, hosts: { 'i-00000001': host } }],
      taskToken: 't',
      at,
    }).hosts['i-00000001']

  it.each<readonly [string, HostProgress, boolean]>([
    ['was only checked', { step: 'precheck', state: 'skipped', attempt: 1 }, false],
    ['waits for its first install', { step: 'install', state: 'waiting', attempt: 1 }, false],
    ['waits for its second install', { step: 'install', state: 'waiting', attempt: 2 }, true],
    ['is being installed on', { step: 'install', state: 'sent', attempt: 1 }, true],
    ['was proven', { step: 'verify', state: 'done', attempt: 1 }, true],
    ['did not return from its reboot', { step: 'reboot', state: 'quarantined', attempt: 1 }, true],
  ])('one that %s is one of them: %#', (_, host, isTouched) => {
    expect(rollbackOf(host) !== undefined).toBe(isTouched)
  })

  it.each([
    ['nobody knows what to return to', { previousVersions: {} }],
    ['the plan has no way back', { rung: 'none' as const }],
  ])('7.4 are looked at and then set aside for people where %s, instead of counting as restored', (_, more) => {
    const done: HostProgress = { step: 'verify', state: 'done', attempt: 1 }
    const without = anyPlan({ rollbackPlan: { ...plan.rollbackPlan, ...more } })
    const rings = [{ ...opened, hosts: { 'i-00000001': done } }]
    const ring = openRollback({ plan: without, planHash, ring: 'production', rings, taskToken: 't', at })
    expect(ring.hosts['i-00000001']).toMatchObject({ step: 'collect', state: 'waiting' })
    const collected: HostProgress = { step: 'rollback', state: 'waiting', attempt: 1 }
    expect(quarantineUnknown(ring, 'i-00000001', collected)).toMatchObject({
      state: 'quarantined',
      because: 'the plan has no previous version for it',
    })
  })
})
