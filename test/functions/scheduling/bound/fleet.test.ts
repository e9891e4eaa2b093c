import { describe, expect, it } from 'vitest'
import { boundFleetOf } from '../../../../functions/scheduling/bound/fleet.ts'
import { anyHost, anyProblemOf, anyService } from '../builders.ts'

const fleetOf = (problem: object) => boundFleetOf(anyProblemOf(problem))
const chain = [anyService('db'), anyService('api', { dependsOn: ['db'] }), anyService('web', { dependsOn: ['api'] })]

describe('5.2 boundFleetOf', () => {
  it('groups hosts by the set of their services, the longest first', () => {
    const { groups } = fleetOf({
      hosts: [
        anyHost('1', ['db', 'api']),
        anyHost('2', ['api', 'db'], { durationSeconds: 200, zone: 'y' }),
        anyHost('3', ['api']),
      ],
      services: chain,
    })
    expect(groups.map(({ hosts }) => hosts.map(({ id }) => id))).toEqual([['2', '1'], ['3']])
    expect(groups[0]).toMatchObject({
      workSeconds: 300,
      workByZone: new Map([
        ['y', 200],
        ['z', 100],
      ]),
    })
  })

  it('reaches a dependency through a service without hosts, and leaves that service out', () => {
    const { groupOf } = fleetOf({ hosts: [anyHost('d', ['db']), anyHost('w', ['web'])], services: chain })
    expect([groupOf.get('w')?.behind, groupOf.get('d')?.behind]).toEqual([[0], []])
  })

  it('lets a host wait for none of its own services', () => {
    const hosts = [anyHost('d', ['db']), anyHost('both', ['db', 'api'])]
    expect(fleetOf({ hosts, services: chain }).groupOf.get('both')?.behind).toEqual([])
  })

  it('puts each service behind what its hosts wait for', () => {
    const hosts = ['web', 'api', 'db'].map((id) => anyHost(id, [id]))
    expect(fleetOf({ hosts, services: chain.toReversed() }).order).toEqual([2, 1, 0])
  })

  it.each([
    ['whole seconds', {}, true],
    ['a host of half a second', { hosts: [anyHost('h', ['a'], { durationSeconds: 0.5 })] }, false],
    ['a cap on downloads', { bandwidthBytesPerSecond: { s: 1 } }, false],
    ['a cap on reboots', { rebootsPerSecond: 1 }, false],
    [
      'a window from half a second on',
      { services: [anyService('a', { windows: [{ startSeconds: 0.5, endSeconds: 9 }] })] },
      false,
    ],
  ])('counts on whole seconds or not: %s', (_, more, isWhole) => {
    expect(fleetOf({ hosts: [anyHost('h')], ...more }).isWhole).toBe(isWhole)
  })
})
