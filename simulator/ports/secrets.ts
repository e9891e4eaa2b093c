/** Link secrets and codes drawn from the world's seed; anyone who knows the seed knows them. */
import { createHash } from 'node:crypto'
import type { Secrets } from '../../functions/people/index.ts'
import type { Random } from '../random.ts'

/** Crockford base32, as the system's own codes. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

export const seededSecrets = (random: Random): Secrets => ({
  linkSecret: () => Buffer.from(random.bytes(32)).toString('base64url'),
  code: () => Array.from({ length: 8 }, () => alphabet[random.below(alphabet.length)]).join(''),
  digest: (text) => createHash('sha256').update(text).digest('hex'),
  isEqual: (left, right) => left === right,
})
