import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TimeQueue, UrgencyQueue } from '../../../functions/scheduling/heaps.ts'

const fewValues = fc.array(fc.nat(5), { maxLength: 40 })

describe('5.2 TimeQueue', () => {
  it('gives the earliest first, and of one instant the smallest number', () => {
    fc.assert(
      fc.property(fewValues, (times) => {
        const queue = new TimeQueue()
        for (const item of [...times.keys()].toReversed()) queue.push(item, times[item] ?? 0)
        const expected = [...times.keys()].sort((one, other) => (times[one] ?? 0) - (times[other] ?? 0) || one - other)
        expect(times.map(() => queue.pop())).toEqual(expected)
      }),
    )
  })

  it('keeps the order when pushes come between pops', () => {
    const queue = new TimeQueue()
    queue.push(1, 30)
    queue.push(2, 10)
    expect(queue.pop()).toBe(2)
    queue.push(3, 20)
    queue.push(4, 40)
    expect([queue.pop(), queue.pop(), queue.pop()]).toEqual([3, 1, 4])
  })

  it('is at no instant and gives no number while it is empty', () => {
    const queue = new TimeQueue()
    expect([queue.earliest, queue.pop()]).toEqual([Number.POSITIVE_INFINITY, -1])
    queue.push(7, 5)
    expect([queue.earliest, queue.pop(), queue.earliest]).toEqual([5, 7, Number.POSITIVE_INFINITY])
  })
})

describe('5.2 UrgencyQueue', () => {
  it('gives the highest key first, then the highest tie, then the smallest number', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3), fc.nat(2)), { maxLength: 40 }), (kinds) => {
        const [keys, ties] = [Float64Array.from(kinds, ([key]) => key), Float64Array.from(kinds, ([, tie]) => tie)]
        const queue = new UrgencyQueue(keys, ties)
        for (const kind of [...kinds.keys()].toReversed()) queue.push(kind)
        const expected = [...kinds.keys()].sort(
          (one, other) => (keys[other] ?? 0) - (keys[one] ?? 0) || (ties[other] ?? 0) - (ties[one] ?? 0) || one - other,
        )
        expect(kinds.map(() => queue.pop())).toEqual(expected)
      }),
    )
  })

  it('tells how many wait and the key of the most urgent', () => {
    const queue = new UrgencyQueue(Float64Array.of(1, 9, 4), new Float64Array(3))
    for (const kind of [0, 1, 2]) queue.push(kind)
    expect([queue.size, queue.highest]).toEqual([3, 9])
    queue.pop()
    expect([queue.size, queue.highest]).toEqual([2, 4])
  })

  it('gives no number while it is empty', () => {
    expect(new UrgencyQueue(new Float64Array(), new Float64Array()).pop()).toBe(-1)
  })
})
