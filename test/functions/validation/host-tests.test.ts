import { describe, expect, it } from 'vitest'
import { normalNumbers } from '../../../bench/canary-runs.ts'
import { beyondPeersP, groupsP, movedHosts, outlyingHosts, ownP } from '../../../functions/validation/host-tests.ts'
import { hostsOf } from '../../../functions/validation/hosts.ts'
import { viewsOf } from '../../../functions/validation/views.ts'

const next = normalNumbers(23)
const draw = (count: number, level: number) => Array.from({ length: count }, () => level + next())
interface Facts {
  readonly shifts: readonly number[]
  /** What befell peers since. */
  readonly peersShift?: number
  readonly hasPast?: boolean
  readonly hasPeersPast?: boolean
  readonly apart?: number
}
/** One patched host for each shift, ten peers, an hour each; hosts stand `apart` from each other. */
function views({ shifts, peersShift = 0, hasPast = true, hasPeersPast = true, apart = 0 }: Facts) {
  const ours = shifts.map((shift) => ({ shift, level: apart * next() }))
  const theirs = Array.from({ length: 10 }, () => ({ shift: peersShift, level: apart * next() }))
  const rows = (side: typeof ours, isNow: boolean) =>
    side.map(({ shift, level }) => draw(60, level + (isNow ? shift : 0)))
  const metric = {
    name: 'Latency',
    higherIsWorse: true,
    canary: rows(ours, true),
    baseline: rows(theirs, true),
    ...(hasPast ? { history: rows(ours, false) } : {}),
    ...(hasPeersPast ? { baselineHistory: rows(theirs, false) } : {}),
  }
  return viewsOf(hostsOf(metric, 12), 'level')
}
const six = (shift: number) => [shift, shift, shift, shift, shift, shift]
const worst = (hosts: readonly { readonly index: number; readonly p: number }[]) =>
  hosts.filter(({ p }) => p < 1e-4).map(({ index }) => index)

describe('6.3 all patched hosts together', () => {
  it('rose against themselves and beyond their peers', () => {
    const risen = views({ shifts: six(1) })
    expect(ownP(risen, 'since')).toBeLessThan(1e-9)
    expect(beyondPeersP(risen, 'since')).toBeLessThan(1e-9)
    expect(groupsP(risen)?.p).toBeLessThan(1e-9)
  })

  it('rose against themselves and not beyond peers in a wave that takes all along', () => {
    const wave = views({ shifts: six(2), peersShift: 2 })
    expect(ownP(wave, 'since')).toBeLessThan(1e-9)
    expect(beyondPeersP(wave, 'since')).toBeGreaterThan(0.01)
  })

  it('cannot be followed without a past, of their own or of their peers', () => {
    expect(ownP(views({ shifts: six(1), hasPast: false }), 'since')).toBeUndefined()
    expect(beyondPeersP(views({ shifts: six(1), hasPeersPast: false }), 'since')).toBeUndefined()
  })

  it('are found where hosts differ far more than they rose, only because they are followed', () => {
    const apart = views({ shifts: six(1), apart: 5 })
    expect(groupsP(apart)?.p).toBeGreaterThan(0.001)
    expect(beyondPeersP(apart, 'since')).toBeLessThan(1e-6)
  })
})

describe('6.3 each patched host', () => {
  it('is found alone, though the others did not move', () => {
    expect(worst(movedHosts(views({ shifts: [0, 0, 0, 2, 0, 0] }), 'since'))).toEqual([3])
  })

  it('hides no other that got worse as well', () => {
    const three = views({ shifts: [2, 2, 2, ...six(0), ...six(0)], hasPeersPast: false })
    expect(worst(movedHosts(three, 'since'))).toEqual([0, 1, 2])
  })

  it('is not blamed for what all hosts did', () => {
    expect(worst(movedHosts(views({ shifts: six(3), peersShift: 3 }), 'since'))).toEqual([])
  })

  it('without a past is held against peers as one more of them', () => {
    const alone = views({ shifts: [0, 0, 8], hasPast: false, hasPeersPast: false })
    expect(movedHosts(alone, 'since')).toEqual([])
    expect(worst(outlyingHosts(alone))).toEqual([2])
  })
})
