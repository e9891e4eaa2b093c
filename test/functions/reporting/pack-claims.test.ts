import { describe, expect, it } from 'vitest'
import type { Verdict } from '../../../functions/evidence/index.ts'
import { packClaims, packDoubts } from '../../../functions/reporting/pack-claims.ts'

type Chain = NonNullable<Verdict['chains']>[number]
const changeId = '01JA000000000000000000000A'
const anyChain = (change: Partial<Chain> = {}): Chain => ({
  ...{ changeId, unnumbered: 0, count: 6, after: 0, isEnded: true },
  ...change,
})
const anyVerdict = (chains: readonly Chain[], change: Partial<Verdict> = {}): Verdict => ({
  ...{ ok: true, size: 24, signedBy: [], scope: { kind: 'change', changeId }, leaves: 8, changes: 1, problems: [] },
  chains,
  ...change,
})
const period = { kind: 'period', from: '2026-11-23', to: '2026-11-24' } as const

describe('11.10 what a pack of a change has proven', () => {
  it('is that none is left out only of a change that has ended', () => {
    const ended = packClaims(anyVerdict([anyChain()]))
    expect(ended).toHaveLength(3)
    expect(ended[1]).toContain('leaves 1 to 6 stand here, the last one ends it and counts 6: none is left out')
    const open = packClaims(anyVerdict([anyChain({ isEnded: false })]))
    expect(open[1]).toContain('leaves 1 to 6 stand here without a gap')
    expect(open.join()).not.toContain('none is left out')
  })

  it('is no version skipped only where leaves are numbered', () => {
    expect(packClaims(anyVerdict([anyChain()])).at(-1)).toContain('no version of the records')
    const older = packClaims(anyVerdict([anyChain({ unnumbered: 1, count: 0, isEnded: false })]))
    expect(older).toEqual([expect.stringContaining('leaves: 8 stand here'), '1 leaf from before leaves were numbered'])
  })

  it('is said of leaves after the end, and of files, only where there are some', () => {
    const claims = packClaims(anyVerdict([anyChain({ after: 2 })], { objects: 3 }))
    expect(claims).toContain('2 leaves filed after it ended, numbered without a gap')
    expect(claims.at(-1)).toMatch(/^files: 3 /)
    expect(packClaims(anyVerdict([anyChain()])).join()).not.toMatch(/after it ended|files:/)
  })
})

describe('11.10 what a pack of a change has not proven', () => {
  it('is that nothing came after the end, or that the last leaf is the last', () => {
    expect(packDoubts(anyVerdict([anyChain()]))[0]).toBe('that nothing more was filed after the change had ended')
    expect(packDoubts(anyVerdict([anyChain({ isEnded: false })]))[0]).toContain('leaf 6 is the last of change')
  })

  it('is that no older leaf is left out, where some have no number', () => {
    expect(packDoubts(anyVerdict([anyChain({ unnumbered: 4 })]))[0]).toContain('from before leaves were numbered')
    expect(packDoubts(anyVerdict([anyChain()]))).toHaveLength(2)
  })
})

describe('11.10 what a pack of days has proven', () => {
  it('is of changes with numbers alone that nothing is left out between their leaves', () => {
    const chains = [anyChain(), anyChain({ count: 0, after: 1 }), anyChain({ count: 0, unnumbered: 3 })]
    const claims = packClaims(anyVerdict(chains, { scope: period, objects: 1 }))
    expect(claims[1]).toContain('of 2 changes, no leaf is left out between its first and its last here')
    expect(claims[2]).toMatch(/^files: 1 /)
    expect(claims.join()).not.toContain('none is left out')
  })

  it('is never that all of the days are there', () => {
    expect(packDoubts(anyVerdict([anyChain()], { scope: period }))).toEqual([
      expect.stringMatching(/^that every leaf of the period is here/),
      expect.stringMatching(/^that no leaf of no change/),
      expect.stringMatching(/^anything about other leaves of the log/),
    ])
  })
})
