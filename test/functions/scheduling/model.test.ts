import { describe, expect, it } from 'vitest'
import { anyHost, anyModel, anyService } from './builders.ts'

const three = ['h0', 'h1', 'h2'].map((id) => anyHost(id))

describe('5.2 modelOf', () => {
  it('holds a conflict both ways and once, however often it is named', () => {
    const { conflicts } = anyModel({
      hosts: three,
      conflicts: [
        ['h0', 'h2'],
        ['h2', 'h0'],
        ['h0', 'h2'],
      ],
    })
    expect([...conflicts]).toEqual([
      [0, [2]],
      [2, [0]],
    ])
  })

  it.each([
    ['neither windows nor conflicts', {}, 1],
    ['windows', { services: [anyService('a', { windows: [] })] }, 0],
    ['a conflict', { conflicts: [['h0', 'h1']] }, 0],
  ])('lets hosts with %s go in plain order, or not', (_, more, isPlain) => {
    expect([...anyModel({ hosts: three, ...more }).isPlain]).toEqual([isPlain])
  })

  it.each([
    [undefined, 0],
    [0.1, 10],
    [4, 0.25],
  ])('sets starts apart by the inverse of %s reboots a second', (rebootsPerSecond, gap) => {
    const more = rebootsPerSecond === undefined ? {} : { rebootsPerSecond }
    expect(anyModel({ hosts: three, ...more }).rebootGap).toBe(gap)
  })

  it('has services in the order of their names', () => {
    expect(anyModel({ services: [anyService('b'), anyService('a')] }).services.map(({ id }) => id)).toEqual(['a', 'b'])
  })

  it('opens a set of services only where windows of all of them are open', () => {
    const windows = (startSeconds: number, endSeconds: number) => ({ windows: [{ startSeconds, endSeconds }] })
    const { openings } = anyModel({
      hosts: [anyHost('h', ['a', 'b'])],
      services: [anyService('a', windows(0, 50)), anyService('b', windows(20, 90))],
    })
    expect(openings[0]).toMatchObject({ longest: 30 })
  })
})
