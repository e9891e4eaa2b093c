import { describe, expect, it } from 'vitest'
import type { CommandOut } from '../../../functions/rollout/ring.ts'
import { stepEnd } from '../../../functions/rollout/step-end.ts'

const host = { step: 'install', state: 'sent', attempt: 2 } as const
const command: CommandOut = { step: 'install', hostIds: ['i-1'], packages: '', intendedAtMs: 0, deadlineMs: 1 }
const invocation = { hostId: 'i-1', status: 'Success', exitCode: 0, output: 'secret text' } as const
const result = { schemaVersion: 1, step: 'install', changeId: 'C', ok: true } as const
const passed = (more: object = {}) => ({ kind: 'passed', result: { ...result, ...more }, flags: [] }) as const

describe('4.6 stepEnd', () => {
  it('keeps step, attempt, status and outcome, and leaves out what the host did not report', () => {
    expect(stepEnd('i-1', host, { ...command, commandId: 'c1' }, invocation, passed())).toEqual({
      hostId: 'i-1',
      step: 'install',
      attempt: 2,
      commandId: 'c1',
      status: 'Success',
      exitCode: 0,
      outcome: 'passed',
    })
  })

  it('never keeps the output, only where it lies', () => {
    const end = stepEnd('i-1', host, command, { ...invocation, outputLocation: 's3://b/k' }, passed())
    expect(JSON.stringify(end)).not.toContain('secret text')
    expect(end.outputLocation).toBe('s3://b/k')
  })

  it('says unknown where no command id was told', () => {
    expect(stepEnd('i-1', host, command, invocation, passed()).commandId).toBe('unknown')
  })

  it('keeps why a step did not pass', () => {
    const failed = { kind: 'failed', because: 'exit 3' } as const
    expect(stepEnd('i-1', host, command, invocation, failed)).toMatchObject({
      outcome: 'failed',
      because: 'exit 3',
    })
  })

  it.each([
    [
      'attached where the host said so',
      { sha256: 'h', bytes: 9, attached: true },
      { sha256: 'h', bytes: 9, isAttached: true },
    ],
    ['on the host where it did not', { sha256: 'h' }, { sha256: 'h', bytes: 0, isAttached: false }],
    ['nowhere without a digest', { bytes: 9, attached: true }, undefined],
  ])('7.4 calls what was collected %s', (_, reported, collected) => {
    expect(stepEnd('i-1', host, command, invocation, passed(reported)).collected).toEqual(collected)
  })
})
