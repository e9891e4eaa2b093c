import { generateKeyPairSync, sign } from 'node:crypto'
import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms'
import { beforeEach, describe, expect, it } from 'vitest'
import { isSignedBy, sha256 } from '../../../functions/aws/node-crypto.ts'
import { kmsSigner } from '../../../functions/aws/signer.ts'
import { parseKeyFile } from '../../../functions/evidence/keys.ts'
import { mockClient } from '../../aws/mock-client.ts'

const client = new KMSClient({ region: 'eu-central-1' })
const kms = mockClient(client)
const first = generateKeyPairSync('ed25519')
const second = generateKeyPairSync('ml-dsa-65')
const spki = ({ publicKey }: typeof first) => new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }))
const named = { name: 'drydock.test/evidence', keyId: 'first', postQuantumKeyId: 'second' }
const message = new TextEncoder().encode('checkpoint')

describe('8.8 the signer on KMS', () => {
  beforeEach(() => {
    kms.reset()
    for (const [KeyId, pair, SigningAlgorithm] of [
      ['first', first, 'ED25519_SHA_512'],
      ['second', second, 'ML_DSA_SHAKE_256'],
    ] as const) {
      kms.on(GetPublicKeyCommand, { KeyId }).resolves({ PublicKey: spki(pair) })
      kms
        .on(SignCommand, { KeyId, SigningAlgorithm, MessageType: 'RAW' })
        .callsFake(async ({ Message }) => ({ Signature: new Uint8Array(sign(null, Message, pair.privateKey)) }))
    }
  })

  it('has one key, or two: each signs by its own algorithm, and the key file names both', async () => {
    const { name, keyId } = named
    expect(parseKeyFile(sha256, await kmsSigner({ name, keyId }, client).verifierKey())).toHaveLength(1)
    const signer = kmsSigner(named, client)
    const keys = parseKeyFile(sha256, await signer.verifierKey()) ?? []
    expect(keys.map(({ algorithm }) => algorithm)).toEqual(['Ed25519', 'ML-DSA-65'])
    const signatures = [await signer.sign(message), (await signer.postQuantum?.sign(message)) ?? new Uint8Array(0)]
    expect(signatures.map(({ length }) => length)).toEqual([64, 3_309])
    const holds = keys.flatMap((key) => signatures.map((signature) => isSignedBy(key, message, signature)))
    expect(holds).toEqual([true, false, false, true])
  })

  it('F42 refuses a key of another spec, and a signature of another length', async () => {
    const swapped = kmsSigner({ ...named, keyId: 'second', postQuantumKeyId: 'first' }, client)
    await expect(swapped.publicKey()).rejects.toMatchObject({ code: 'DD2103' })
    await expect(swapped.postQuantum?.publicKey()).rejects.toMatchObject({ code: 'DD2103' })
    kms.on(SignCommand).resolves({ Signature: new Uint8Array(63) })
    await expect(kmsSigner(named, client).sign(message)).rejects.toMatchObject({ code: 'DD2103' })
  })

  it('F42 says that the key cannot be used when KMS refuses', async () => {
    kms.on(SignCommand).rejects(new Error('DisabledException'))
    await expect(kmsSigner(named, client).postQuantum?.sign(message)).rejects.toMatchObject({ code: 'DD2103' })
  })
})
