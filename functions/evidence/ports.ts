/** What the evidence log needs of storage and keys. */
import type { EvidenceRecord } from '../kit/ledger.ts'

/** Write-once objects. Implementations (S3, files, memory) pass test/contract/evidence-store.ts. */
export interface EvidenceStore {
  /** `exists`: an object stands there already, nothing was written (If-None-Match: *). */
  create(path: string, bytes: Uint8Array): Promise<'created' | 'exists'>
  /** Only for the checkpoint and partial tiles, which grow. */
  replace(path: string, bytes: Uint8Array): Promise<void>
  read(path: string): Promise<Uint8Array | undefined>
  /** Paths under a prefix, in order. */
  list(prefix: string): Promise<readonly string[]>
}

/** Ed25519 (RFC 8032) over raw bytes, by KMS ED25519_SHA_512 or a local key. */
export interface Signer {
  /** Key name as it stands in signed notes, e.g. `drydock.example/evidence`. */
  readonly name: string
  /** 32 raw bytes. */
  publicKey(): Promise<Uint8Array>
  sign(bytes: Uint8Array): Promise<Uint8Array>
}

/** Transitions waiting to be filed. */
export interface Outbox {
  /** Oldest first. */
  pending(limit: number): Promise<readonly EvidenceRecord[]>
  /** Only after the leaf is durable. */
  remove(leafIds: readonly string[]): Promise<void>
}
