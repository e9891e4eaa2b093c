/** Which catalogue entries are the same human: by id, or by a shared address (B30). */
import type { Person } from '../catalogue/index.ts'

/**
 * The canonical form of an address: lower case, without dots and `+tag` before the @.
 *
 * Two humans whose addresses differ only in that count as one: too few votes hold a change, too many would not.
 */
export function canonicalAddress(address: string): string {
  const [local = '', domain = ''] = address.trim().toLowerCase().split('@')
  return `${local.replace(/\+.*$/, '').replaceAll('.', '')}@${domain}`
}

/** Every identifier of an entry: its id, and its addresses in canonical form. */
export const namesOf = ({ id, email, aliases }: Person): readonly string[] => [
  id,
  ...[email, ...aliases].map(canonicalAddress),
]

/** For each person's id, the ids of all entries of the same human, itself included, in order. */
export function humansOf(people: readonly Person[]): ReadonlyMap<string, readonly string[]> {
  const groups: { names: Set<string>; ids: string[] }[] = []
  for (const person of people) {
    const names = namesOf(person)
    const same = groups.filter((group) => names.some((name) => group.names.has(name)))
    const merged = {
      names: new Set([...names, ...same.flatMap((group) => [...group.names])]),
      ids: [person.id, ...same.flatMap((group) => group.ids)].sort(),
    }
    groups.splice(0, groups.length, ...groups.filter((group) => !same.includes(group)), merged)
  }
  return new Map(groups.flatMap(({ ids }) => ids.map((id) => [id, ids] as const)))
}

/** The person with a session's verified address: an exact address or alias, ignoring case. */
export function personOfAddress(address: string, people: readonly Person[]): Person | undefined {
  const wanted = address.trim().toLowerCase()
  return people.find(({ email, aliases }) => [email, ...aliases].some((known) => known.toLowerCase() === wanted))
}
