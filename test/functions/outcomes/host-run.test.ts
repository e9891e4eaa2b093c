import { describe, expect, it } from 'vitest'
import { type Attempt, type HostRun, hostOutcomeOf } from '../../../functions/outcomes/host-run.ts'
import { HostOutcomeRecord } from '../../../functions/outcomes/outcome.ts'
import { anyAttempt, anyRun, at, provenAttempts } from './any-run.ts'

const end = { changeId: 'C1', sequence: 1, service: 'web', ending: 'closed', at: at(30) } as const
const outcome = (run: Partial<HostRun> = {}) => hostOutcomeOf(anyRun(run), end)
const back = (step: string, from: number, to: number, more: Partial<Attempt> = {}) =>
  anyAttempt(step, from, to, { ring: 'production.rollback', isRollback: true, ...more })

describe('what a change did to a host', () => {
  it('is told in seconds, step by step, and passes its schema', () => {
    const told = outcome()
    expect(HostOutcomeRecord.schema.parse(told)).toEqual(told)
    expect(told).toMatchObject({
      verdict: 'proven',
      restorePointAgeSeconds: 120,
      unavailableSeconds: 480,
      versions: [{ name: 'snapd', before: '1', after: '2' }],
    })
    expect(told.steps.map(({ step, seconds }) => [step, seconds])).toEqual([
      ['precheck', 60],
      ['restore-point', 120],
      ['install', 240],
      ['reboot', 120],
      ['verify', 60],
    ])
    expect(told).not.toHaveProperty('rollbackSeconds')
  })

  it('counts the attempts at a step, takes the verdict of the last, and the time of all', () => {
    const failed = anyAttempt('install', 5, 6, { verdict: 'retry', because: 'network' })
    const again = anyAttempt('install', 7, 9, { attempt: 2 })
    expect(outcome({ attempts: [failed, again] }).steps).toEqual([
      { ring: 'production', step: 'install', attempts: 2, verdict: 'passed', seconds: 240 },
    ])
    expect(outcome({ attempts: [failed] }).steps[0]).toMatchObject({ verdict: 'retry', because: 'network' })
  })

  it('keeps the step of a ring apart from that of its rollback', () => {
    const steps = outcome({ attempts: [anyAttempt('verify', 1, 2), back('verify', 3, 5)] }).steps
    expect(steps.map(({ ring, seconds }) => [ring, seconds])).toEqual([
      ['production', 60],
      ['production.rollback', 120],
    ])
  })
})

describe('what nobody can tell is unknown, and never 0', () => {
  it.each<readonly [string, Partial<Attempt>]>([
    ['has no start', { startedAt: undefined }],
    ['has no end', { endedAt: undefined }],
    ['ends before it starts', { startedAt: at(20) }],
  ])('a step that %s', (_, more) => {
    const attempts = provenAttempts.map((one) => (one.step === 'install' ? { ...one, ...more } : one))
    expect(outcome({ attempts }).steps.find(({ step }) => step === 'install')?.seconds).toBe('unknown')
  })

  it('a host whose install has no start was down for an unknown time, on a restore point of unknown age', () => {
    const attempts = provenAttempts.map((one) => (one.step === 'install' ? { ...one, startedAt: undefined } : one))
    expect(outcome({ attempts })).toMatchObject({ unavailableSeconds: 'unknown', restorePointAgeSeconds: 'unknown' })
  })

  it.each<readonly [string, Partial<HostRun>, number | 'unknown']>([
    ['was not touched', { verdict: 'untouched', attempts: [] }, 0],
    ['was skipped at its precheck', { verdict: 'skipped', attempts: provenAttempts.slice(0, 1) }, 0],
    ['failed before its install', { verdict: 'failed', attempts: provenAttempts.slice(0, 2) }, 0],
    ['failed, and nobody knows where', { verdict: 'failed', attempts: [] }, 'unknown'],
    ['is proven, and its steps are missing', { attempts: [] }, 'unknown'],
    ['is gone', { verdict: 'gone', attempts: provenAttempts.slice(0, 2) }, 'unknown'],
    ['did not return from its reboot', { verdict: 'quarantined', attempts: provenAttempts.slice(0, 4) }, 'unknown'],
    [
      'failed its proof',
      { verdict: 'failed', attempts: [anyAttempt('verify', 1, 2, { verdict: 'failed' })] },
      'unknown',
    ],
  ])('the time down of a host that %s', (_, run, seconds) => {
    expect(outcome(run).unavailableSeconds).toBe(seconds)
  })

  it.each([
    ['restored', '1'],
    ['skipped', '1'],
    ['untouched', '1'],
    ['proven', '2'],
    ['failed', 'unknown'],
    ['quarantined', 'unknown'],
    ['gone', 'unknown'],
    ['unknown', 'unknown'],
  ] as const)('the version on a host that is %s is %s', (verdict, after) => {
    expect(outcome({ verdict }).versions).toEqual([{ name: 'snapd', before: '1', after }])
  })

  it('a package that the plan does not name has an unknown version after it', () => {
    expect(outcome({ wanted: [] }).versions[0]?.after).toBe('unknown')
  })
})

describe('a host of a rollback', () => {
  const rollback = [back('collect', 14, 15), back('rollback', 16, 18), back('verify', 18, 20)]
  const restored: Partial<HostRun> = {
    verdict: 'restored',
    rollbackOpenedAt: at(14),
    attempts: [...provenAttempts, ...rollback],
  }

  it('took from its opening to the proof, and was down both times', () => {
    expect(outcome(restored)).toMatchObject({ rollbackSeconds: 360, unavailableSeconds: 480 + 240 })
  })

  it('whose patch never was proven was down until the rollback proved it', () => {
    const attempts = [...provenAttempts.slice(0, 3), ...rollback]
    expect(outcome({ ...restored, attempts }).unavailableSeconds).toBe(900)
  })

  it.each<readonly [string, Partial<HostRun>]>([
    ['is quarantined', { verdict: 'quarantined' }],
    ['has no proof on record', { attempts: provenAttempts }],
  ])('that %s took no known time', (_, run) => {
    expect(outcome({ ...restored, ...run }).rollbackSeconds).toBe('unknown')
  })
})
