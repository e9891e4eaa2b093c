import { describe, expect, it } from 'vitest'
import { invocationOutcome, parseResult, type StepResult } from '../../../functions/rollout/invocation-outcome.ts'
import type { HostProgress } from '../../../functions/rollout/ring.ts'

const proven: StepResult = {
  schemaVersion: 1,
  step: 'verify',
  changeId: '01J00000000000000000000001',
  ok: true,
  installed: { curl: '8', snapd: '2' },
  rebootPending: false,
  runningKernel: '6.8',
  installedKernel: '6.8',
  agentVersion: '3.3',
}
type Versions = NonNullable<StepResult['versions']>
const counts = (more: Partial<Versions> = {}): Versions => ({
  ...{ asked: 2, equal: 2, newer: 0, older: 0, absent: 0, unknown: 0 },
  ...more,
})
interface Asked {
  readonly mode?: 'patch' | 'rollback'
  readonly expected?: string
  readonly host?: Partial<HostProgress>
}
function verified(result: Partial<StepResult>, { mode, expected = 'curl=8 snapd=2', host }: Asked = {}) {
  const output = JSON.stringify({ ...proven, ...result })
  const invocation = { hostId: 'i-1', status: 'Success', exitCode: 0, output } as const
  const progress: HostProgress = { step: 'verify', state: 'sent', attempt: 1, ...host }
  return invocationOutcome('verify', invocation, progress, expected, mode)
}
const passed = (flags: readonly string[] = []) => ({ kind: 'passed', flags })
const notInstalled = (what: string) => ({ kind: 'failed', because: `not installed: ${what}` })

describe("11.7 versions by the host's own package manager", () => {
  it.each<[string, object]>([
    ['counts that are no numbers', { versions: { ...counts(), asked: 'two' } }],
    ['names that are no list', { versions: { ...counts(), first: { older: 'curl' } } }],
  ])('are no result with %s', (_, result) => {
    expect(parseResult(JSON.stringify({ ...proven, ...result }), 'verify')).toBeUndefined()
  })

  it('prove what equality does not see', () => {
    const versions = counts()
    expect(verified({ versions, installed: { curl: '8-other' } }, { mode: 'patch' })).toMatchObject(passed())
    expect(verified({ versions, installed: {} }, { mode: 'rollback' })).toMatchObject(passed())
  })

  it('count a newer version as patched and flag it as overtaken, and as not rolled back', () => {
    const versions = counts({ equal: 1, newer: 1 })
    const installed = { curl: '8', snapd: '3' }
    expect(verified({ versions, installed }, { mode: 'patch' })).toMatchObject(passed(['overtaken']))
    expect(verified({ versions, installed }, { mode: 'rollback' })).toEqual(notInstalled('snapd=2'))
    expect(verified({ versions, installed })).toEqual(notInstalled('snapd=2'))
  })

  it('must be of as many packages as were expected', () => {
    expect(verified({ versions: counts(), installed: {} }, { expected: 'curl=8' })).toEqual(notInstalled('curl=8'))
    const three = { asked: 3, equal: 3 }
    expect(verified({ versions: counts(three), installed: { curl: '8' } })).toEqual(notInstalled('snapd=2'))
  })

  it.each<[string, Partial<Versions>, string]>([
    ['older', { older: 1, first: { older: ['curl=7'] } }, 'curl=7'],
    ['absent', { absent: 1, first: { absent: ['curl'] } }, 'curl'],
    ['unknown', { unknown: 1, first: { unknown: ['curl?'] } }, 'curl?'],
    ['of every kind', { first: { older: ['a=1'], absent: ['b'], unknown: ['c'] } }, 'a=1 b c'],
  ])('name what is %s', (_, some, named) => {
    expect(verified({ versions: counts({ equal: 1, ...some }) }, { mode: 'patch' })).toEqual(notInstalled(named))
  })

  it('name what differs where the host names nothing', () => {
    const versions = counts({ equal: 1, older: 1 })
    expect(verified({ versions, installed: { snapd: '2' } }, { mode: 'patch' })).toEqual(notInstalled('curl=8'))
  })

  it.each([
    ['none differs by text', { curl: '8', snapd: '2' }, 'curl=8 snapd=2', 2, '1 packages'],
    ['20 differ', {}, list(20), 20, list(20)],
    ['more than 20 differ', {}, list(21), 21, '20 packages'],
  ])('name or count the rest where %s', (_, installed, expected, asked, named) => {
    const versions = counts({ asked, equal: 1, older: asked - 1 })
    expect(verified({ versions, installed }, { mode: 'patch', expected })).toEqual(notInstalled(named))
  })
})

function list(length: number): string {
  return Array.from({ length }, (_, number) => `p${number}=1`).join(' ')
}

describe('11.7 what speaks against a host whose versions are right', () => {
  it.each<[string, Partial<StepResult>, Asked['host'], object]>([
    ['packages half installed', { faults: ['a', 'b'] }, {}, { kind: 'failed', because: 'half installed: a b' }],
    [
      'a reboot of which nothing is known',
      { rebootUnknown: 'no tool' },
      {},
      { kind: 'failed', because: 'whether a reboot is pending is unknown: no tool' },
    ],
    ['files in use before a reboot', { staleServices: ['sshd'] }, {}, { kind: 'reboot' }],
    [
      'files in use after a reboot',
      { staleServices: ['sshd', 'cron'] },
      { needsReboot: true },
      { kind: 'failed', because: 'replaced files are still in use: sshd cron' },
    ],
  ])('%s', (_, result, host, outcome) => {
    expect(verified(result, { ...(host ? { host } : {}) })).toMatchObject(outcome)
  })

  it('is not told to reboot where nobody knows whether it must', () => {
    const { rebootPending: _, ...silent } = proven
    const output = JSON.stringify(silent)
    const invocation = { hostId: 'i-1', status: 'Success', exitCode: 0, output } as const
    expect(invocationOutcome('verify', invocation, { step: 'verify', state: 'sent', attempt: 1 }, 'curl=8')).toEqual({
      kind: 'failed',
      because: 'a reboot is pending',
    })
  })

  it.each([{ faults: [] }, { staleServices: [] }])('nothing, where the list is empty: %j', (result) => {
    expect(verified(result)).toMatchObject(passed())
  })
})
