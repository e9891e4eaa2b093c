/** SHA-256, Ed25519 and ML-DSA-65 by Node, as the pure modules want them. */
import { createPublicKey, hash, verify } from 'node:crypto'
import { type PublicKey, type Sha256, spkiOf } from '../evidence/index.ts'

const hexOf = (bytes: Uint8Array): string => hash('sha256', bytes, 'hex')

/** By hex in either form: Node makes a string of a digest three times as fast as a Buffer. */
export const sha256: Sha256 = Object.assign((bytes: Uint8Array): Uint8Array => Buffer.from(hexOf(bytes), 'hex'), {
  hex: hexOf,
})

const load = (key: PublicKey) => createPublicKey({ key: Buffer.from(spkiOf(key)), format: 'der', type: 'spki' })

/** Whether this Node knows the key's algorithm, and takes the key for one. */
export function isUsableKey(key: PublicKey): boolean {
  try {
    load(key)
    return true
  } catch {
    return false
  }
}

/** Whether a signature by a raw key holds. A key or signature that is none does not hold. */
export function isSignedBy(key: PublicKey, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verify(null, message, load(key), signature)
  } catch {
    return false
  }
}
