/** The grammar of names of services, rings, people and probes. */
import * as z from 'zod'

/** 1 to 63 lower case letters, digits and hyphens, a letter first. */
export const Name = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'lower case letters, digits and hyphens')
