import { describe, expect, it } from 'vitest'
import type { Kinds } from '../../../functions/scheduling/kinds.ts'
import { anyHost, anyModel, anyService, hostsLasting } from './builders.ts'

const inZones = (more: object) =>
  anyModel({ hosts: ['z1', 'z2', 'z1'].map((zone, at) => anyHost(`h${at}`, ['a'], { zone })), ...more }).kinds
const service = (more: object) => ({ services: [anyService('a', { maxUnavailable: 3, ...more })] })
const limitsOf = ({ limitFirst, limitOf, limits }: Kinds, kind: number) =>
  [...limitOf.subarray(limitFirst[kind], limitFirst[kind + 1])].map((limit) => limits.most[limit])

describe('5.3 kindsOf', () => {
  it.each([
    ['no zone limit', {}, 1],
    ['a zone limit as wide as the service', { maxUnavailablePerZone: 3 }, 1],
    ['a tighter zone limit', { maxUnavailablePerZone: 2 }, 2],
    ['a tighter limit in one zone', { maxUnavailablePerZone: { z1: 3, z2: 1 } }, 2],
  ])('tells zones apart only where one is tighter: %s', (_, more, count) => {
    expect(inZones(service(more)).count).toBe(count)
  })

  it('tells hosts of a capped site from those of others', () => {
    const hosts = ['s', 't', 's'].map((site, at) => anyHost(`h${at}`, ['a'], { site, bytes: 1 }))
    const { kindOfHost, siteOf } = anyModel({ hosts, bandwidthBytesPerSecond: { s: 1 } }).kinds
    expect([[...kindOfHost], siteOf]).toEqual([
      [0, 1, 0],
      [0, -1],
    ])
  })

  it('limits a kind by its service and by its zone', () => {
    const kinds = inZones(service({ maxUnavailablePerZone: { z1: 2, z2: 1 } }))
    expect([limitsOf(kinds, 0), limitsOf(kinds, 1)]).toEqual([
      [3, 2],
      [3, 1],
    ])
  })

  it('lets nothing down in a zone that the service does not name', () => {
    expect(limitsOf(inZones(service({ maxUnavailablePerZone: { z1: 2 } })), 1)).toEqual([3, 0])
  })

  it('puts the longest host first, then the nearest due date, then the first name', () => {
    const hosts = [
      anyHost('a'),
      anyHost('b'),
      anyHost('c', ['a'], { dueSeconds: 900 }),
      anyHost('d', ['a'], { dueSeconds: 500 }),
      anyHost('e', ['a'], { durationSeconds: 200 }),
    ]
    const { hosts: numbered, kinds } = anyModel({ hosts })
    expect([...kinds.order].map((host) => numbered.ids[host])).toEqual(['e', 'd', 'c', 'a', 'b'])
  })

  it('counts work by kind and by limit, and how soon a place of a full limit comes free', () => {
    const { seconds, limits } = anyModel({ hosts: hostsLasting(100, 300), ...service({}) }).kinds
    expect([[...seconds], [...limits.seconds], [...limits.gaps]]).toEqual([[400], [400], [400 / 2 / 3]])
  })
})
