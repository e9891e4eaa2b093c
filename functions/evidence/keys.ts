/**
 * Public keys of the log: their algorithms, their ids, and the files that hold them. Formats: c2sp.org/signed-note, RFC
 * 8410, RFC 9881.
 */
import { concat, fromBase64, fromHex, toBase64, toHex, utf8 } from './bytes.ts'
import type { Sha256 } from './merkle.ts'

/**
 * Signature algorithms: Ed25519 (RFC 8032) for leaves and checkpoints; ML-DSA-65 (FIPS 204, pure, empty context) for
 * checkpoints, if enabled.
 */
export type Algorithm = 'Ed25519' | 'ML-DSA-65'

/** A public key with its algorithm, as bytes. */
export interface PublicKey {
  readonly algorithm: Algorithm
  /** The raw key: 32 bytes of Ed25519, 1,952 of ML-DSA-65. */
  readonly publicKey: Uint8Array
}

/** A key that may have signed; one from a PEM file has no name and takes the log's own. */
export interface VerifierKey extends PublicKey {
  readonly name?: string
}

interface Encoding {
  /**
   * Signature type in key ids and verifier keys. C2SP assigns none to ML-DSA-65, and reserves 0xff with a longer
   * identifier for such cases.
   */
  readonly type: Uint8Array
  readonly length: number
  /** The prefix of the raw key in SubjectPublicKeyInfo DER. */
  readonly spkiPrefix: string
}

const encodings: Readonly<Record<Algorithm, Encoding>> = {
  Ed25519: { type: Uint8Array.of(0x01), length: 32, spkiPrefix: '302a300506032b6570032100' },
  'ML-DSA-65': {
    type: concat([Uint8Array.of(0xff), utf8('ML-DSA-65')]),
    length: 1_952,
    spkiPrefix: '308207b2300b0609608648016503040312038207a100',
  },
}
const algorithms: readonly Algorithm[] = ['Ed25519', 'ML-DSA-65']

/** Bytes of a key id. */
export const keyIdLength = 4

const typedKey = ({ algorithm, publicKey }: PublicKey) => concat([encodings[algorithm].type, publicKey])

/** First 4 bytes of SHA-256(name || 0x0A || signature type || public key), as hex. */
export const keyIdOf = (sha256: Sha256, name: string, key: PublicKey): string =>
  toHex(sha256(concat([utf8(`${name}\n`), typedKey(key)])).subarray(0, keyIdLength))

/** The verifier key as text: `name+keyid+base64(signature type || public key)`. */
export const formatVerifierKey = (sha256: Sha256, name: string, key: PublicKey): string =>
  `${name}+${keyIdOf(sha256, name, key)}+${toBase64(typedKey(key))}`

/** SubjectPublicKeyInfo DER of a key, as node:crypto and PEM files want it. */
export const spkiOf = ({ algorithm, publicKey }: PublicKey): Uint8Array =>
  concat([fromHex(encodings[algorithm].spkiPrefix) ?? new Uint8Array(0), publicKey])

/** The key in SubjectPublicKeyInfo DER; undefined for a key of any other algorithm. */
export function keyOfSpki(der: Uint8Array): PublicKey | undefined {
  for (const algorithm of algorithms) {
    const { spkiPrefix, length } = encodings[algorithm]
    const start = spkiPrefix.length / 2
    if (der.length === start + length && toHex(der.subarray(0, start)) === spkiPrefix)
      return { algorithm, publicKey: Uint8Array.from(der.subarray(start)) }
  }
  return undefined
}

/** The key after its signature type. */
function keyOfTyped(bytes: Uint8Array): PublicKey | undefined {
  for (const algorithm of algorithms) {
    const { type, length } = encodings[algorithm]
    const isOfType = bytes.length === type.length + length && toHex(bytes.subarray(0, type.length)) === toHex(type)
    if (isOfType) return { algorithm, publicKey: bytes.subarray(type.length) }
  }
  return undefined
}

function parseVerifierKey(sha256: Sha256, line: string): VerifierKey | undefined {
  const [, name, keyId, encoded] = /^([^\p{White_Space}+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/u.exec(line) ?? []
  const bytes = encoded === undefined ? undefined : fromBase64(encoded)
  const key = bytes && keyOfTyped(bytes)
  return name !== undefined && key && keyIdOf(sha256, name, key) === keyId ? { name, ...key } : undefined
}

/**
 * The keys of a key file: one verifier key per line (`#` starts a comment), or one PEM `PUBLIC KEY`.
 *
 * @returns undefined if it has no key, or any line is not a key: an unreadable key is never skipped.
 */
export function parseKeyFile(sha256: Sha256, text: string): readonly VerifierKey[] | undefined {
  const pem = /^\s*-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----\s*$/.exec(text)
  if (pem) {
    const der = fromBase64((pem[1] ?? '').replace(/\s+/g, ''))
    const key = der && keyOfSpki(der)
    return key && [key]
  }
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
  const keys = lines.map((line) => parseVerifierKey(sha256, line)).filter((key) => key !== undefined)
  return keys.length === lines.length && keys.length > 0 ? keys : undefined
}
