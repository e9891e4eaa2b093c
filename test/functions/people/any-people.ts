/** People as a catalogue has them. */
import type { Person } from '../../../functions/catalogue/catalogue.ts'

export const anyPerson = (id: string, person: Partial<Person> = {}): Person => ({
  id,
  name: id,
  email: `${id}@example.com`,
  aliases: [],
  roles: ['service-owner'],
  channel: 'email',
  ...person,
})
