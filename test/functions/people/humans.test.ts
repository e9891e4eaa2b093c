import { describe, expect, it } from 'vitest'
import { canonicalAddress, humansOf, personOfAddress } from '../../../functions/people/humans.ts'
import { peopleOf } from '../../../functions/people/people.ts'
import { anyPerson } from './any-people.ts'

describe('11.5 humansOf', () => {
  it.each([
    ['case', 'Olivia@Example.COM'],
    ['a tag', 'olivia+patches@example.com'],
    ['dots', 'o.li.via@example.com'],
  ])('B30 counts two addresses that differ by %s as one human', (_, email) => {
    const humans = humansOf([anyPerson('olivia'), anyPerson('second', { email })])
    expect(humans.get('second')).toEqual(['olivia', 'second'])
  })

  it('B30 joins entries over a chain of aliases, whichever is read first', () => {
    const a = anyPerson('a', { aliases: ['shared@example.com'] })
    const b = anyPerson('b', { aliases: ['Shared+x@example.com', 'other@example.com'] })
    const c = anyPerson('c', { email: 'other@example.com' })
    for (const order of [
      [a, b, c],
      [c, a, b],
      [b, c, a],
    ])
      expect(humansOf(order).get('b')).toEqual(['a', 'b', 'c'])
  })

  it('keeps different humans apart', () => {
    expect(humansOf([anyPerson('olivia'), anyPerson('sven')]).get('sven')).toEqual(['sven'])
    expect(canonicalAddress('olivia@example.com')).not.toBe(canonicalAddress('olivia@example.org'))
  })

  it('names a human by any of their ids and addresses', () => {
    const list = [anyPerson('olivia'), anyPerson('second', { email: 'olivia+2@example.com' }), anyPerson('sven')]
    const { isSame } = peopleOf(list)
    for (const who of ['olivia', 'second', 'O.Livia@example.com']) expect(isSame(who, 'second'), who).toBe(true)
    expect(isSame('olivia', 'sven')).toBe(false)
  })

  it('finds the person of a session by an exact address or alias only', () => {
    const list = [anyPerson('olivia', { aliases: ['owner@example.com'] })]
    expect(personOfAddress('OWNER@example.com', list)?.id).toBe('olivia')
    expect(personOfAddress('olivia+x@example.com', list)).toBeUndefined()
  })
})
