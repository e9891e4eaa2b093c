/**
 * A transition as a leaf: the record, an in-toto Statement about it in a DSSE envelope, and the path where it is filed.
 */
import * as z from 'zod'
import { DrydockError } from '../kit/errors.ts'
import { canonicalJson } from '../kit/json.ts'
import type { EvidenceRecord } from '../kit/ledger.ts'
import { concat, fromBase64, isSameBytes, toBase64, toHex, utf8, utf8Text } from './bytes.ts'
import { keyIdOf, type VerifierKey } from './keys.ts'
import type { Sha256 } from './merkle.ts'
import type { VerifySignature } from './note.ts'

const payloadType = 'application/vnd.in-toto+json'
const ulid = '[0-9A-Z]{26}'
const typePattern = '[a-z][a-z0-9]*(?:[.-][a-z0-9]+)*'
const leafPathPattern = new RegExp(
  `^v1/leaf/dt=\\d{4}-\\d{2}-\\d{2}/acct=(?:\\d{12}|unknown)/change=(${ulid}|none)/(${ulid})-${typePattern}\\.json$`,
)

/** Whether a text may be a leaf's id: a ULID. */
export const isLeafId = (text: string): boolean => new RegExp(`^${ulid}$`).test(text)

/** Whether a path is that of a leaf. */
export const isLeafPath = (path: string): boolean => path.length <= 300 && leafPathPattern.test(path)

/** The change in a leaf's path; `none` where no change exists yet. */
export function changeInPath(path: string): string {
  const end = path.lastIndexOf('/')
  return path.slice(path.lastIndexOf('=', end) + 1, end)
}

const segment = (value: string, pattern: string, otherwise: string) =>
  value.length <= 80 && new RegExp(`^(?:${pattern})$`).test(value) ? value : otherwise
const changeOf = ({ changeId }: EvidenceRecord) => segment(changeId, ulid, 'none')
const typeOf = ({ type }: EvidenceRecord) => segment(type, typePattern, 'unnamed')

/**
 * Where a leaf is filed. A malformed field is replaced in the path, so that no outside text becomes a key (B22) and no
 * leaf is refused; the record in the leaf keeps the original.
 *
 * @throws DrydockError DD2104 when the leaf's id is not a ULID: it could not guarantee one leaf per transition.
 */
export function leafPath(record: EvidenceRecord): string {
  const { leafId, at, account } = record
  if (!isLeafId(leafId))
    throw new DrydockError(
      'DD2104',
      `leaf id ${JSON.stringify(leafId.slice(0, 40))} is no ULID (26 characters 0-9A-Z); find who wrote it`,
    )
  const day = segment(at.slice(0, 10), '\\d{4}-\\d{2}-\\d{2}', '0000-00-00')
  const owner = segment(account, '\\d{12}', 'unknown')
  return `v1/leaf/dt=${day}/acct=${owner}/change=${changeOf(record)}/${leafId}-${typeOf(record)}.json`
}

/**
 * The in-toto Statement v1 about a record: its subject is the record's digest, its predicate says where it is filed.
 *
 * The record is beside the statement, not in it: KMS signs at most 4,096 bytes and a record may be longer.
 */
export function statementOf(record: EvidenceRecord, sha256: Sha256): string {
  const { leafId } = record
  const change = changeOf(record)
  return canonicalJson({
    _type: 'https://in-toto.io/Statement/v1',
    subject: [
      {
        name: change === 'none' ? `leaf/${leafId}` : `change/${change}`,
        digest: { sha256: toHex(sha256(utf8(canonicalJson(record)))) },
      },
    ],
    predicateType: `https://drydock.dev/evidence/${typeOf(record)}/v1`,
    predicate: { leafId, path: leafPath(record) },
  })
}

/** What DSSE signs. @see https://github.com/secure-systems-lab/dsse/blob/master/protocol.md */
export const preAuthenticationEncoding = (payload: Uint8Array): Uint8Array =>
  concat([utf8(`DSSEv1 ${payloadType.length} ${payloadType} ${payload.length} `), payload])

interface SignLeaf {
  readonly sha256: Sha256
  /** `name+keyid`, as in the log's verifier key. */
  readonly keyId: string
  readonly sign: (bytes: Uint8Array) => Promise<Uint8Array>
}

/** The bytes of a leaf. Ed25519 has no random part: the same record and key give the same bytes (I17). */
export async function sealLeaf(record: EvidenceRecord, { sha256, keyId, sign }: SignLeaf): Promise<Uint8Array> {
  const payload = utf8(statementOf(record, sha256))
  const signature = await sign(preAuthenticationEncoding(payload))
  return utf8(
    canonicalJson({
      payload: toBase64(payload),
      payloadType,
      record,
      signatures: [{ keyid: keyId, sig: toBase64(signature) }],
    }),
  )
}

const Envelope = z.strictObject({
  payload: z.string(),
  payloadType: z.literal(payloadType),
  record: z.looseObject({ leafId: z.string() }),
  signatures: z.array(z.strictObject({ keyid: z.string(), sig: z.string() })).min(1),
})
const Statement = z.looseObject({
  subject: z.tuple([z.object({ digest: z.object({ sha256: z.string() }) })]),
  predicate: z.object({ leafId: z.string(), path: z.string() }),
})

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8Text(bytes) ?? '')
  } catch {
    return undefined
  }
}

/**
 * The record's bytes within a leaf: the leaf is canonical JSON, so they lie between these two markers and need not be
 * rebuilt.
 */
function recordBytes(leaf: Uint8Array): Uint8Array {
  const text = utf8Text(leaf) ?? ''
  return utf8(text.slice(text.indexOf(',"record":') + 10, text.lastIndexOf(',"signatures":[')))
}

/** The parts of a leaf; undefined if the bytes are not one of our DSSE envelopes with its record. */
export function openLeaf(bytes: Uint8Array) {
  const envelope = Envelope.safeParse(jsonOf(bytes))
  const payload = envelope.success ? fromBase64(envelope.data.payload) : undefined
  if (!envelope.success || !payload) return undefined
  return { payload, record: recordBytes(bytes), signatures: envelope.data.signatures }
}

/**
 * Whether two leaves have the same content, whoever signed them: the key may change between two tries to file one leaf.
 */
export function isSameStatement(left: Uint8Array, right: Uint8Array): boolean {
  const [one, other] = [openLeaf(left), openLeaf(right)]
  return (
    one !== undefined &&
    other !== undefined &&
    isSameBytes(one.payload, other.payload) &&
    isSameBytes(one.record, other.record)
  )
}

/** Whether a leaf, taken alone, is a statement about its record, filed at that path, signed by one of the keys. */
export function checkLeaf(
  bytes: Uint8Array,
  path: string,
  {
    keys,
    origin,
    sha256,
    verifySignature,
  }: {
    readonly keys: readonly VerifierKey[]
    readonly origin: string
    readonly sha256: Sha256
    readonly verifySignature: VerifySignature
  },
): 'good' | 'bad' | 'wrong-key' {
  const leaf = openLeaf(bytes)
  const statement = leaf && Statement.safeParse(jsonOf(leaf.payload))
  if (!leaf || !statement?.success || statement.data.predicate.path !== path) return 'bad'
  if (statement.data.subject[0].digest.sha256 !== toHex(sha256(leaf.record))) return 'bad'
  for (const key of keys) {
    const { name = origin } = key
    const keyId = `${name}+${keyIdOf(sha256, name, key)}`
    const sig = leaf.signatures.find(({ keyid }) => keyid === keyId)?.sig
    if (sig === undefined) continue
    const signature = fromBase64(sig)
    const isGood = signature && verifySignature(key, preAuthenticationEncoding(leaf.payload), signature)
    return isGood ? 'good' : 'bad'
  }
  return 'wrong-key'
}
