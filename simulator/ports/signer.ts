/** Keys of this process, for tests and the scenario in process: Ed25519, and ML-DSA-65 beside it when asked for. */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { sha256 } from '../../functions/aws/node-crypto.ts'
import { formatVerifierKey, keyOfSpki, type PublicKey } from '../../functions/evidence/index.ts'
import type { Signer } from '../../functions/evidence/ports.ts'
import { DrydockError } from '../../functions/kit/errors.ts'

/** What stands before a 32-byte seed in PKCS #8 DER: RFC 8410, and RFC 9881 section 6 (the seed alone). */
const seededKeys = {
  ed25519: '302e020100300506032b657004220420',
  'ml-dsa-65': '3034020100300b060960864801650304031204228020',
} as const

/** The same seed text gives the same key. */
function keyOf(type: keyof typeof seededKeys, seed: string | undefined): KeyObject {
  if (seed === undefined)
    return type === 'ed25519' ? generateKeyPairSync('ed25519').privateKey : generateKeyPairSync('ml-dsa-65').privateKey
  const secret = createHash('sha256').update(seed).digest()
  return createPrivateKey({
    key: Buffer.concat([Buffer.from(seededKeys[type], 'hex'), secret]),
    format: 'der',
    type: 'pkcs8',
  })
}

function publicKeyOf(privateKey: KeyObject): PublicKey {
  const key = keyOfSpki(createPublicKey(privateKey).export({ format: 'der', type: 'spki' }))
  if (!key) throw new DrydockError('DD2103', 'the local key is neither Ed25519 nor ML-DSA-65')
  return key
}

export interface LocalSigner extends Signer {
  /** `disable(true)` makes it fail as a disabled KMS key does (F42). */
  disable(isDisabled: boolean): void
}

/** New keys, or the keys of a seed; `isPostQuantum` adds the second one. */
export function localSigner(name = 'drydock.local/evidence', seed?: string, isPostQuantum = false): LocalSigner {
  let isDisabled = false
  const signerOf = (privateKey: KeyObject, key: PublicKey) => ({
    publicKey: async () => key.publicKey,
    async sign(bytes: Uint8Array) {
      if (isDisabled) throw new DrydockError('DD2103', 'the evidence key cannot sign (disabled)')
      return Uint8Array.from(sign(null, bytes, privateKey))
    },
  })
  const privateKeys = [keyOf('ed25519', seed), ...(isPostQuantum ? [keyOf('ml-dsa-65', seed)] : [])]
  const keys = privateKeys.map((privateKey) => ({ privateKey, key: publicKeyOf(privateKey) }))
  const [first, second] = keys.map(({ privateKey, key }) => signerOf(privateKey, key))
  if (!first) throw new DrydockError('DD2103', 'there is no local key')
  return {
    name,
    ...first,
    ...(second ? { postQuantum: second } : {}),
    verifierKey: async () => keys.map(({ key }) => formatVerifierKey(sha256, name, key)).join('\n'),
    disable: (value) => {
      isDisabled = value
    },
  }
}

/**
 * A signer that signs nothing: the same key text for the same name, and a digest where a signature would stand. Cheap, for
 * runs that look at what was filed and never at who signed it; `evidence verify` calls its checkpoints bad.
 */
export function stubSigner(name = 'drydock.local/evidence'): LocalSigner {
  const { publicKey, verifierKey } = localSigner(name, 'stub')
  let isDisabled = false
  return {
    name,
    publicKey,
    verifierKey,
    async sign(bytes) {
      if (isDisabled) throw new DrydockError('DD2103', 'the evidence key cannot sign (disabled)')
      return Uint8Array.from(createHash('sha512').update(bytes).digest())
    },
    disable: (value) => {
      isDisabled = value
    },
  }
}
