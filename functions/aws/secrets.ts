/** Random secrets and their digests. */
import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto'
import type { Secrets } from '../people/ports.ts'

/** Crockford base32: no I, L, O, U. Eight of them are 40 bits. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

export const systemSecrets = (): Secrets => ({
  linkSecret: () => randomBytes(32).toString('base64url'),
  code: () => Array.from({ length: 8 }, () => alphabet[randomInt(alphabet.length)]).join(''),
  digest: (text) => createHash('sha256').update(text).digest('hex'),
  isEqual: (left, right) => left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right)),
})
