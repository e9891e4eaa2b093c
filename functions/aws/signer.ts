/** The evidence log's key by KMS: Ed25519 over raw bytes, the private half never leaves KMS. */
import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms'
import { formatVerifierKey, rawKeyOfSpki } from '../evidence/index.ts'
import type { Signer } from '../evidence/ports.ts'
import { DrydockError } from '../kit/errors.ts'
import { sha256 } from './node-crypto.ts'
import { clientSettings, environment } from './runtime.ts'

function unusable(what: string, cause?: unknown) {
  const reason = cause instanceof Error ? ` (${cause.name}: ${cause.message})` : ''
  return new DrydockError(
    'DD2103',
    `the evidence key ${what}${reason}; nothing is lost: enable the key or restore its policy, and the archiver catches up`,
    { cause },
  )
}

/** The signer on the key named by DRYDOCK_EVIDENCE_KEY_ID and the log named by DRYDOCK_EVIDENCE_LOG_NAME, or by the argument. */
export function kmsSigner(
  named?: { readonly keyId: string; readonly name: string },
  client = new KMSClient(clientSettings),
): Signer {
  const KeyId = named?.keyId ?? environment('DRYDOCK_EVIDENCE_KEY_ID')
  let publicKey: Uint8Array | undefined

  async function fetchPublicKey(): Promise<Uint8Array> {
    const { PublicKey } = await client.send(new GetPublicKeyCommand({ KeyId })).catch((error) => {
      throw unusable('cannot be read', error)
    })
    const raw = PublicKey && rawKeyOfSpki(PublicKey)
    if (!raw) throw unusable('is no Ed25519 key: it must have the key spec ECC_NIST_EDWARDS25519')
    return raw
  }

  const name = named?.name ?? environment('DRYDOCK_EVIDENCE_LOG_NAME')
  const cachedPublicKey = async () => {
    publicKey ??= await fetchPublicKey()
    return publicKey
  }
  return {
    name,
    publicKey: cachedPublicKey,
    verifierKey: async () => formatVerifierKey(sha256, name, await cachedPublicKey()),
    // KMS signs 4,096 bytes at most; what is signed here is a statement or a checkpoint, both far below.
    async sign(bytes) {
      const { Signature } = await client
        .send(new SignCommand({ KeyId, Message: bytes, MessageType: 'RAW', SigningAlgorithm: 'ED25519_SHA_512' }))
        .catch((error) => {
          throw unusable('cannot sign', error)
        })
      if (Signature?.length !== 64) throw unusable(`gave a signature of ${Signature?.length ?? 0} bytes, not 64`)
      return Uint8Array.from(Signature)
    },
  }
}
