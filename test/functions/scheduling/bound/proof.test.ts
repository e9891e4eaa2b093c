import { describe, expect, it } from 'vitest'
import { proofOf } from '../../../../functions/scheduling/bound/proof.ts'
import { anyHost, anyProblemOf, anyService, hostsLasting } from '../builders.ts'

const windowOf = (startSeconds: number, endSeconds: number) => ({ startSeconds, endSeconds })
const proved = (problem: object) => proofOf(anyProblemOf(problem))
/** Hosts of service a, with so many places in these windows. */
const inWindows = (maxUnavailable: number, windows: readonly object[], hosts: readonly object[], more: object = {}) =>
  proved({ hosts, services: [anyService('a', { maxUnavailable, windows, ...more })] })

describe('B40 a proof that windows hold no schedule', () => {
  it('is none where there is a schedule', () => {
    expect(inWindows(1, [windowOf(0, 300)], hostsLasting(100, 100, 100))).toBeUndefined()
    expect(proved({ hosts: hostsLasting(100) })).toBeUndefined()
  })

  it('is the sum of the work, where that is more than the windows hold', () => {
    expect(inWindows(1, [windowOf(0, 200)], hostsLasting(100, 100, 100))).toEqual({
      infeasible: 'the windows of a hold 200 s of work (1 window with 1 place), its hosts take 300 s',
      names: ['a'],
    })
  })

  it('counts no more places than there are hosts, and no window that the shortest host does not fit into', () => {
    expect(inWindows(9, [windowOf(0, 50), windowOf(100, 250)], hostsLasting(100, 250))).toMatchObject({
      infeasible: 'the windows of a hold 300 s of work (1 window with 2 places), its hosts take 350 s',
    })
  })

  it('is every way to fill the windows, where the sum leaves it open', () => {
    expect(inWindows(1, [windowOf(0, 160), windowOf(200, 360)], hostsLasting(100, 100, 100))).toEqual({
      infeasible: 'the windows of a do not hold its 3 hosts: every way to fill them (2 windows with 1 place) was tried',
      names: ['a'],
    })
  })

  it('is by zone, where a zone has fewer places', () => {
    const hosts = hostsLasting(100, 100).map((host) => ({ ...host, zone: 'z1' }))
    const more = { maxUnavailablePerZone: 1 }
    expect(inWindows(2, [windowOf(0, 150)], hosts)).toBeUndefined()
    expect(inWindows(2, [windowOf(0, 150)], hosts, more)).toMatchObject({
      infeasible: 'the windows of a in zone z1 hold 150 s of work (1 window with 1 place), its hosts take 200 s',
    })
  })

  it('counts no place in a zone that is not named, though every object has a property of that name', () => {
    const hosts = [anyHost('h0', ['a'], { zone: 'constructor' })]
    expect(inWindows(2, [windowOf(0, 150)], hosts, { maxUnavailablePerZone: { z2: 1 } })).toMatchObject({
      infeasible:
        'the windows of a in zone constructor hold 0 s of work (1 window with 0 places), its hosts take 100 s',
    })
  })

  it('begins when what the service depends on can be done', () => {
    const services = [anyService('b'), anyService('a', { windows: [windowOf(0, 150)], dependsOn: ['b'] })]
    const hosts = [anyHost('h0', ['b']), anyHost('h1', ['a'])]
    expect(proved({ hosts, services })).toMatchObject({ names: ['a'] })
    expect(proved({ hosts, services })?.infeasible).toMatch(/^the windows of a/u)
    const longer = [anyService('b'), anyService('a', { windows: [windowOf(0, 200)], dependsOn: ['b'] })]
    expect(proved({ hosts, services: longer })).toBeUndefined()
  })

  it('names the first of several services by its id', () => {
    const services = ['b', 'a'].map((id) => anyService(id, { windows: [windowOf(0, 50)], maxUnavailable: 1 }))
    expect(proved({ hosts: [anyHost('h0', ['b']), anyHost('h1', ['a'])], services })?.names).toEqual(['a'])
  })

  it('is the horizon of 2^33 s, where no plan can end before it', () => {
    const long = 2 ** 32
    const services = [anyService('a', { maxUnavailable: 1 })]
    expect(proved({ hosts: hostsLasting(long, long), services })).toBeUndefined()
    const beyond = proved({ hosts: hostsLasting(long, long, 100), services })
    expect(beyond).toMatchObject({ infeasible: expect.stringMatching(/no plan can end before \d+ s/u), names: [] })
  })
})
