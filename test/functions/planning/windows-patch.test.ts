import { describe, expect, it } from 'vitest'
import { overrideKeyOf, overrideListOf, windowsPatchOf } from '../../../functions/planning/windows-patch.ts'
import { anyFinding } from '../finding/any-finding.ts'

const change = (...names: readonly string[]) => ({
  packages: names.map((name) => ({ name, fixedVersion: '', manager: 'OS' })),
})
const digest = (text: string) => `${text.length}`

describe('3.6 overrideListOf', () => {
  it('names each update once and in text order, as the patch baseline reads it', () => {
    expect(overrideListOf(['KB5000002', 'KB5000001', 'KB5000002'])).toBe(
      'patches:\n  - id: KB5000001\n    title: KB5000001\n  - id: KB5000002\n    title: KB5000002\n',
    )
  })
})

describe('3.6 overrideKeyOf', () => {
  it('lies under its own digest', () => {
    expect(overrideKeyOf({ sha256: 'abc' })).toBe('overrides/abc.yaml')
  })
})

describe('3.6 windowsPatchOf', () => {
  it('gives each host the updates that its open findings name', () => {
    const on = (id: string, vulnerabilityId: string, status: 'active' | 'closed') =>
      anyFinding({ vulnerabilityId, status, packages: [], resource: { type: 'managed-node', id, tags: {} } })
    const findings = [
      on('i-1', 'KB5000001', 'active'),
      on('i-2', 'KB5000002', 'active'),
      on('i-3', 'KB5000001', 'closed'),
    ]
    const patch = windowsPatchOf(change('KB5000001', 'KB5000002'), findings, digest)
    expect('updatesByHost' in patch && [...patch.updatesByHost]).toEqual([
      ['i-1', ['KB5000001']],
      ['i-2', ['KB5000002']],
    ])
  })

  it('names the list by its digest', () => {
    const yaml = overrideListOf(['KB5000001'])
    expect(windowsPatchOf(change('KB5000001'), [], digest)).toMatchObject({
      overrideList: { yaml, sha256: `${yaml.length}` },
    })
  })

  it('writes nothing into a list that is no update, and names it once', () => {
    const names = ['openssl', 'KB5000001', 'KB1\n  - id: x', 'openssl']
    expect(windowsPatchOf(change(...names), [], digest)).toEqual({ bad: ['KB1\n  - id: x', 'openssl'] })
  })
})
