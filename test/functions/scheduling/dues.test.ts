import { describe, expect, it } from 'vitest'
import { byDue, latenessOf } from '../../../functions/scheduling/dues.ts'
import { anyHost, anyModel, anyPlaced } from './builders.ts'

const due = (id: string, dueSeconds?: number, more: object = {}) =>
  anyHost(id, ['a'], { ...(dueSeconds === undefined ? {} : { dueSeconds }), ...more })
const startsOf = (problem: object, starts: readonly number[]) => [...byDue(anyModel(problem), anyPlaced(starts)).starts]

describe('4.2 latenessOf', () => {
  it('adds up the seconds by which hosts end behind their due dates', () => {
    const model = anyModel({ hosts: [due('a', 150), due('b', 150)] })
    expect(latenessOf(model, anyPlaced([200, 100]))).toBe(150 + 50)
  })

  it('counts neither a host that is early nor one without a due date', () => {
    const model = anyModel({ hosts: [due('a', 900), due('b')] })
    expect(latenessOf(model, anyPlaced([0, 5_000]))).toBe(0)
  })
})

describe('4.2 byDue', () => {
  it('swaps starts among hosts that are alike, so that the one due first goes first', () => {
    expect(startsOf({ hosts: [due('a', 900), due('b', 100), due('c')] }, [0, 100, 200])).toEqual([100, 0, 200])
  })

  it.each([
    ['take a different time', { hosts: [due('a', 900, { durationSeconds: 101 }), due('b', 100)] }],
    [
      'are in a conflict',
      {
        hosts: [due('a', 900), due('b', 100)],
        conflicts: [
          ['a', 'x'],
          ['a', 'b'],
        ],
      },
    ],
    [
      'download a different amount over a capped line',
      { hosts: [due('a', 900, { bytes: 1 }), due('b', 100, { bytes: 2 })], bandwidthBytesPerSecond: { default: 1 } },
    ],
  ])('leaves hosts alone that %s', (_, problem) => {
    expect(startsOf(problem, [0, 100])).toEqual([0, 100])
  })

  it('does not ask for equal downloads where the line has no cap', () => {
    expect(startsOf({ hosts: [due('a', 900, { bytes: 1 }), due('b', 100, { bytes: 2 })] }, [0, 100])).toEqual([100, 0])
  })

  it('leaves the schedule that it was given as it is', () => {
    const placed = anyPlaced([0, 100])
    byDue(anyModel({ hosts: [due('a', 900), due('b', 100)] }), placed)
    expect([...placed.starts]).toEqual([0, 100])
  })
})
