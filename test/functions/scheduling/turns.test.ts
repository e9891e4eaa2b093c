import { describe, expect, it } from 'vitest'
import { Turns } from '../../../functions/scheduling/turns.ts'
import { anyModel, anyService, hostsLasting } from './builders.ts'

const turnsOf = (seconds: readonly number[], more: object = {}) => {
  const model = anyModel({ hosts: hostsLasting(...seconds), ...more })
  return new Turns(model, model.kinds.order)
}
const windows = (...spans: readonly (readonly [number, number])[]) => ({
  services: [anyService('a', { windows: spans.map(([startSeconds, endSeconds]) => ({ startSeconds, endSeconds })) })],
})

describe('5.2 Turns', () => {
  it('takes the hosts of a kind in order, until none is left', () => {
    const turns = turnsOf([10, 20])
    expect([turns.first(0), turns.has(0)]).toEqual([1, true])
    turns.take(0, turns.next(0, 0).found)
    expect(turns.next(0, 0).found).toBe(0)
    turns.take(0, 0)
    expect(turns.has(0)).toBe(false)
  })

  it('finds nobody before the first opening, and says when it is', () => {
    expect(turnsOf([10], windows([50, 90])).next(0, 0)).toEqual({ found: -1, behind: -1, opensAt: 50 })
  })

  it('finds the longest host that what is left of the opening holds', () => {
    const turns = turnsOf([30, 20, 10], windows([0, 100], [200, 300]))
    expect(turns.next(0, 75)).toMatchObject({ found: 1, opensAt: 200 })
    expect(turns.next(0, 95)).toMatchObject({ found: -1, opensAt: 200 })
  })

  it('begins again with the first host when the next opening starts', () => {
    const turns = turnsOf([30, 20, 10], windows([0, 100], [200, 300]))
    turns.take(0, turns.next(0, 85).found)
    expect([turns.first(0), turns.next(0, 200).found]).toEqual([0, 0])
  })

  it('does not find a host twice that was taken out of order', () => {
    const turns = turnsOf([30, 20, 10], windows([0, 100], [200, 300]))
    turns.take(0, turns.next(0, 75).found)
    expect(turns.next(0, 75).found).toBe(2)
    turns.take(0, 2)
    expect(turns.next(0, 200).found).toBe(0)
  })

  it('knows no later opening in the last', () => {
    expect(turnsOf([10], windows([0, 100])).next(0, 0).opensAt).toBe(Number.POSITIVE_INFINITY)
  })

  it('passes over a host that conflicts with one in work, and says behind whom it waits', () => {
    const turns = turnsOf([30, 20], { conflicts: [['h0', 'h1']] })
    turns.take(0, turns.next(0, 0).found)
    expect(turns.next(0, 0)).toMatchObject({ found: -1, behind: 0 })
    turns.end(0)
    expect(turns.next(0, 0)).toMatchObject({ found: 1, behind: -1 })
  })
})
