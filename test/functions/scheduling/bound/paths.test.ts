import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { boundFleetOf } from '../../../../functions/scheduling/bound/fleet.ts'
import { pathsOf, spread } from '../../../../functions/scheduling/bound/paths.ts'
import { anyHost, anyProblemOf, anyService } from '../builders.ts'

function pathsIn(problem: object) {
  const fleet = boundFleetOf(anyProblemOf(problem))
  const paths = pathsOf(fleet)
  const of = (id: string, length: (group: (typeof fleet.groups)[number]) => number) => {
    const group = fleet.groupOf.get(id)
    return group && length(group)
  }
  return {
    seconds: paths.seconds,
    head: (id: string) => of(id, paths.headOf),
    tail: (id: string) => of(id, paths.tailOf),
  }
}
const chain = (more: object = {}) => ({
  hosts: [...['d1', 'd2', 'd3'].map((id) => anyHost(id, ['db'])), anyHost('w', ['web'], { durationSeconds: 70 })],
  services: [anyService('db', { maxUnavailable: 2, ...more }), anyService('web', { dependsOn: ['db'] })],
})

describe('5.2 pathsOf', () => {
  it('has a head as long as all work before a host takes on its places', () => {
    const { head } = pathsIn(chain())
    expect([head('d1'), head('w')]).toEqual([0, 200])
  })

  it('has a tail as long as what waits for the host', () => {
    const { tail } = pathsIn(chain())
    expect([tail('d1'), tail('w')]).toEqual([70, 0])
  })

  it('adds up the tails of a chain', () => {
    const { hosts, services } = chain()
    const proxy = anyService('proxy', { dependsOn: ['web'] })
    const { tail } = pathsIn({ hosts: [...hosts, anyHost('p', ['proxy'])], services: [...services, proxy] })
    expect([tail('d1'), tail('w')]).toEqual([170, 100])
  })

  it('is as long as the longest path', () => {
    expect(pathsIn(chain()).seconds).toBe(270)
  })

  it.each([
    ['one for every zone', 1],
    ['its own', { z: 1 }],
  ])('counts the places of a zone that is tighter: %s', (_, maxUnavailablePerZone) => {
    expect(pathsIn(chain({ maxUnavailablePerZone })).head('w')).toBe(300)
  })

  it('waits for the windows of what comes before', () => {
    const windows = [0, 1_000].map((startSeconds) => ({ startSeconds, endSeconds: startSeconds + 100 }))
    expect(pathsIn(chain({ windows })).head('w')).toBe(1_100)
  })
})

describe('5.2 spread', () => {
  it('keeps a list that is short enough', () => {
    expect(spread([1, 2, 3], 3)).toEqual([1, 2, 3])
  })

  it('takes so many of a longer list, in order, with both ends among them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 12 }), fc.integer({ min: 1, max: 60 }), (most, more) => {
        const list = Array.from({ length: most + more }, (_, at) => at)
        const found = spread(list, most)
        expect([found.length, found[0], found.at(-1)]).toEqual([most, 0, list.length - 1])
        expect(found).toEqual([...new Set(found)].sort((one, other) => one - other))
      }),
    )
  })
})
