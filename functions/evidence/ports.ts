/** What the evidence log needs of storage and keys. */
import type { EvidenceRecord } from '../kit/ledger.ts'
import type { ChainHead } from './chain.ts'
import type { Head } from './head.ts'

/** Write-once objects. Implementations (S3, files, memory) pass test/contract/evidence-store.ts. */
export interface EvidenceStore {
  /** `exists`: there is already an object, and nothing was written (If-None-Match: *). */
  create(path: string, bytes: Uint8Array): Promise<'created' | 'exists'>
  /**
   * Only for the checkpoint: writes if the stored one is still `expected`; `changed`: it is not, and nothing was
   * written.
   */
  replace(path: string, bytes: Uint8Array, expected: Uint8Array | undefined): Promise<'replaced' | 'changed'>
  read(path: string): Promise<Uint8Array | undefined>
  /** Paths of the files under a prefix, in no order. */
  list(prefix: string): Promise<readonly string[]>
}

/** The source of a log: a bucket, a directory, a test's map. */
export interface Files extends Pick<EvidenceStore, 'read' | 'list'> {
  /**
   * SHA-256 of many files at once, hex, in the order of the paths; undefined for a missing one. Without this they are
   * read one by one.
   */
  digests?(paths: readonly (string | undefined)[]): Promise<readonly (string | undefined)[]>
}

/** Ed25519 (RFC 8032) over raw bytes, by KMS ED25519_SHA_512 or a local key. */
export interface Signer {
  /** Key name used in signed notes, e.g. `drydock.example/evidence`. */
  readonly name: string
  /** 32 raw bytes. */
  publicKey(): Promise<Uint8Array>
  sign(bytes: Uint8Array): Promise<Uint8Array>
  /** A second key, for checkpoints alone: ML-DSA-65 (FIPS 204, pure, empty context) over raw bytes. */
  readonly postQuantum?: {
    /** 1,952 raw bytes. */
    publicKey(): Promise<Uint8Array>
    /** 3,309 bytes; may differ each time, if the key service adds randomness. */
    sign(bytes: Uint8Array): Promise<Uint8Array>
  }
  /** The public keys as text, `name+keyid+base64`, one per line: the content of a key file. */
  verifierKey(): Promise<string>
}

/** Transitions waiting to be filed. */
export interface Outbox {
  /** Oldest first, without items that are no evidence record; a strongly consistent read. */
  pending(limit: number): Promise<readonly EvidenceRecord[]>
  /** Takes items that are no evidence record out of the outbox and keeps them as they are; returns what is wrong with each. */
  setAside(): Promise<readonly string[]>
  /** Only after the leaf is durable. Removing a missing one is not a fault. */
  remove(leafIds: readonly string[]): Promise<void>
}

/** The last leaf of each change in the log. Only the archiver moves it, outside the ledger's transactions. */
export interface ChainHeads {
  /** A strongly consistent read; a change without leaves has none. */
  read(changeId: string): Promise<ChainHead | undefined>
  /** Keeps the head with the larger index: a late archiver changes nothing. */
  advance(head: ChainHead): Promise<void>
}

/** Whether a change has transitions in the outbox that are not leaves yet. */
export interface UnfiledEvidence {
  hasAny(changeId: string): Promise<boolean>
}

/**
 * The log's head. It moves outside the ledger's transactions, because each of those leaves evidence and the head would
 * never come to rest.
 */
export interface LogHead {
  /** A strongly consistent read; version 0 and an empty head before the first move. */
  read(): Promise<{ readonly version: number; readonly head: Head }>
  /** Moves from the version read to the next, or not at all. */
  advance(from: number, head: Head): Promise<'advanced' | 'conflict'>
}
