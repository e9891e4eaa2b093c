import { describe, expect, it } from 'vitest'
import { joinedFindings } from '../../../functions/migrations/008-joined-findings.ts'
import { anyItem } from './any-item.ts'

const assessment = { findingId: 'F1', facts: { vulnerabilityId: 'CVE-2026-1111' }, priority: 5 }
const list = { pk: 'FINDINGS#CVE#CVE-2026-1111', sk: 'F1' }

describe('008-joined-findings', () => {
  it('lists an assessment under its CVE, and takes it out again on the way back', () => {
    const item = anyItem('assessment', assessment)
    const after = { ...item, value: { assessment }, list }
    expect(joinedFindings.up(item)).toEqual([after])
    expect(joinedFindings.up(after)).toEqual([after])
    expect(joinedFindings.down(after)).toEqual([item])
  })

  it('lists no assessment without a CVE', () => {
    const other = { ...assessment, facts: { vulnerabilityId: 'GHSA-1' } }
    expect(joinedFindings.up(anyItem('assessment', other))).toEqual([anyItem('assessment', { assessment: other })])
  })

  it('gives an older Drydock the pointer of the finding, a record of its own', () => {
    const item = { ...anyItem('assessment', { assessment, changeId: 'C1', isListed: true }), list }
    expect(joinedFindings.down(item)).toEqual([
      anyItem('assessment', assessment),
      { kind: 'finding-change', key: { pk: 'FINDING#F1', sk: 'CHANGE' }, version: 0, value: { changeId: 'C1' } },
    ])
  })

  it('takes from a change what an older Drydock does not know, and gives it the list of findings that it needs', () => {
    const change = { changeId: 'C1', vulnerabilityIds: [], supersedes: 'C0', hasMoreVulnerabilities: true }
    const older = { changeId: 'C1', vulnerabilityIds: [], findingIds: [] }
    expect(joinedFindings.down(anyItem('change', change))).toEqual([anyItem('change', older)])
    expect(joinedFindings.up(anyItem('change', older))).toEqual([anyItem('change', older)])
  })

  it('takes from a feed the word that it wakes by CVE', () => {
    expect(joinedFindings.down(anyItem('feed', { feed: 'kev', wakesByCve: true }))).toEqual([
      anyItem('feed', { feed: 'kev' }),
    ])
    expect(joinedFindings.down(anyItem('feed', { feed: 'kev' }))).toEqual([anyItem('feed', { feed: 'kev' })])
  })

  it.each(['finding-entry', 'joined-finding', 'known-cve', 'known-package'])(
    'drops records of kind %s on the way back',
    (kind) => {
      expect([joinedFindings.up(anyItem(kind, {})), joinedFindings.down(anyItem(kind, {}))]).toEqual([
        [anyItem(kind, {})],
        [],
      ])
    },
  )
})
