import { describe, expect, it } from 'vitest'
import { type Told, textOf } from '../../../local/scenario/summary.ts'
import { anyChange } from '../../functions/changes/any-change.ts'

const told: Told = {
  kind: 'emulator',
  seconds: { total: 61.04, wall: 61.04, start: 20, patched: 30, rolledBack: 40, held: 5 },
  changes: {
    patched: anyChange({
      class: 'emergency',
      ringsDone: ['dev', 'production'],
      quarantined: [{ hostId: 'i-1', reason: 'did not return' }],
    }),
    rolledBack: anyChange({ service: 'batch', outcome: `ErrorRate: ${'worse '.repeat(80)}; 5 of 5 hosts restored` }),
    held: anyChange({ service: 'db', heldBecause: 'in freeze quarter-end', heldUntil: '2026-12-02T00:00:00.000Z' }),
  },
  decision: { table: 'cisa-bod-26-04', decision: '3 days', dueAt: '2026-11-28T00:00:00.000Z' },
  approvals: [
    { service: 'web', outcome: 'approved', by: ['Olivia (service-owner)', 'Sven (security)'], seconds: 2 },
    { service: 'db', outcome: 'not asked for', by: [], seconds: undefined },
  ],
  nodes: { total: 16, proven: 15 },
  counts: { sendCommands: 93 },
  laps: [
    { name: 'cloud', seconds: 18.04 },
    { name: 'scenario', seconds: 40.26 },
  ],
  evidence: {
    directory: '/tmp/evidence',
    keyFile: '/tmp/key.vkey',
    leavesInLog: 287,
    verified: true,
    tampered: { kind: 'bad', leaf: 'leaf-7' },
  },
  promises: { 'the first change is closed': true, 'the evidence verifies': false },
}

describe('10.1 the summary of the scenario', () => {
  it('tells what was found, decided, approved by whom, patched, rolled back and held, how long each took, and where the evidence is', () => {
    const text = textOf(told, ['in CISA KEV'])
    for (const fact of [
      'Found        CVE-2024-29069 in web',
      'Decided      web: cisa-bod-26-04: 3 days, due 2026-11-28; class emergency',
      'because in CISA KEV',
      'cloud 18.0 s · scenario 40.3 s',
      'Approved     web: approved by Olivia (service-owner) and Sven (security), 2.0 s after the request',
      '             db: not asked for\n',
      'Patched      web: 15 of 16 nodes proven in dev, production, 30.0 s after the finding',
      'Quarantined  i-1: did not return',
      'Rolled back  batch, 40.0 s after the finding: ErrorRate: worse',
      '… 5 of 5 hosts restored\n',
      'Held         db, 5.0 s after the finding: in freeze quarter-end; can continue at 2026-12-02',
      'Evidence     287 leaves in the log, export in /tmp/evidence: verified',
      'npx drydock evidence verify /tmp/evidence --key /tmp/key.vkey',
      'Tampered     one byte flipped in a copy: bad leaf-7',
      'Time         61.0 s, of which 20.0 s to bring the cloud up',
      '  ok  the first change is closed',
      '  NO  the evidence verifies',
    ])
      expect(text, fact).toContain(fact)
  })

  it('says loudly what did not hold', () => {
    const evidence = { ...told.evidence, verified: false, tampered: undefined }
    const text = textOf({ ...told, decision: undefined, evidence }, [])
    for (const fact of ['no assessment', 'NOT VERIFIED', 'NOT DETECTED']) expect(text).toContain(fact)
  })
})
