/** An Ed25519 key of this process, for tests and the scenario in process. */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { sha256 } from '../../functions/aws/node-crypto.ts'
import { formatVerifierKey, rawKeyOfSpki } from '../../functions/evidence/index.ts'
import type { Signer } from '../../functions/evidence/ports.ts'
import { DrydockError } from '../../functions/kit/errors.ts'

const seededKeyPrefix = Buffer.from('302e020100300506032b657004220420', 'hex')

/** The same seed text gives the same key. */
function keyOf(seed: string | undefined): KeyObject {
  if (seed === undefined) return generateKeyPairSync('ed25519').privateKey
  const secret = createHash('sha256').update(seed).digest()
  return createPrivateKey({ key: Buffer.concat([seededKeyPrefix, secret]), format: 'der', type: 'pkcs8' })
}

/** A new key, or the key of a seed. `disable(true)` makes it fail as a disabled KMS key does (F42). */
export function localSigner(
  name = 'drydock.local/evidence',
  seed?: string,
): Signer & { disable(isDisabled: boolean): void } {
  const privateKey = keyOf(seed)
  const publicKey = rawKeyOfSpki(createPublicKey(privateKey).export({ format: 'der', type: 'spki' }))
  if (!publicKey) throw new DrydockError('DD2103', 'the local key is no Ed25519 key')
  let isDisabled = false
  return {
    name,
    publicKey: async () => publicKey,
    verifierKey: async () => formatVerifierKey(sha256, name, publicKey),
    async sign(bytes) {
      if (isDisabled) throw new DrydockError('DD2103', 'the evidence key cannot sign (disabled)')
      return Uint8Array.from(sign(null, bytes, privateKey))
    },
    disable: (value) => {
      isDisabled = value
    },
  }
}
