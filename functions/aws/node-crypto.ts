/** SHA-256, Ed25519 and ML-DSA-65 by Node, as the pure modules need them. */
import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto'
import { hashLength, type PublicKey, type Sha256, spkiOf } from '../evidence/index.ts'

/** Node makes a string from a digest three times as fast as a Buffer; this one has one character per byte. */
function into(bytes: Uint8Array, target: Uint8Array, offset: number): void {
  const digest = hash('sha256', bytes, 'binary')
  for (let at = 0; at < digest.length; at++) target[offset + at] = digest.charCodeAt(at)
}

export const sha256: Sha256 = Object.assign(
  (bytes: Uint8Array): Uint8Array => {
    const digest = new Uint8Array(hashLength)
    into(bytes, digest, 0)
    return digest
  },
  { hex: (bytes: Uint8Array): string => hash('sha256', bytes, 'hex'), into },
)

const loaded = new WeakMap<PublicKey, KeyObject>()

/** Loading a key takes half as long as verifying with it, and a change is verified leaf by leaf with the same key. */
function load(key: PublicKey): KeyObject {
  const known = loaded.get(key)
  if (known) return known
  const fresh = createPublicKey({ key: Buffer.from(spkiOf(key)), format: 'der', type: 'spki' })
  loaded.set(key, fresh)
  return fresh
}

/** Whether this Node knows the key's algorithm and accepts the key. */
export function isUsableKey(key: PublicKey): boolean {
  try {
    load(key)
    return true
  } catch {
    return false
  }
}

/** Whether a signature by a raw key is valid; false for an unreadable key or signature. */
export function isSignedBy(key: PublicKey, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verify(null, message, load(key), signature)
  } catch {
    return false
  }
}
