import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tailsOf } from '../../../functions/scheduling/tails.ts'
import { anyHost, anyModel, anyService } from './builders.ts'

const chain = (webHosts: number, more: object = {}) => ({
  hosts: [
    anyHost('d', ['db']),
    ...Array.from({ length: webHosts }, (_, at) => anyHost(`w${at}`, ['web'])),
    anyHost('p', ['proxy']),
  ],
  services: [
    anyService('db'),
    anyService('proxy', { dependsOn: ['web'] }),
    anyService('web', { maxUnavailable: 2, dependsOn: ['db'] }),
  ],
  ...more,
})
const tailsById = (problem: object) => {
  const model = anyModel(problem)
  const tails = tailsOf(model)
  return Object.fromEntries(model.services.map(({ id }, at) => [id, tails[at]]))
}

describe('5.2 tailsOf', () => {
  it('adds up the work behind a service, each over the places of its own service', () => {
    const [web, proxy] = [400 / 2, 100 / 9]
    expect(tailsById(chain(4))).toEqual({ db: web + proxy, web: proxy, proxy: 0 })
  })

  it('takes the longest of several chains', () => {
    const problem = {
      hosts: [anyHost('d', ['db']), anyHost('s', ['short']), anyHost('l', ['long'], { durationSeconds: 700 })],
      services: [
        anyService('db'),
        ...['short', 'long'].map((id) => anyService(id, { maxUnavailable: 1, dependsOn: ['db'] })),
      ],
    }
    expect(tailsById(problem)).toEqual({ db: 700, long: 0, short: 0 })
  })

  it('counts a host of two services for each of them', () => {
    const problem = {
      hosts: [anyHost('d', ['db']), anyHost('both', ['x', 'y'])],
      services: [
        anyService('db'),
        anyService('x', { maxUnavailable: 1, dependsOn: ['db'] }),
        anyService('y', { maxUnavailable: 4 }),
      ],
    }
    expect(tailsById(problem).db).toBe(100)
  })

  it('grows, or stays, with every host that waits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), (count) => {
        expect(tailsById(chain(count + 1)).db).toBeGreaterThan(tailsById(chain(count)).db ?? 0)
      }),
      { numRuns: 20 },
    )
  })
})
