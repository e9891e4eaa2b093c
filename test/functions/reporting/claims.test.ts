import { describe, expect, it } from 'vitest'
import type { Verdict } from '../../../functions/evidence/verdict.ts'
import { claimsOf } from '../../../functions/reporting/claims.ts'

const anyVerdict = (verdict: Partial<Verdict> = {}): Verdict => ({
  ok: true,
  size: 9,
  origin: 'log',
  root: 'r=',
  signedBy: ['k1', 'k2'],
  scope: { kind: 'log' },
  leaves: 9,
  changes: 1,
  problems: [],
  ...verdict,
})
const said = (sentences: readonly string[]) => sentences.join('\n')

describe('8.4 claimsOf', () => {
  it('proves nothing where a problem was found', () => {
    const { proven, notProven } = claimsOf(anyVerdict({ ok: false }))
    expect([proven, notProven[0]]).toEqual([[], 'anything: see the problems'])
  })

  it('names the checkpoint with every key that signed it', () => {
    expect(said(claimsOf(anyVerdict()).proven)).toContain('log, tree size 9, root r=, signed by k1 and k2')
  })

  it('says whether the log was shown to continue a known one', () => {
    const [known, unknown] = [claimsOf(anyVerdict({ knownSize: 4 })), claimsOf(anyVerdict())]
    expect(said(known.proven)).toContain('continues the known log of tree size 4')
    expect(said(known.notProven)).not.toContain('--known-checkpoint')
    expect(said(unknown.proven)).not.toContain('continues')
    expect(said(unknown.notProven)).toContain('--known-checkpoint')
  })

  it('says of one change that the other leaves were not read, and how many', () => {
    const scope = { kind: 'change', changeId: 'C1' } as const
    const { proven, notProven } = claimsOf(anyVerdict({ scope, leaves: 2 }))
    expect(said(proven)).toContain('all 2 of change C1')
    expect(said(notProven)).toContain('the content of the other leaves (7)')
  })

  it('never proves what a leaf says, nor that there is no later checkpoint', () => {
    for (const ok of [true, false]) {
      const { notProven } = claimsOf(anyVerdict({ ok, knownSize: 4 }))
      expect(said(notProven)).toMatch(/no later checkpoint.*what a leaf says is so/s)
    }
  })
})
