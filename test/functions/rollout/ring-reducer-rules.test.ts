import { describe, expect, it } from 'vitest'
import { backoffMs } from '../../../functions/rollout/backoff.ts'
import type { Invocation } from '../../../functions/rollout/ports.ts'
import type { HostProgress, Ring, StepName } from '../../../functions/rollout/ring.ts'
import { openedRing } from '../../../functions/rollout/ring-opening.ts'
import { applyInvocations, type RetryPolicy } from '../../../functions/rollout/ring-reducer.ts'
import { anyPlan } from '../planning/any-plan.ts'

const opened = openedRing(anyPlan(), 'a'.repeat(64), 'production', undefined, 'token', 'now')
const [one, two, three] = ['i-00000001', 'i-00000002', 'i-00000003'] as const
const retry: RetryPolicy = { attemptsMax: 3, retryBaseSeconds: 10, withoutRestorePoint: 'skip' }
const deadlineMs = 100_000
const command = (step: StepName, hostIds: string[]): Ring['commands'][string] => ({
  step,
  hostIds,
  packages: 'snapd=2',
  intendedAtMs: 0,
  deadlineMs,
})

/** One host of the ring out with a command of this step; the others wait for their install. */
function out(step: StepName, host: Partial<HostProgress> = {}, ring: Partial<Ring> = {}): Ring {
  const waiting: HostProgress = { step: 'install', state: 'waiting', attempt: 1 }
  return {
    ...opened,
    packagesByHost: {},
    hosts: { [one]: { step, state: 'sent', attempt: 1, intentId: 'c', ...host }, [two]: waiting, [three]: waiting },
    commands: { c: command(step, [one]) },
    ...ring,
  }
}
const rollback = { mode: 'rollback', packagesByHost: { [one]: 'snapd=1' } } as const
const said = (step: StepName, more: object = {}, invocation: Partial<Invocation> = {}): Invocation => ({
  hostId: one,
  status: 'Success',
  exitCode: 0,
  output: JSON.stringify({ schemaVersion: 1, step, changeId: opened.changeId, ok: true, ...more }),
  ...invocation,
})
const failing = (step: StepName, reason: string, invocation: Partial<Invocation> = {}) =>
  said(step, { ok: false, exitCode: 1, reason }, { status: 'Failed', exitCode: 1, ...invocation })
const applied = (ring: Ring, invocations: readonly Invocation[], nowMs = 0, endsMax = 9) =>
  applyInvocations(ring, new Map([['c', invocations]]), retry, nowMs, endsMax)
/** The host after this, as it is written. */
const hostAfter = (ring: Ring, invocation: Invocation, nowMs = 0) => applied(ring, [invocation], nowMs).ring.hosts[one]
const proof = {
  rebootPending: false,
  runningKernel: '6.8',
  installedKernel: '6.8',
  agentVersion: '3.3',
  bootId: 'b9',
}

describe('11.2 the next step of a host that passed one', () => {
  it.each<[StepName, object, Partial<HostProgress>, StepName]>([
    ['precheck', {}, {}, 'restore-point'],
    ['restore-point', { available: {} }, {}, 'install'],
    ['install', { rebootRequired: true }, {}, 'reboot'],
    ['install', { rebootRequired: false }, {}, 'verify'],
    ['install', {}, {}, 'verify'],
    ['install', {}, { needsReboot: true }, 'reboot'],
    ['install', { rebootRequired: false }, { needsReboot: true }, 'verify'],
    ['reboot', {}, { needsReboot: true }, 'verify'],
  ])('of a patch: after %s (%j, %j) %s', (step, result, host, next) => {
    expect(hostAfter(out(step, host), said(step, result))).toMatchObject({ step: next, state: 'waiting', attempt: 1 })
  })

  it.each<[StepName, object, StepName]>([
    ['collect', {}, 'rollback'],
    ['rollback', { rebootRequired: true }, 'reboot'],
    ['rollback', {}, 'verify'],
    ['reboot', {}, 'verify'],
  ])('of a rollback: after %s (%j) %s', (step, result, next) => {
    expect(hostAfter(out(step, {}, rollback), said(step, result))).toMatchObject({ step: next, state: 'waiting' })
  })

  it('starts from its first attempt, without pause or reason of the step before', () => {
    const worn = { attempt: 3, notBeforeMs: 5, because: 'network', flags: ['old'] }
    expect(hostAfter(out('precheck', worn), said('precheck'))).toEqual({
      step: 'restore-point',
      state: 'waiting',
      attempt: 1,
      needsReboot: false,
      flags: ['old'],
    })
  })

  it('keeps the boot that an install or a rollback saw, and of no other step', () => {
    expect(hostAfter(out('install'), said('install', { bootId: 'b1' }))).toMatchObject({ bootId: 'b1' })
    expect(hostAfter(out('rollback', {}, rollback), said('rollback', { bootId: 'b1' }))).toMatchObject({ bootId: 'b1' })
    expect(hostAfter(out('precheck'), said('precheck', { bootId: 'b1' }))).not.toHaveProperty('bootId')
    expect(hostAfter(out('install', { bootId: 'b0' }), said('install'))).toMatchObject({ bootId: 'b0' })
    expect(hostAfter(out('install'), said('install'))).not.toHaveProperty('bootId')
    expect(hostAfter(out('reboot', { bootId: 'b0' }), said('reboot', { bootId: 'b1' }))).toMatchObject({ bootId: 'b0' })
  })

  it('keeps that SSM and the host disagreed, after what was kept before', () => {
    const disagreed = said('install', {}, { status: 'Failed' })
    expect(hostAfter(out('install'), disagreed)).toMatchObject({ flags: ['status-disagreed'] })
    expect(hostAfter(out('install', { flags: ['old'] }), disagreed)).toMatchObject({
      flags: ['old', 'status-disagreed'],
    })
    expect(hostAfter(out('install'), said('install'))).not.toHaveProperty('flags')
  })
})

describe('11.7 a host that is proven', () => {
  const verify = said('verify', proof)

  it('is done, without reason and boot, and with nothing else', () => {
    expect(hostAfter(out('verify', { because: 'install ran out of time', bootId: 'b1' }), verify)).toEqual({
      step: 'verify',
      state: 'done',
      attempt: 1,
      needsReboot: false,
    })
  })

  it('keeps that a status was wrong about it where its install or rollback was unclear', () => {
    const flagged = (flags: string[]) => hostAfter(out('verify', { flags }), verify)?.flags
    expect(flagged(['install-unclear'])).toEqual(['install-unclear', 'status-disagreed'])
    expect(flagged(['old', 'rollback-unclear'])).toEqual(['old', 'rollback-unclear', 'status-disagreed'])
    expect(flagged(['old'])).toEqual(['old'])
    expect(flagged(['unclear-install'])).toEqual(['unclear-install'])
  })
})

describe('5.4 another attempt', () => {
  it.each([1, 2])('after attempt %d waits for a pause that grows and is spread by host and step', (attempt) => {
    expect(hostAfter(out('install', { attempt }), failing('install', 'network'), 1_000)).toEqual({
      step: 'install',
      state: 'waiting',
      attempt: attempt + 1,
      notBeforeMs: 1_000 + backoffMs(10, attempt, 'i-00000001install'),
      because: 'network',
    })
  })

  it.each([3, 4])('is not made after attempt %d of three', (attempt) => {
    expect(hostAfter(out('install', { attempt }), failing('install', 'network'))).toEqual({
      step: 'install',
      state: 'failed',
      attempt,
      because: `network, ${attempt} times`,
    })
  })
})

describe('11.7 a host that cannot be taken at its word', () => {
  it('reboots once where verify finds a reboot that nobody asked for, and keeps the boot to change', () => {
    const pending = { ...proof, rebootPending: true }
    expect(hostAfter(out('verify', { attempt: 2 }), said('verify', pending))).toEqual({
      step: 'reboot',
      state: 'waiting',
      attempt: 1,
      needsReboot: true,
      bootId: 'b9',
    })
    const { bootId: _, ...without } = pending
    expect(hostAfter(out('verify'), said('verify', without))).not.toHaveProperty('bootId')
  })

  it.each<[StepName, Partial<Ring>]>([
    ['install', {}],
    ['rollback', rollback],
  ])('is verified where its %s is unclear, with the reason and a flag for it', (step, ring) => {
    expect(hostAfter(out(step, { attempt: 2 }, ring), failing(step, 'dpkg failed'))).toEqual({
      step: 'verify',
      state: 'waiting',
      attempt: 1,
      because: 'dpkg failed',
      flags: [`${step}-unclear`],
    })
    expect(hostAfter(out(step, { flags: ['old'] }, ring), failing(step, 'dpkg failed'))?.flags).toEqual([
      'old',
      `${step}-unclear`,
    ])
  })
})

describe('11.6 a host that is given up', () => {
  const unhealthy = said('verify', { ...proof, serviceHealthy: false })
  const because = 'the service on the host is unhealthy'

  it('of a patch fails at the step that failed, with the reason', () => {
    expect(hostAfter(out('collect', { attempt: 2 }), failing('collect', 'disk full'))).toEqual({
      step: 'collect',
      state: 'failed',
      attempt: 2,
      because: 'disk full',
    })
  })

  it('by verify fails with the doubt that led there beside the verdict', () => {
    expect(hostAfter(out('verify', { because: 'install ran out of time' }), unhealthy)).toMatchObject({
      state: 'failed',
      because: `${because} (install ran out of time)`,
    })
    expect(hostAfter(out('verify'), unhealthy)).toMatchObject({ state: 'failed', because })
    expect(hostAfter(out('collect', { because: 'network' }), failing('collect', 'disk full'))?.because).toBe(
      'disk full',
    )
  })

  it('11.6 by a fault of ours says that alone, whatever doubt led to its verification', () => {
    const ours = said('verify', {}, { status: 'Failed', exitCode: 160, output: '' })
    expect(hostAfter(out('verify', { because: 'install ran out of time' }), ours)).toMatchObject({
      state: 'failed',
      because: 'verify ended with 160: the override list is wrong',
    })
  })

  it('7.3 of a rollback is set aside for people', () => {
    const restored = said('verify', { ...proof, installed: { snapd: '1' }, serviceHealthy: false })
    expect(hostAfter(out('verify', {}, rollback), restored)).toEqual({
      step: 'verify',
      state: 'quarantined',
      attempt: 1,
      because,
    })
  })

  it('7.4 of a rollback goes on without its state where that cannot be collected', () => {
    expect(
      hostAfter(out('collect', { attempt: 2, flags: ['old'] }, rollback), failing('collect', 'disk full')),
    ).toEqual({
      step: 'rollback',
      state: 'waiting',
      attempt: 1,
      because: 'disk full',
      flags: ['old', 'state-not-collected'],
    })
    expect(hostAfter(out('collect', {}, rollback), failing('collect', 'disk full'))?.flags).toEqual([
      'state-not-collected',
    ])
  })

  it('is skipped by its precheck, and quarantined where it does not return', () => {
    expect(hostAfter(out('precheck'), failing('precheck', 'disk full'))).toEqual({
      step: 'precheck',
      state: 'skipped',
      attempt: 1,
      because: 'disk full',
    })
    expect(hostAfter(out('reboot'), said('reboot', {}, { status: 'ExecutionTimedOut' }))).toMatchObject({
      state: 'quarantined',
      because: 'did not return from reboot',
    })
  })

  it('7.2 by a restore point that lacks a version, and by no other step that says so', () => {
    const available = { snapd: false }
    expect(hostAfter(out('restore-point'), said('restore-point', { available }))).toMatchObject({ state: 'skipped' })
    expect(hostAfter(out('precheck'), said('precheck', { available }))).toMatchObject({ state: 'waiting' })
  })
})

describe('F26 a command that is not heard of', () => {
  it('has timed out at its deadline, and not a millisecond before', () => {
    const ring = out('precheck')
    expect(applied(ring, [], deadlineMs - 1)).toEqual({ ring, ends: [], isFull: false })
    expect(applied(ring, [], deadlineMs - 1).ring).toBe(ring)
    expect(applied(ring, [], deadlineMs).ends).toEqual([
      {
        hostId: one,
        step: 'precheck',
        attempt: 1,
        commandId: 'unknown',
        status: 'Pending',
        exitCode: -1,
        outcome: 'failed',
        because: 'precheck ran out of time',
      },
    ])
  })

  it('counts by what it says once that is heard, however late', () => {
    expect(hostAfter(out('precheck'), said('precheck'), deadlineMs + 1)).toMatchObject({ step: 'restore-point' })
  })

  it('has timed out for SSM too when it still runs at its deadline', () => {
    const running = said('install', {}, { status: 'InProgress' })
    expect(hostAfter(out('install'), running, deadlineMs)).toMatchObject({ step: 'verify', flags: ['install-unclear'] })
  })
})

describe('which hosts a result counts for', () => {
  it.each<[string, Partial<HostProgress>]>([
    ['is out with another command', { intentId: 'd' }],
    ['waits, though it still names the command', { state: 'waiting' }],
    ['is final, though it still names the command', { state: 'failed' }],
  ])('none that %s', (_, host) => {
    const ring = out('install', host)
    expect(applied(ring, [said('install')])).toEqual({ ring, ends: [], isFull: false })
  })

  it('none that its command names and the ring does not know', () => {
    const ring = out('install', {}, { commands: { c: command('install', [one, 'i-000000ff']) } })
    const { ring: next, ends } = applied(ring, [said('install'), said('install', {}, { hostId: 'i-000000ff' })])
    expect(ends.map(({ hostId }) => hostId)).toEqual([one])
    expect(Object.keys(next.hosts)).toEqual([one, two, three])
    expect(next.commands).toEqual({})
  })

  it('11.7 with what that very host must have installed', () => {
    const verify = said('verify', { ...proof, installed: { snapd: '2' } })
    const packagesByHost = { [one]: 'snapd=2', [two]: 'snapd=3' }
    expect(hostAfter(out('verify', {}, { packagesByHost }), verify)).toMatchObject({ state: 'done' })
    expect(hostAfter(out('verify', {}, { packagesByHost: { [one]: 'snapd=3' } }), verify)).toMatchObject({
      state: 'failed',
      because: 'not installed: snapd=3',
    })
  })
})

describe('several commands in one pass', () => {
  const sent = (intentId: string): HostProgress => ({ step: 'install', state: 'sent', attempt: 1, intentId })
  const ring: Ring = {
    ...opened,
    hosts: { [one]: sent('c'), [two]: sent('d'), [three]: sent('d') },
    commands: { c: command('install', [one]), d: command('install', [two, three]) },
  }
  const results = (reason: (hostId: string) => string | undefined) =>
    new Map(
      [['c', [one]] as const, ['d', [two, three]] as const].map(([intentId, hostIds]) => [
        intentId,
        hostIds.map((hostId) => {
          const because = reason(hostId)
          return because === undefined
            ? said('install', {}, { hostId })
            : said('install', { ok: false, exitCode: 160, reason: because }, { hostId, status: 'Failed' })
        }),
      ]),
    )

  it('are taken off one by one, each once its last host has ended', () => {
    const passed = results(() => undefined)
    const pass = (endsMax: number) => applyInvocations(ring, passed, retry, 0, endsMax)
    expect([0, 1, 2, 3].map((endsMax) => Object.keys(pass(endsMax).ring.commands))).toEqual([
      ['c', 'd'],
      ['d'],
      ['d'],
      [],
    ])
    expect([0, 1, 2, 3, 4].map((endsMax) => pass(endsMax).isFull)).toEqual([true, true, true, false, false])
    expect(pass(0)).toEqual({ ring, ends: [], isFull: true })
    expect(pass(3).ring.because).toBeUndefined()
    expect(pass(3).ring.failureBudget).toBe(opened.failureBudget)
  })

  it('11.6 halt the ring with the last fault of ours, and leave what is out to end by itself', () => {
    const halted = applyInvocations(
      ring,
      results((hostId) => (hostId === one ? 'first' : 'last')),
      retry,
      0,
      2,
    ).ring
    expect(halted).toMatchObject({ because: 'last', failureBudget: 0 })
    expect(halted.hosts[one]).toMatchObject({ state: 'failed', because: 'first' })
    expect(halted.hosts[three]).toEqual(sent('d'))
  })

  it('11.6 fail the hosts that wait with that reason, at the step for which they wait', () => {
    const waiting: HostProgress = { step: 'precheck', state: 'waiting', attempt: 2 }
    const done: HostProgress = { step: 'verify', state: 'done', attempt: 1 }
    const half = { ...ring, hosts: { [one]: sent('c'), [two]: waiting, [three]: done } }
    const { hosts } = applyInvocations(
      half,
      results(() => 'ours'),
      retry,
      0,
      9,
    ).ring
    expect(hosts[two]).toEqual({ ...waiting, state: 'failed', because: 'ours' })
    expect(hosts[three]).toEqual(done)
  })
})
