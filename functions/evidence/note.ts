/** Signed notes and checkpoints: the one signature over the whole log. Formats: c2sp.org/signed-note, c2sp.org/tlog-checkpoint. */
import { concat, fromBase64, fromHex, isSameBytes, textOf, toBase64, toHex, utf8 } from './bytes.ts'
import { hashLength, type Sha256 } from './merkle.ts'

/** Whether an Ed25519 signature (RFC 8032) by a raw 32-byte key holds; given by the caller. Never throws. */
export type VerifySignature = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean

/** A public key; a key from a PEM file has no name and takes the name that the log gives itself. */
export interface VerifierKey {
  readonly name?: string
  readonly publicKey: Uint8Array
}

export interface Checkpoint {
  readonly origin: string
  readonly size: number
  readonly root: Uint8Array
}

export interface NoteSignature {
  readonly name: string
  /** 8 hex digits. */
  readonly keyId: string
  readonly signature: Uint8Array
}

export interface SignedCheckpoint extends Checkpoint {
  /** What is signed: the note's text with its last newline. */
  readonly text: Uint8Array
  readonly signatures: readonly NoteSignature[]
}

const ed25519 = 0x01
const keyIdLength = 4
const spkiPrefix = '302a300506032b6570032100'

/** First 4 bytes of SHA-256(name || 0x0A || 0x01 || public key), as hex. */
export const keyIdOf = (sha256: Sha256, name: string, publicKey: Uint8Array): string =>
  toHex(sha256(concat([utf8(`${name}\n`), Uint8Array.of(ed25519), publicKey])).subarray(0, keyIdLength))

/** The verifier key as text: `name+keyid+base64(0x01 || public key)`. */
export const formatVerifierKey = (sha256: Sha256, name: string, publicKey: Uint8Array): string =>
  `${name}+${keyIdOf(sha256, name, publicKey)}+${toBase64(concat([Uint8Array.of(ed25519), publicKey]))}`

/** The raw 32 bytes of an Ed25519 key in SubjectPublicKeyInfo DER (RFC 8410); undefined for any other key. */
export function rawKeyOfSpki(der: Uint8Array): Uint8Array | undefined {
  const hex = toHex(der)
  return hex.startsWith(spkiPrefix) && der.length === spkiPrefix.length / 2 + 32 ? fromHex(hex.slice(24)) : undefined
}

function parseVerifierKey(sha256: Sha256, line: string): VerifierKey | undefined {
  const [, name, keyId, encoded] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(line) ?? []
  const bytes = encoded === undefined ? undefined : fromBase64(encoded)
  if (name === undefined || bytes?.length !== 33 || bytes[0] !== ed25519) return undefined
  const publicKey = bytes.subarray(1)
  return keyIdOf(sha256, name, publicKey) === keyId ? { name, publicKey } : undefined
}

/**
 * The keys of a key file: verifier keys one a line (`#` starts a comment), or one PEM `PUBLIC KEY`.
 *
 * @returns undefined when there is no key in it, or any line is no key: an unreadable key is never passed over.
 */
export function parseKeyFile(sha256: Sha256, text: string): readonly VerifierKey[] | undefined {
  const pem = /^\s*-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----\s*$/.exec(text)
  if (pem) {
    const der = fromBase64((pem[1] ?? '').replace(/\s+/g, ''))
    const publicKey = der && rawKeyOfSpki(der)
    return publicKey && [{ publicKey }]
  }
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
  const keys = lines.map((line) => parseVerifierKey(sha256, line)).filter((key) => key !== undefined)
  return keys.length === lines.length && keys.length > 0 ? keys : undefined
}

/** The text that is signed: origin, size, root, each on a line. */
export const checkpointText = ({ origin, size, root }: Checkpoint): string => `${origin}\n${size}\n${toBase64(root)}\n`

/** The signed note: text, blank line, signature line. */
export function formatNote(text: string, { name, keyId, signature }: NoteSignature): string {
  const bytes = concat([fromHex(keyId) ?? new Uint8Array(keyIdLength), signature])
  return `${text}\n\u2014 ${name} ${toBase64(bytes)}\n`
}

function parseSignature(line: string): NoteSignature | undefined {
  const [, name, encoded] = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/=]+)$/.exec(line) ?? []
  const bytes = encoded === undefined ? undefined : fromBase64(encoded)
  if (name === undefined || !bytes || bytes.length <= keyIdLength) return undefined
  return { name, keyId: toHex(bytes.subarray(0, keyIdLength)), signature: bytes.subarray(keyIdLength) }
}

/** A checkpoint as it stands in the log; undefined when the bytes are none. Its signatures are parsed, not verified. */
export function parseCheckpoint(bytes: Uint8Array): SignedCheckpoint | undefined {
  const note = textOf(bytes)
  const end = note?.lastIndexOf('\n\n') ?? -1
  if (note === undefined || end < 0 || !note.endsWith('\n')) return undefined
  const text = note.slice(0, end + 1)
  const signatures = note
    .slice(end + 2, -1)
    .split('\n')
    .map(parseSignature)
  const [origin = '', size = '', root = ''] = text.split('\n')
  const rootBytes = fromBase64(root)
  const parsed = signatures.filter((signature) => signature !== undefined)
  if (parsed.length !== signatures.length || origin === '' || rootBytes?.length !== hashLength) return undefined
  if (!/^(0|[1-9][0-9]{0,14})$/.test(size)) return undefined
  return { origin, size: Number(size), root: rootBytes, text: utf8(text), signatures: parsed }
}

/** Whether the note's text is signed by one of the keys: `wrong-key` when none of them signed it, `bad` when a signature of theirs fails. */
export function checkSignatures(
  { origin, text, signatures }: SignedCheckpoint,
  keys: readonly VerifierKey[],
  { sha256, verifySignature }: { readonly sha256: Sha256; readonly verifySignature: VerifySignature },
): 'good' | 'wrong-key' | 'bad' {
  let isSigned = false
  for (const { name = origin, publicKey } of keys) {
    const keyId = keyIdOf(sha256, name, publicKey)
    for (const signature of signatures) {
      if (name !== origin || signature.name !== name || signature.keyId !== keyId) continue
      if (!verifySignature(publicKey, text, signature.signature)) return 'bad'
      isSigned = true
    }
  }
  return isSigned ? 'good' : 'wrong-key'
}

/** Whether two checkpoints say the same of the log. */
export const isSameTree = (left: Checkpoint, right: Checkpoint): boolean =>
  left.origin === right.origin && left.size === right.size && isSameBytes(left.root, right.root)
