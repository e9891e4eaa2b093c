/** What others may use of the evidence room: the log's head, its health, keys, export and verification. */
export { type Archived, type ArchivePorts, archive } from './archive.ts'
export { type Exported, exportLog } from './export.ts'
export { EvidenceHeadRecord, emptyHead, Head } from './head.ts'
export { type EvidenceHealth, headAgeSecondsMax, isEvidenceHealthy, readEvidenceHealth } from './health.ts'
export { formatVerifierKey, keyOfSpki, type PublicKey, parseKeyFile, spkiOf, type VerifierKey } from './keys.ts'
export { leafPath, openLeaf, parseLeafPath } from './leaf.ts'
export { manifestPath, type Scope } from './manifest.ts'
export { hashLength, type Sha256 } from './merkle.ts'
export { type Checkpoint, parseCheckpoint } from './note.ts'
export type { EvidenceStore, Files, LogHead, Outbox, Signer, UnfiledEvidence } from './ports.ts'
export type { Problem, ProblemKind } from './problem.ts'
export { checkpointPath, leafPrefix, logPrefix } from './tiles.ts'
export { type Verdict, type VerifyInput, verifyFiles } from './verify.ts'

import type { Signer } from './ports.ts'

/** The log's public keys as text, for a key file: `name+keyid+base64`, one a line. */
export const verifierKeyOf = (signer: Signer): Promise<string> => signer.verifierKey()
