/** SHA-256 and Ed25519 by Node, as the pure modules want them. */
import { createPublicKey, hash, verify } from 'node:crypto'

const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex')

export const sha256 = (bytes: Uint8Array): Uint8Array => hash('sha256', bytes, 'buffer')

/** Whether an Ed25519 signature by a raw 32-byte key holds. A key or signature that is none does not hold. */
export function isSignedBy(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    const key = createPublicKey({ key: Buffer.concat([spkiPrefix, publicKey]), format: 'der', type: 'spki' })
    return verify(null, message, key, signature)
  } catch {
    return false
  }
}
