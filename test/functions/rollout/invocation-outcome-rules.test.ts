import { describe, expect, it } from 'vitest'
import {
  afterRestorePoint,
  type InvocationOutcome,
  invocationOutcome,
  parseResult,
  type StepResult,
} from '../../../functions/rollout/invocation-outcome.ts'
import type { Invocation } from '../../../functions/rollout/ports.ts'
import type { HostProgress, StepName } from '../../../functions/rollout/ring.ts'

const anyResult = (result: Partial<StepResult> = {}): StepResult => ({
  schemaVersion: 1,
  step: 'install',
  changeId: '01J00000000000000000000001',
  ok: true,
  ...result,
})
const anyInvocation = (invocation: Partial<Invocation> = {}): Invocation => ({
  hostId: 'i-00000001',
  status: 'Success',
  exitCode: 0,
  output: '',
  ...invocation,
})
const sent = (step: StepName, host: Partial<HostProgress> = {}): HostProgress => ({
  step,
  state: 'sent',
  attempt: 1,
  ...host,
})
/** What a step means that printed no result. */
const silent = (step: StepName, invocation: Partial<Invocation> = {}) =>
  invocationOutcome(step, anyInvocation(invocation), sent(step), '')
/** What a step means that printed this result, and failed for SSM where it is not ok. */
function told(step: StepName, result: Partial<StepResult> = {}, invocation: Partial<Invocation> = {}) {
  const output = JSON.stringify(anyResult({ step, ...result }))
  const status = result.ok === false ? 'Failed' : 'Success'
  return invocationOutcome(step, anyInvocation({ status, output, ...invocation }), sent(step), '')
}
const failed = (because: string) => ({ kind: 'failed', because })

describe('11.2 what SSM says alone', () => {
  it.each(['Pending', 'InProgress', 'Delayed', 'Cancelling'] as const)(
    '%s still runs, whatever it printed',
    (status) => {
      expect(told('install', {}, { status })).toEqual({ kind: 'running' })
    },
  )

  it.each(['DeliveryTimedOut', 'Undeliverable', 'Terminated'] as const)(
    '%s never reached the host: sent again, whatever stands in the output',
    (status) => {
      expect(told('install', {}, { status })).toEqual({
        kind: 'retry',
        because: `the command was not delivered (${status})`,
      })
    },
  )

  it.each(['AccessDenied', 'InvalidPlatform', 'Cancelled'] as const)(
    '%s is a failure, whatever stands in the output',
    (status) => {
      expect(told('install', {}, { status })).toEqual(failed(`SSM says ${status}`))
    },
  )

  it.each<[StepName, InvocationOutcome['kind'], string]>([
    ['reboot', 'quarantined', 'did not return from reboot'],
    ['install', 'unclear', 'install ran out of time'],
    ['rollback', 'unclear', 'rollback ran out of time'],
    ['precheck', 'failed', 'precheck ran out of time'],
    ['restore-point', 'failed', 'restore-point ran out of time'],
    ['verify', 'failed', 'verify ran out of time'],
    ['collect', 'failed', 'collect ran out of time'],
  ])('%s that ran out of time is %s', (step, kind, because) => {
    expect(told(step, {}, { status: 'ExecutionTimedOut' })).toEqual({ kind, because })
  })
})

describe('11.2 a step that printed no result', () => {
  const transient = [133, 134, 135, 143, 144, 145, 147, 148, 149, 156]

  it.each(transient)('is tried again after exit %d of the patch baseline', (exitCode) => {
    expect(silent('install', { status: 'Failed', exitCode })).toEqual({
      kind: 'retry',
      because: `install ended with ${exitCode}`,
    })
  })

  it.each([153, 160, 161])('11.6 halts the ring after exit %d: the fault is ours', (exitCode) => {
    expect(silent('precheck', { status: 'Failed', exitCode })).toEqual({
      kind: 'halt',
      because: `precheck ended with ${exitCode}: the override list is wrong`,
    })
  })

  it.each<[StepName, InvocationOutcome['kind']]>([
    ['install', 'unclear'],
    ['rollback', 'unclear'],
    ['precheck', 'failed'],
    ['restore-point', 'failed'],
    ['reboot', 'failed'],
    ['verify', 'failed'],
    ['collect', 'failed'],
  ])('%s is %s after any other exit, even 0: a status proves nothing', (step, kind) => {
    expect(silent(step, { exitCode: 0 })).toEqual({ kind, because: `${step} ended with 0 (Success) and no result` })
    expect(silent(step, { exitCode: 146, status: 'Failed' })).toEqual({
      kind,
      because: `${step} ended with 146 (Failed) and no result`,
    })
  })
})

describe('11.7 the result of a step', () => {
  it('that is ok passes', () => {
    expect(told('install')).toEqual({ kind: 'passed', result: anyResult(), flags: [] })
  })

  it('that is ok passes though SSM calls the command failed, and the disagreement is kept', () => {
    expect(told('install', {}, { status: 'Failed', exitCode: 1 })).toEqual({
      kind: 'passed',
      result: anyResult(),
      flags: ['status-disagreed'],
    })
  })

  it.each(['package-manager-locked', 'mirror-error', 'network', 'busy'])('5.4 is tried again for %s', (reason) => {
    expect(told('install', { ok: false, reason, exitCode: 1 })).toEqual({ kind: 'retry', because: reason })
  })

  it('5.4 is tried again for an exit code that passes by itself, whatever the reason', () => {
    expect(told('precheck', { ok: false, reason: 'no snapshot', exitCode: 143 })).toEqual({
      kind: 'retry',
      because: 'no snapshot',
    })
  })

  it('11.6 halts the ring for an exit code that is our fault', () => {
    expect(told('install', { ok: false, reason: 'no list', exitCode: 160 })).toEqual({
      kind: 'halt',
      because: 'no list',
    })
  })

  it.each<[StepName, InvocationOutcome['kind']]>([
    ['precheck', 'skipped'],
    ['install', 'unclear'],
    ['rollback', 'unclear'],
    ['restore-point', 'failed'],
    ['reboot', 'failed'],
    ['collect', 'failed'],
  ])('of %s that is not ok makes it %s', (step, kind) => {
    expect(told(step, { ok: false, reason: 'disk full', exitCode: 1 })).toEqual({ kind, because: 'disk full' })
    expect(told(step, { ok: false, reason: 'disk full' })).toEqual({ kind, because: 'disk full' })
  })

  it('names the exit code where it gives no reason: its own, or else that of SSM', () => {
    expect(told('collect', { ok: false, exitCode: 7 }, { exitCode: 9 })).toEqual(failed('collect ended with 7'))
    expect(told('collect', { ok: false }, { exitCode: 9 })).toEqual(failed('collect ended with 9'))
  })

  it('counts for its own step alone', () => {
    const output = JSON.stringify(anyResult({ step: 'precheck' }))
    expect(silent('install', { output })).toMatchObject({ kind: 'unclear' })
  })
})

describe('11.2 parseResult', () => {
  const document = JSON.stringify(anyResult({ installed: { curl: '8' } }))

  it.each([
    ['alone', document],
    ['over several lines', JSON.stringify(anyResult({ installed: { curl: '8' } }), undefined, 2)],
    ['after other text', `Patching...\n${document}`],
    ['before what a collection hands over', `${document}\nH4sIAAAA{{\nBBBB`],
  ])('reads a document that stands %s', (_, output) => {
    expect(parseResult(output, 'install')).toEqual(anyResult({ installed: { curl: '8' } }))
  })

  it.each([
    ['nothing', ''],
    ['no document', 'Killed'],
    ['a document that was cut', document.slice(0, -1)],
    ['a document with text on its own line', `${document} done`],
    ['a document of another version', document.replace('"schemaVersion":1', '"schemaVersion":2')],
    ['a document of another step', document.replace('"install"', '"verify"')],
    ['a document that is no object', '1'],
    ['a key that no record can hold', document.replace('"curl"', '"__proto__"')],
  ])('reads nothing of %s', (_, output) => {
    expect(parseResult(output, 'install')).toBeUndefined()
  })

  it.each(['a'.repeat(63), `x${'a'.repeat(64)}`, `${'a'.repeat(64)}x`, 'A'.repeat(64), ''])(
    'takes %j for no SHA-256',
    (sha256) => {
      expect(parseResult(JSON.stringify(anyResult({ sha256 })), 'install')).toBeUndefined()
    },
  )

  it.each<[string, Partial<StepResult>, boolean]>([
    ['a SHA-256', { sha256: '0123456789abcdef'.repeat(4) }, true],
    ['no bytes', { bytes: 0 }, true],
    ['fewer bytes than none', { bytes: -1 }, false],
    ['half a byte', { bytes: 0.5 }, false],
    ['a reason of 500 characters', { reason: 'a'.repeat(500) }, true],
    ['a longer reason', { reason: 'a'.repeat(501) }, false],
  ])('bounds what a host may say: %s', (_, result, isTaken) => {
    expect(parseResult(JSON.stringify(anyResult(result)), 'install')).toEqual(isTaken ? anyResult(result) : undefined)
  })

  it('keeps every fact that a document may hold', () => {
    const full = anyResult({
      exitCode: 0,
      reason: 'ok',
      installed: { curl: '8' },
      rebootRequired: true,
      rebootPending: false,
      runningKernel: '6.8',
      installedKernel: '6.8',
      bootId: 'b1',
      agentVersion: '3.3',
      serviceHealthy: true,
      available: { curl: true },
      sha256: 'a'.repeat(64),
      bytes: 12,
      attached: true,
    })
    expect(parseResult(JSON.stringify(full), 'install')).toEqual(full)
  })
})

describe('7.2 afterRestorePoint', () => {
  const passed = (available?: Record<string, boolean>): InvocationOutcome => ({
    kind: 'passed',
    result: anyResult({ step: 'restore-point', ...(available ? { available } : {}) }),
    flags: [],
  })

  it.each(['skip', 'halt'] as const)('goes on where every version is still available (%s)', (policy) => {
    const outcome = passed({ curl: true, snapd: true })
    expect(afterRestorePoint(outcome, policy)).toBe(outcome)
    expect(afterRestorePoint(passed({}), policy)).toEqual(passed({}))
  })

  it.each([
    ['skip', 'skipped'],
    ['halt', 'halt'],
  ] as const)('where the policy says %s, the host is %s and its packages are named in order', (policy, kind) => {
    expect(afterRestorePoint(passed({ snapd: false, curl: true, bash: false }), policy)).toEqual({
      kind,
      because: 'no rollback: the installed version of bash, snapd is no longer available',
    })
    expect(afterRestorePoint(passed(), policy)).toEqual({
      kind,
      because: 'no rollback: the restore point does not say which versions are still available',
    })
  })

  it('lets every host go where the policy says so', () => {
    expect(afterRestorePoint(passed({ curl: false }), 'go')).toEqual(passed({ curl: false }))
  })

  it('makes nothing else of a restore point that did not pass', () => {
    const outcome: InvocationOutcome = { kind: 'failed', because: 'disk full' }
    expect(afterRestorePoint(outcome, 'skip')).toBe(outcome)
  })
})

describe('11.7 the verdict of verify', () => {
  const proven: Partial<StepResult> = {
    installed: { curl: '8', snapd: '2=3' },
    rebootPending: false,
    runningKernel: '6.8',
    installedKernel: '6.8',
    agentVersion: '3.3',
    serviceHealthy: true,
    bootId: 'b2',
  }
  function verified(
    { without = [], ...result }: Partial<StepResult> & { readonly without?: readonly string[] } = {},
    host: Partial<HostProgress> = {},
    expected = 'curl=8 snapd=2=3',
    invocation: Partial<Invocation> = {},
  ) {
    const full = Object.entries(anyResult({ step: 'verify', ...proven, ...result }))
    const output = JSON.stringify(Object.fromEntries(full.filter(([key]) => !without.includes(key))))
    return invocationOutcome('verify', anyInvocation({ output, ...invocation }), sent('verify', host), expected)
  }
  const rebooted = { needsReboot: true, bootId: 'b1' }

  it('is passed with everything proven, whatever the host or SSM say of the step itself', () => {
    const passed = { kind: 'passed', result: anyResult({ step: 'verify', ...proven }), flags: [] }
    expect(verified()).toEqual(passed)
    expect(verified({}, rebooted)).toEqual(passed)
    expect(verified({}, {}, 'curl=8', { status: 'Failed', exitCode: 1 })).toEqual(passed)
    expect(verified({ ok: false, reason: 'network' })).toMatchObject({ kind: 'passed' })
  })

  it.each([
    ['another version', 'curl=9 snapd=2=3', 'curl=9'],
    ['a package that is not there', 'curl=8 bash=5', 'bash=5'],
    ['several', 'curl=9 bash=5', 'curl=9 bash=5'],
    ['what every object inherits', 'toString=1', 'toString=1'],
  ])('is failed with %s, by name', (_, expected, named) => {
    expect(verified({}, {}, expected)).toEqual(failed(`not installed: ${named}`))
  })

  it('is failed where the host does not say what is installed', () => {
    expect(verified({ without: ['installed'] })).toEqual(failed('not installed: curl=8 snapd=2=3'))
  })

  it('asks for no package where none is expected, however it is spaced', () => {
    expect(verified({ without: ['installed'] }, {}, '')).toMatchObject({ kind: 'passed' })
    expect(verified({}, {}, ' curl=8  snapd=2=3 ')).toMatchObject({ kind: 'passed' })
  })

  it.each<[string, Partial<StepResult> & { readonly without?: readonly string[] }]>([
    ['a reboot is pending', { rebootPending: true }],
    ['another kernel runs', { runningKernel: '6.7' }],
  ])('asks for the reboot that nobody asked for so far where %s, once', (_, result) => {
    expect(verified(result)).toEqual({ kind: 'reboot', result: anyResult({ step: 'verify', ...proven, ...result }) })
    expect(verified(result, { needsReboot: false })).toMatchObject({ kind: 'reboot' })
    expect(verified(result, rebooted)).toMatchObject({ kind: 'failed' })
  })

  it.each<[string, Partial<StepResult> & { readonly without?: readonly string[] }, Partial<HostProgress>, string]>([
    ['another kernel runs after the reboot', { runningKernel: '6.7' }, rebooted, 'running kernel 6.7, installed 6.8'],
    [
      'no kernel is known',
      { without: ['runningKernel', 'installedKernel'] },
      {},
      'running kernel unknown, installed unknown',
    ],
    [
      'the running kernel is unknown',
      { without: ['runningKernel'] },
      rebooted,
      'running kernel unknown, installed 6.8',
    ],
    [
      'the installed kernel is unknown',
      { without: ['installedKernel'] },
      rebooted,
      'running kernel 6.8, installed unknown',
    ],
    ['a reboot is still pending after it', { rebootPending: true }, rebooted, 'a reboot is pending'],
    ['nobody says whether a reboot is pending', { without: ['rebootPending'] }, {}, 'a reboot is pending'],
    ['the agent does not report', { without: ['agentVersion'] }, {}, 'the agent does not report'],
    ['the agent has no version', { agentVersion: '' }, {}, 'the agent does not report'],
    ['the service is unhealthy', { serviceHealthy: false }, {}, 'the service on the host is unhealthy'],
    ['the boot is the same as before the reboot', { bootId: 'b1' }, rebooted, 'the boot id did not change'],
  ])('is failed where %s', (_, result, host, because) => {
    expect(verified(result, host)).toEqual(failed(because))
  })

  it('compares boots only where a reboot was needed and the boot before it is known', () => {
    expect(verified({ bootId: 'b1' }, { needsReboot: false, bootId: 'b1' })).toMatchObject({ kind: 'passed' })
    expect(verified({ bootId: 'b1' }, { bootId: 'b1' })).toMatchObject({ kind: 'passed' })
    expect(verified({ without: ['bootId'] }, { needsReboot: true })).toMatchObject({ kind: 'passed' })
  })

  it('says nothing against a host whose service nobody can see', () => {
    expect(verified({ without: ['serviceHealthy'] })).toMatchObject({ kind: 'passed' })
  })
})
