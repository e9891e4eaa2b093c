/** The evidence log's keys in KMS; private keys never leave it. */
import { GetPublicKeyCommand, KMSClient, SignCommand, type SigningAlgorithmSpec } from '@aws-sdk/client-kms'
import { formatVerifierKey, keyOfSpki, type PublicKey } from '../evidence/index.ts'
import type { Signer } from '../evidence/ports.ts'
import { DrydockError } from '../kit/errors.ts'
import type { Settings } from './configuration.ts'
import { sha256 } from './node-crypto.ts'
import { clientSettings } from './runtime.ts'

function unusable(what: string, cause?: unknown) {
  const reason = cause instanceof Error ? ` (${cause.name}: ${cause.message})` : ''
  return new DrydockError(
    'DD2103',
    `the evidence key ${what}${reason}; nothing is lost: enable the key or restore its policy, and the archiver catches up`,
    { cause },
  )
}

interface KeySpec {
  readonly algorithm: PublicKey['algorithm']
  readonly keySpec: string
  readonly signingAlgorithm: SigningAlgorithmSpec
  readonly signatureLength: number
}

const ed25519: KeySpec = {
  algorithm: 'Ed25519',
  keySpec: 'ECC_NIST_EDWARDS25519',
  signingAlgorithm: 'ED25519_SHA_512',
  signatureLength: 64,
}
/** KMS signs with an empty context: https://docs.aws.amazon.com/kms/latest/developerguide/mldsa.html */
const mlDsa65: KeySpec = {
  algorithm: 'ML-DSA-65',
  keySpec: 'ML_DSA_65',
  signingAlgorithm: 'ML_DSA_SHAKE_256',
  signatureLength: 3_309,
}

function kmsKey(
  client: KMSClient,
  KeyId: string,
  { algorithm, keySpec, signingAlgorithm, signatureLength }: KeySpec,
): Pick<Signer, 'publicKey' | 'sign'> {
  let publicKey: Uint8Array | undefined

  async function fetchPublicKey(): Promise<Uint8Array> {
    const { PublicKey: spki } = await client.send(new GetPublicKeyCommand({ KeyId })).catch((error) => {
      throw unusable('cannot be read', error)
    })
    const key = spki && keyOfSpki(spki)
    if (key?.algorithm !== algorithm) throw unusable(`is not an ${algorithm} key: it must have the key spec ${keySpec}`)
    return key.publicKey
  }

  return {
    async publicKey() {
      publicKey ??= await fetchPublicKey()
      return publicKey
    },
    // KMS signs at most 4,096 bytes; a statement or a checkpoint is far smaller.
    async sign(bytes) {
      const { Signature } = await client
        .send(new SignCommand({ KeyId, Message: bytes, MessageType: 'RAW', SigningAlgorithm: signingAlgorithm }))
        .catch((error) => {
          throw unusable('cannot sign', error)
        })
      if (Signature?.length !== signatureLength)
        throw unusable(`returned a signature of ${Signature?.length ?? 0} bytes, not ${signatureLength}`)
      return Uint8Array.from(Signature)
    },
  }
}

/** What `namedKeys` reads of the configuration. */
export const signerSettings = { evidenceLogName: true, evidenceKeyId: true, evidencePostQuantumKeyId: true } as const

export interface NamedKeys {
  /** Of the log. */
  readonly name: string
  /** An Ed25519 key. */
  readonly keyId: string
  /** An ML-DSA-65 key, which also signs checkpoints. */
  readonly postQuantumKeyId?: string | undefined
}

/** The keys of a configuration. */
export const namedKeys = (settings: Pick<Settings, keyof typeof signerSettings>): NamedKeys => ({
  name: settings.evidenceLogName,
  keyId: settings.evidenceKeyId,
  postQuantumKeyId: settings.evidencePostQuantumKeyId,
})

/**
 * The signer of one log, on one key or two.
 *
 * Its calls throw DrydockError DD2103 when a key cannot be used: no checkpoint is published with one signature of two.
 */
export function kmsSigner(
  { name, keyId, postQuantumKeyId }: NamedKeys,
  client = new KMSClient(clientSettings),
): Signer {
  const first = kmsKey(client, keyId, ed25519)
  const postQuantum = postQuantumKeyId === undefined ? undefined : kmsKey(client, postQuantumKeyId, mlDsa65)
  return {
    name,
    ...first,
    ...(postQuantum ? { postQuantum } : {}),
    async verifierKey() {
      const line = formatVerifierKey(sha256, name, { algorithm: 'Ed25519', publicKey: await first.publicKey() })
      if (!postQuantum) return line
      const key = { algorithm: 'ML-DSA-65', publicKey: await postQuantum.publicKey() } as const
      return `${line}\n${formatVerifierKey(sha256, name, key)}`
    },
  }
}
