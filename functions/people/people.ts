/** The people of the catalogue as it is now, and who of its entries is one human; worked out once for many questions. */
import type { Person } from '../catalogue/index.ts'
import { canonicalAddress, humansOf, namesOf, personOfAddress } from './humans.ts'

/** Never kept: made anew from the catalogue for every answer and at every gate. */
export interface People {
  readonly all: readonly Person[]
  person(personId: string): Person | undefined
  /** The name that the catalogue has now; the id of someone who is not in it. */
  nameOf(personId: string): string
  /** One id for a human, whichever of their entries is meant; an entry that is gone is nobody else. */
  humanOf(personId: string): string
  /** Whether `who`, an id or an address, is this person under any entry (B29, B30). */
  isSame(who: string, personId: string): boolean
  /** The person whose address a session vouches for. */
  ofAddress(address: string): Person | undefined
}

/** Makes them of a catalogue's list. */
export function peopleOf(all: readonly Person[]): People {
  const byId = new Map(all.map((person) => [person.id, person]))
  const humans = humansOf(all)
  const humanOf = (personId: string) => humans.get(personId)?.[0] ?? personId
  const names = new Map<string, Set<string>>()
  for (const person of all) {
    const human = humanOf(person.id)
    names.set(human, new Set([...(names.get(human) ?? []), ...namesOf(person)]))
  }
  return {
    all,
    person: (personId) => byId.get(personId),
    nameOf: (personId) => byId.get(personId)?.name ?? personId,
    humanOf,
    isSame(who, personId) {
      const known = names.get(humanOf(personId))
      return who === personId || (known !== undefined && (known.has(who) || known.has(canonicalAddress(who))))
    },
    ofAddress: (address) => personOfAddress(address, all),
  }
}
