/** The catalogue's current people, and which entries are the same human; computed once for many questions. */
import type { Person } from '../catalogue/index.ts'
import { canonicalAddress, humansOf, namesOf, personOfAddress } from './humans.ts'

/** Never stored: rebuilt from the catalogue for every answer and gate. */
export interface People {
  readonly all: readonly Person[]
  person(personId: string): Person | undefined
  /** The current name in the catalogue; the id of someone not in it. */
  nameOf(personId: string): string
  /** One id per human, whichever entry is given; a removed entry stands for itself. */
  humanOf(personId: string): string
  /** Whether `who`, an id or an address, is this person under any entry (B29, B30). */
  isSame(who: string, personId: string): boolean
  /** The person with a session's verified address. */
  ofAddress(address: string): Person | undefined
}

/** Builds them from a catalogue's list. */
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
