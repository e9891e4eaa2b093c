/** What others may use of the evidence room: the log's head, its health, keys, export and verification. */
export { isSameBytes } from './bytes.ts'
export { ChainHead, ChainHeadRecord } from './chain.ts'
export { type Exported, exportLog } from './export.ts'
export { exportPack } from './export-pack.ts'
export { EvidenceHeadRecord, emptyHead, Head } from './head.ts'
export { type EvidenceHealth, isEvidenceHealthy, readEvidenceHealth } from './health.ts'
export { formatVerifierKey, keyOfSpki, type PublicKey, parseKeyFile, spkiOf, type VerifierKey } from './keys.ts'
export { hashLength, type Sha256 } from './merkle.ts'
export type { PackScope } from './pack.ts'
export type { ChainHeads, EvidenceStore, LogHead, Outbox, Signer, UnfiledEvidence } from './ports.ts'
export type { Verdict } from './verdict.ts'
export { verifyFiles } from './verify.ts'
export { FiledLeaf, parseWaiting } from './waiting.ts'

import { parseCheckpoint } from './note.ts'
import type { Signer } from './ports.ts'

/** The log's public keys as text, for a key file: `name+keyid+base64`, one a line. */
export const verifierKeyOf = (signer: Signer): Promise<string> => signer.verifierKey()

/** Leaves in the log that a checkpoint signs; undefined if the bytes are no checkpoint. */
export const treeSizeOf = (checkpoint: Uint8Array): number | undefined => parseCheckpoint(checkpoint)?.size
