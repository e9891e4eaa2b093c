/** The head of the log, kept by the archiver: how far the log reaches, and the batch being published. */
import * as z from 'zod'
import type { RecordKind } from '../kit/ledger.ts'
import { type Entry, encodeEntry } from './bundle.ts'
import { fromHex, toHex } from './bytes.ts'
import { appendHashes, type CompactRange, hashLeaf, rootOf, type Sha256 } from './merkle.ts'

const Hash = z.string().regex(/^[0-9a-f]{64}$/)

const Count = z.int().min(1)
const Link = z.strictObject({
  chain: z.enum(['change', 'after']),
  number: Count,
  previous: z.strictObject({ hash: Hash, index: z.int().min(0) }).exactOptional(),
  count: Count.exactOptional(),
})

/** The end of the log, kept by the archiver in the ledger. */
export const Head = z.strictObject({
  schemaVersion: z.literal(1),
  /** Leaves in the log, those of `batch` included. */
  size: z.int().min(0),
  root: Hash,
  /** Roots of the tree's full subtrees, largest first. */
  edge: z.array(Hash),
  /** The last leaves of the log while their files are being published; empty once all are. */
  batch: z.array(z.strictObject({ leafId: z.string(), path: z.string(), sha256: Hash, link: Link.exactOptional() })),
  /** When the head last moved, ISO 8601 UTC. */
  at: z.string(),
  /** Why the archiver last stopped; absent once it works again. */
  lastError: z.string().optional(),
})
export type Head = z.infer<typeof Head>

/** The head as the ledger reads it under `keys.evidenceHead()`. */
export const EvidenceHeadRecord: RecordKind<Head> = { kind: 'evidence-head', schema: Head }

export type BatchItem = Head['batch'][number]

/** The head of a log without leaves; its root is SHA-256 of nothing (RFC 6962, section 2.1). */
export const emptyHead: Head = {
  schemaVersion: 1,
  size: 0,
  root: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  edge: [],
  batch: [],
  at: '1970-01-01T00:00:00.000Z',
}

const rangeOfHead = ({ size, edge }: Head): CompactRange => ({
  size,
  edge: edge.map(fromHex).filter((hash) => hash !== undefined),
})

export const entryOf = ({ path, sha256, link }: BatchItem): Entry => ({ path, sha256, ...(link ? { link } : {}) })

/** The head with a batch after its last leaf. */
export function claimBatch(sha256: Sha256, head: Head, batch: readonly BatchItem[], at: string): Head {
  const hashes = batch.map((item) => hashLeaf(sha256, encodeEntry(entryOf(item))))
  const range = appendHashes(sha256, rangeOfHead(head), hashes)
  return {
    schemaVersion: 1,
    size: range.size,
    root: toHex(rootOf(sha256, range)),
    edge: range.edge.map(toHex),
    batch: [...batch],
    at,
  }
}

/** The head once its batch is stored and removed from the outbox. */
export function settleBatch({ schemaVersion, size, root, edge }: Head, at: string): Head {
  return { schemaVersion, size, root, edge, batch: [], at }
}
