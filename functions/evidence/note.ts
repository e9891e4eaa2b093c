/** Signed notes and checkpoints: the one signature over the whole log. Formats: c2sp.org/signed-note, c2sp.org/tlog-checkpoint. */
import { concat, fromBase64, fromHex, isSameBytes, toBase64, toHex, utf8, utf8Text } from './bytes.ts'
import { keyIdLength, keyIdOf, type PublicKey, type VerifierKey } from './keys.ts'
import { hashLength, type Sha256 } from './merkle.ts'

/** Whether a key's signature over a message is valid; provided by the caller. Never throws. */
export type VerifySignature = (key: PublicKey, message: Uint8Array, signature: Uint8Array) => boolean

/** A signed tree head: the log's name, its size in leaves and its root (C2SP tlog-checkpoint). */
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
  /** The signed text: the note's text with its last newline. */
  readonly text: Uint8Array
  readonly signatures: readonly NoteSignature[]
}

/** The text that is signed: origin, size, root, each on a line. */
export const checkpointText = ({ origin, size, root }: Checkpoint): string => `${origin}\n${size}\n${toBase64(root)}\n`

/** The signed note: text, blank line, a line for each signature. */
export function formatNote(text: string, signatures: readonly NoteSignature[]): string {
  const lines = signatures.map(({ name, keyId, signature }) => {
    const bytes = concat([fromHex(keyId) ?? new Uint8Array(keyIdLength), signature])
    return `\u2014 ${name} ${toBase64(bytes)}\n`
  })
  return `${text}\n${lines.join('')}`
}

function parseSignature(line: string): NoteSignature | undefined {
  const [, name, encoded] = /^\u2014 ([^\p{White_Space}+]+) ([A-Za-z0-9+/=]+)$/u.exec(line) ?? []
  const bytes = encoded === undefined ? undefined : fromBase64(encoded)
  if (name === undefined || !bytes || bytes.length <= keyIdLength) return undefined
  return { name, keyId: toHex(bytes.subarray(0, keyIdLength)), signature: bytes.subarray(keyIdLength) }
}

/** Parses a checkpoint; undefined if the bytes are not one. Its signatures are parsed, not verified. */
export function parseCheckpoint(bytes: Uint8Array): SignedCheckpoint | undefined {
  const note = utf8Text(bytes)
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

/** `wrong-key`: not signed as required by the given keys; `bad`: one of their signatures is invalid. */
export type Signed = 'good' | 'wrong-key' | 'bad'

interface SignatureChecks {
  readonly sha256: Sha256
  readonly verifySignature: VerifySignature
}

/** The given keys that signed the note; undefined if one of their signatures is invalid. */
function signersOf(
  { origin, text, signatures }: SignedCheckpoint,
  keys: readonly VerifierKey[],
  { sha256, verifySignature }: SignatureChecks,
): readonly VerifierKey[] | undefined {
  const signers: VerifierKey[] = []
  for (const key of keys) {
    const { name = origin } = key
    const keyId = keyIdOf(sha256, name, key)
    for (const signature of signatures) {
      if (name !== origin || signature.name !== name || signature.keyId !== keyId) continue
      if (!verifySignature(key, text, signature.signature)) return undefined
      signers.push(key)
    }
  }
  return signers
}

/**
 * Whether a checkpoint is signed by the keys, in every algorithm for which a key is given: whoever can forge one cannot
 * omit the other.
 */
export function checkSignatures(
  checkpoint: SignedCheckpoint,
  keys: readonly VerifierKey[],
  checks: SignatureChecks,
): Signed {
  const signers = signersOf(checkpoint, keys, checks)
  if (!signers) return 'bad'
  const signed = new Set(signers.map(({ algorithm }) => algorithm))
  return keys.length > 0 && keys.every(({ algorithm }) => signed.has(algorithm)) ? 'good' : 'wrong-key'
}

/** Whether a kept checkpoint is signed by one of the keys: it may predate the second key. */
export function checkKept(checkpoint: SignedCheckpoint, keys: readonly VerifierKey[], checks: SignatureChecks): Signed {
  const signers = signersOf(checkpoint, keys, checks)
  if (!signers) return 'bad'
  return signers.length > 0 ? 'good' : 'wrong-key'
}

/**
 * The keys given by which a checkpoint is signed, as `Ed25519 name+keyid`; none if one of their signatures is invalid.
 */
export const signersNamed = (
  checkpoint: SignedCheckpoint,
  keys: readonly VerifierKey[],
  checks: SignatureChecks,
): readonly string[] =>
  (signersOf(checkpoint, keys, checks) ?? []).map((key) => {
    const { algorithm, name = checkpoint.origin } = key
    return `${algorithm} ${name}+${keyIdOf(checks.sha256, name, key)}`
  })

/** Whether two checkpoints say the same of the log. */
export const isSameTree = (left: Checkpoint, right: Checkpoint): boolean =>
  left.origin === right.origin && left.size === right.size && isSameBytes(left.root, right.root)
