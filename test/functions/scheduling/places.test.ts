import { describe, expect, it } from 'vitest'
import { Places } from '../../../functions/scheduling/places.ts'
import { anyHost, anyModel, anyService } from './builders.ts'

/** Kinds by the order of their first hosts: 0 serves x, 1 serves x and y, 2 serves y. Limits 0 and 1 are x (1) and y (2). */
function anyPlaces(patience: number) {
  const model = anyModel({
    hosts: [anyHost('1', ['x']), anyHost('2', ['x', 'y']), anyHost('3', ['y']), anyHost('4', ['y'])],
    services: [anyService('x', { maxUnavailable: 1 }), anyService('y', { maxUnavailable: 2 })],
  })
  return new Places(model, patience, Float64Array.of(50, 100, 10), new Float64Array(3))
}
const [ofX, ofBoth, ofY] = [0, 1, 2]
const [limitX, limitY] = [0, 1]

describe('5.3 Places', () => {
  it('admits hosts up to a limit and no further', () => {
    const places = anyPlaces(0)
    expect(places.admits(ofX)).toBe(true)
    places.take(ofX, 100)
    expect(places.admits(ofX)).toBe(false)
  })

  it('holds a host of two services back where either is full', () => {
    const places = anyPlaces(0)
    places.take(ofX, 100)
    expect([places.admits(ofBoth), places.admits(ofY)]).toEqual([false, true])
  })

  it('calls who waits once a place is free, the most urgent first, and nobody before', () => {
    const places = anyPlaces(0)
    places.take(ofX, 100)
    places.admits(ofX)
    places.admits(ofBoth)
    expect(places.next(limitX)).toBe(-1)
    places.give(limitX)
    expect([places.next(limitX), places.next(limitX), places.next(limitX)]).toEqual([ofBoth, ofX, -1])
  })

  it('counts down the seconds of work that are left under each limit of a kind', () => {
    const places = anyPlaces(0)
    places.take(ofBoth, 100)
    expect([...places.secondsLeft]).toEqual([100, 200])
  })

  it('keeps the last place of the other service for a host of two that is next in line', () => {
    const places = anyPlaces(0)
    places.take(ofX, 100)
    places.admits(ofBoth)
    expect(places.admits(ofY)).toBe(true)
    places.take(ofY, 100)
    expect(places.admits(ofY)).toBe(false)
  })

  it('keeps no place from hosts that are less urgent by no more than the patience allows', () => {
    const places = anyPlaces(1)
    places.take(ofX, 100)
    places.admits(ofBoth)
    places.take(ofY, 100)
    expect(places.admits(ofY)).toBe(true)
  })

  it('gives kept places up when asked, and says whether there were any', () => {
    const places = anyPlaces(0)
    places.take(ofX, 100)
    places.admits(ofBoth)
    places.take(ofY, 100)
    places.admits(ofY)
    expect(places.next(limitY)).toBe(-1)
    expect([places.releaseAll(), places.next(limitY), places.releaseAll()]).toEqual([true, ofY, false])
  })
})
