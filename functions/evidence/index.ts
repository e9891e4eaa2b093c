/** What others may use of the evidence room: the log's head, its health, keys, export and verification. */
export { type Exported, exportLog } from './export.ts'
export { EvidenceHeadRecord, emptyHead, Head } from './head.ts'
export { type EvidenceHealth, isEvidenceHealthy, readEvidenceHealth } from './health.ts'
export { formatVerifierKey, keyOfSpki, type PublicKey, parseKeyFile, spkiOf, type VerifierKey } from './keys.ts'
export { hashLength, type Sha256 } from './merkle.ts'
export type { EvidenceStore, LogHead, Outbox, Signer, UnfiledEvidence } from './ports.ts'
export { type Verdict, verifyFiles } from './verify.ts'

import type { Signer } from './ports.ts'

/** The log's public keys as text, for a key file: `name+keyid+base64`, one a line. */
export const verifierKeyOf = (signer: Signer): Promise<string> => signer.verifierKey()
