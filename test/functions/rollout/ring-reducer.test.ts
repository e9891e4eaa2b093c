import { describe, expect, it } from 'vitest'
import type { Invocation } from '../../../functions/rollout/ports.ts'
import type { HostProgress, Ring } from '../../../functions/rollout/ring.ts'
import { openedRing } from '../../../functions/rollout/ring-opening.ts'
import { applyInvocations, type RetryPolicy } from '../../../functions/rollout/ring-reducer.ts'
import { anyPlan } from '../planning/any-plan.ts'

const opened = openedRing(anyPlan(), 'a'.repeat(64), 'production', undefined, 'token', 'now')
const retry: RetryPolicy = { attemptsMax: 3, retryBaseSeconds: 10, withoutRestorePoint: 'skip' }
const [one, two, three] = ['i-00000001', 'i-00000002', 'i-00000003'] as const
const deadlineMs = 100_000

/** The three hosts of the ring out with one command of this step. */
function out(step: HostProgress['step'], host: Partial<HostProgress> = {}, more: Partial<Ring> = {}): Ring {
  const sent: HostProgress = { step, state: 'sent', attempt: 1, intentId: 'c', ...host }
  return {
    ...opened,
    hosts: { [one]: sent, [two]: sent, [three]: sent },
    commands: { c: { step, hostIds: [one, two, three], packages: 'snapd=2', intendedAtMs: 0, deadlineMs } },
    ...more,
  }
}
const result = (step: string, more: object = {}) =>
  JSON.stringify({ schemaVersion: 1, step, changeId: opened.changeId, ok: true, ...more })
const said = (hostId: string, output: string, more: Partial<Invocation> = {}): Invocation => ({
  hostId,
  status: 'Success',
  exitCode: 0,
  output,
  ...more,
})
const failing = (hostId: string, reason: string, step = 'install') =>
  said(hostId, result(step, { ok: false, exitCode: 1, reason }), { status: 'Failed', exitCode: 1 })
const apply = (ring: Ring, invocations: readonly Invocation[], nowMs = 0, endsMax = 50) =>
  applyInvocations(ring, new Map([['c', invocations]]), retry, nowMs, endsMax)

describe('11.2 what the end of a step makes of a host', () => {
  it('is its next step, and the reboot only where one is needed', () => {
    const { ring } = apply(out('install'), [
      said(one, result('install', { rebootRequired: true, bootId: 'b1' })),
      said(two, result('install', { rebootRequired: false, bootId: 'b2' })),
    ])
    expect(ring.hosts[one]).toEqual({ step: 'reboot', state: 'waiting', attempt: 1, needsReboot: true, bootId: 'b1' })
    expect(ring.hosts[two]).toEqual({ step: 'verify', state: 'waiting', attempt: 1, needsReboot: false, bootId: 'b2' })
  })

  it('leaves a host that still works as it is, and its command with it', () => {
    const { ring, ends } = apply(out('install'), [said(one, result('install'))])
    expect(ring.hosts[three]).toEqual(out('install').hosts[three])
    expect(Object.keys(ring.commands)).toEqual(['c'])
    expect(ends.map(({ hostId }) => hostId)).toEqual([one])
  })

  it('5.4 is another attempt after a pause for a transient fault, until there were enough', () => {
    const { ring } = apply(out('install'), [failing(one, 'network')], 1_000)
    expect(ring.hosts[one]).toMatchObject({ step: 'install', state: 'waiting', attempt: 2, because: 'network' })
    expect(ring.hosts[one]?.notBeforeMs).toBeGreaterThan(1_000)
    const last = apply(out('install', { attempt: 3 }), [failing(one, 'network')])
    expect(last.ring.hosts[one]).toMatchObject({ state: 'failed', because: 'network, 3 times' })
  })

  it('11.7 is a verification where nobody can tell whether the install went through', () => {
    const { ring } = apply(out('install'), [said(one, '', { status: 'ExecutionTimedOut', exitCode: -1 })])
    expect(ring.hosts[one]).toMatchObject({ step: 'verify', state: 'waiting', flags: ['install-unclear'] })
  })

  it('F26 is a time-out once the deadline has passed and nothing was heard', () => {
    expect(apply(out('precheck'), [], deadlineMs - 1).ends).toEqual([])
    const { ring } = apply(out('precheck'), [], deadlineMs)
    expect(ring.hosts[one]).toMatchObject({ state: 'failed', because: 'precheck ran out of time' })
  })

  it('7.2 is a skip for a host that cannot be rolled back, unless the policy lets it go', () => {
    const gone = said(one, result('restore-point', { available: { snapd: false } }))
    expect(apply(out('restore-point'), [gone]).ring.hosts[one]).toMatchObject({
      state: 'skipped',
      because: 'no rollback: the installed version of snapd is no longer available',
    })
    const go = applyInvocations(
      out('restore-point'),
      new Map([['c', [gone]]]),
      { ...retry, withoutRestorePoint: 'go' },
      0,
      9,
    )
    expect(go.ring.hosts[one]).toMatchObject({ step: 'install', state: 'waiting' })
  })

  it('B44 is unclear where its result has a key that no record can hold', () => {
    const odd = result('install', { installed: { snapd: '2' } }).replace('"snapd"', '"__proto__"')
    expect(apply(out('install'), [said(one, odd)]).ring.hosts[one]).toMatchObject({ step: 'verify', state: 'waiting' })
  })
})

describe('late and repeated results', () => {
  it('change nothing on a host that has moved on, or for a command that is gone', () => {
    const ring = out('install')
    const moved = {
      ...ring,
      hosts: {
        ...ring.hosts,
        [one]: { ...opened.hosts[one], step: 'verify', state: 'sent', attempt: 1, intentId: 'd' } as const,
      },
    }
    expect(apply(moved, [said(one, result('install'))]).ends).toEqual([])
    expect(apply({ ...ring, commands: {} }, [said(one, result('install'))])).toEqual({
      ring: { ...ring, commands: {} },
      ends: [],
      isFull: false,
    })
  })

  it('are counted in one pass up to its limit, and the command stays out for the rest', () => {
    const all = [one, two, three].map((hostId) => said(hostId, result('install')))
    const { ring, ends, isFull } = apply(out('install'), all, 0, 2)
    expect({ ends: ends.length, isFull, commands: Object.keys(ring.commands) }).toEqual({
      ends: 2,
      isFull: true,
      commands: ['c'],
    })
    expect(apply(out('install'), all).ring.commands).toEqual({})
  })
})

describe('a fault of ours', () => {
  const ours = said(one, '', { status: 'Failed', exitCode: 160 })

  it('11.6 fails every host that waits and spends the whole failure budget of a patch', () => {
    const ring = out('install')
    const waiting = {
      ...ring,
      hosts: { ...ring.hosts, [three]: { step: 'install', state: 'waiting', attempt: 1 } as const },
    }
    const { ring: halted } = apply(waiting, [ours])
    expect(halted.failureBudget).toBe(0)
    expect(halted.hosts[three]).toMatchObject({
      state: 'failed',
      because: 'install ended with 160: the override list is wrong',
    })
    expect(halted.hosts[two]).toMatchObject({ state: 'sent' })
  })

  it('7.3 stops no rollback: hosts that can be restored are restored', () => {
    const { ring } = apply(out('rollback', {}, { mode: 'rollback' }), [ours])
    expect(ring.hosts[one]).toMatchObject({ state: 'quarantined' })
    expect(ring.hosts[two]).toMatchObject({ state: 'sent' })
    expect(ring.failureBudget).toBe(opened.failureBudget)
  })
})

describe('7.4 a rollback', () => {
  it('goes on without the state of a host that cannot be collected, and says so', () => {
    const { ring } = apply(out('collect', {}, { mode: 'rollback' }), [failing(one, 'disk full', 'collect')])
    expect(ring.hosts[one]).toMatchObject({ step: 'rollback', state: 'waiting', flags: ['state-not-collected'] })
  })

  it('quarantines a host whose previous version is unknown once its state was collected', () => {
    const unknown = { mode: 'rollback' as const, packagesByHost: {} }
    const { ring } = apply(out('collect', {}, unknown), [said(one, result('collect'))])
    expect(ring.hosts[one]).toMatchObject({
      state: 'quarantined',
      because: 'the plan has no previous version for it',
    })
  })
})
