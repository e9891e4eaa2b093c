/** The role `person:<id>`, which that person alone holds. */
const prefix = 'person:'

/** The role that this person alone holds. */
export const roleOfPerson = (personId: string): string => `${prefix}${personId}`

/** The id of who alone holds a role; undefined for a role of the catalogue. */
export const soleHolderOf = (role: string): string | undefined =>
  role.startsWith(prefix) ? role.slice(prefix.length) : undefined
