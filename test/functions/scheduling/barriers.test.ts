import { describe, expect, it } from 'vitest'
import { dependenciesFirst } from '../../../functions/scheduling/barriers.ts'
import { anyHost, anyModel, anyService } from './builders.ts'

/** What each set of services waits for, by name. */
function waitsByGroup(hosts: readonly (readonly string[])[], dependsOn: Readonly<Record<string, readonly string[]>>) {
  const model = anyModel({
    hosts: hosts.map((services, at) => anyHost(`h${at}`, services)),
    services: Object.entries(dependsOn).map(([id, list]) => anyService(id, { dependsOn: list })),
  })
  const name = (service: number) => model.services[service]?.id ?? ''
  return Object.fromEntries(
    model.groups.map((group, number) => {
      const barriers = model.gates.opens.flatMap((list, barrier) => (list.includes(number) ? [name(barrier)] : []))
      expect(model.gates.waits[number]).toBe(barriers.length)
      return [group.map(name).join('+'), barriers]
    }),
  )
}

describe('5.2 gatesOf', () => {
  it('lets a service wait for what it depends on', () => {
    expect(waitsByGroup([['db'], ['web']], { db: [], web: ['db'] })).toEqual({ db: [], web: ['db'] })
  })

  it('passes through a service without hosts', () => {
    expect(waitsByGroup([['db'], ['web']], { db: [], api: ['db'], web: ['api'] })).toEqual({ db: [], web: ['db'] })
  })

  it('waits for the nearest alone, where that in turn waits for the rest', () => {
    const dependsOn = { db: [], api: ['db'], web: ['api', 'db'] }
    expect(waitsByGroup([['db'], ['api'], ['web']], dependsOn)).toEqual({ db: [], api: ['db'], web: ['api'] })
  })

  it('waits for the farther too, where the nearest has only hosts that do not wait for it', () => {
    const dependsOn = { db: [], api: ['db'], web: ['api'] }
    expect(waitsByGroup([['db'], ['db', 'api'], ['web']], dependsOn).web).toEqual(['api', 'db'])
  })

  it('lets a host of a service and of its dependency go with the dependency', () => {
    expect(waitsByGroup([['db', 'web'], ['web'], ['db']], { db: [], web: ['db'] })).toEqual({
      'db+web': [],
      web: ['db'],
      db: [],
    })
  })

  it('turns round for a pass from the end: what waited is waited for', () => {
    const { backward, services } = anyModel({
      hosts: [anyHost('d', ['db']), anyHost('w1', ['web']), anyHost('w2', ['web'])],
      services: [anyService('db'), anyService('web', { dependsOn: ['db'] })],
    })
    expect(services.map(({ id }) => id)).toEqual(['db', 'web'])
    expect([...backward.waits]).toEqual([1, 0])
    expect(backward.closes).toEqual([[], [0]])
    expect([...backward.hostCounts]).toEqual([2, 0])
  })
})

describe('5.2 dependenciesFirst', () => {
  it('puts each service behind all that its list names', () => {
    expect(dependenciesFirst([[1, 2], [2], []])).toEqual([2, 1, 0])
  })

  it('leaves out services that wait for each other, and what waits for them', () => {
    expect(dependenciesFirst([[1], [0], [], [0]])).toEqual([2])
  })
})
