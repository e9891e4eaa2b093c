import { describe, expect, it } from 'vitest'
import { catalogueMistakes, ownName } from '../../../functions/catalogue/mistakes.ts'
import { anyPerson } from '../people/any-people.ts'
import { anyService } from '../validation/builders.ts'
import { anyCatalogue } from './any-catalogue.ts'

const messages = (more: object) => catalogueMistakes(anyCatalogue(more)).map(({ message }) => message)
const service = (more: object) => ({ services: [{ ...anyService(), ...more }] })
const freeze = (more: object) => ({
  freezes: [{ name: 'f', start: '2026-12-24T00:00:00Z', end: '2026-12-27T00:00:00Z', reason: 'r', ...more }],
})
const [ring] = anyService().rings

describe('B45 catalogueMistakes', () => {
  it('finds none in a catalogue that means something', () => {
    expect(messages({})).toEqual([])
  })

  it.each([
    ['a dependency that there is not', service({ dependsOn: ['db'] }), 'no service "db"'],
    ['an owner that there is not', service({ owner: 'nobody' }), 'no person "nobody"'],
    ['a steward that there is not', service({ steward: 'nobody' }), 'no person "nobody"'],
    ['a service that may never be touched', service({ minimumHealthy: '100%' }), /lets no host go down/],
    ['a zone that may never be touched', service({ minimumHealthyPerZone: '100%' }), /lets no host go down/],
    ['a ring twice', service({ rings: [ring, { ...ring, stage: 'other' }] }), 'this ring is declared twice'],
    ['hosts in two rings', service({ rings: [ring, { ...ring, name: 'other' }] }), /would be patched twice/],
    [
      'a time zone that there is not',
      service({ windows: [{ days: ['mon'], start: '01:00', durationMinutes: 60, timeZone: 'Mars/Base' }] }),
      /"Mars\/Base" is not a time zone/,
    ],
    ['a host in conflict with itself', { conflicts: [['i-1', 'i-1']] }, 'i-1 cannot be in conflict with itself'],
    ['a freeze that ends as it starts', freeze({ end: '2026-12-24T00:00:00Z' }), 'the freeze ends before it starts'],
    ['a freeze without an offset', freeze({ start: '2026-12-24T00:00:00' }), /is not an instant/],
    ['a service that depends on itself', service({ dependsOn: ['web'] }), /circle: web -> web/],
  ])('finds %s', (_, more, message) => {
    expect(messages(more)).toEqual([typeof message === 'string' ? message : expect.stringMatching(message)])
  })

  it('B30 finds an address that stands with two people, whatever its case', () => {
    const people = [anyPerson('olivia'), anyPerson('other', { aliases: ['OLIVIA@example.com'] })]
    expect(messages({ people })).toEqual(['this address is used twice'])
  })

  it('lets nobody have the name of Drydock itself', () => {
    expect(messages({ people: [anyPerson('olivia'), anyPerson(ownName)] })).toEqual([
      '"drydock" is reserved for Drydock itself',
    ])
  })
})
