/** Evidence in a directory: writes an export, and verifies one with nothing but its files and a public key. */
import { readFileSync } from 'node:fs'
import { isSignedBy, isUsableKey, sha256 } from '../functions/aws/node-crypto.ts'
import {
  type ChainHeads,
  type Exported,
  exportLog,
  exportPack,
  isSameBytes,
  type PackScope,
  parseKeyFile,
  treeSizeOf,
  type Verdict,
  type VerifierKey,
  verifyFiles,
} from '../functions/evidence/index.ts'
import type { Files } from '../functions/evidence/ports.ts'
import { DrydockError } from '../functions/kit/errors.ts'
import { directoryEvidenceStore } from './evidence-store.ts'

export interface ExportOptions {
  readonly store: Files
  /** Without it, the leaves of a change are searched for in the whole log. */
  readonly chainHeads?: Pick<ChainHeads, 'read'>
  /** Without it, the whole log. */
  readonly changeId?: string
  /** Leaves filed on these days (`YYYY-MM-DD`, both included), instead of a change's. */
  readonly period?: { readonly from: string; readonly to: string }
  /** A checkpoint kept earlier: the export proves that the log continues it. */
  readonly knownCheckpointFile?: string
  /** Empty, or holding nothing but an export of the same log. */
  readonly directory: string
}

function scopeOf({ changeId, period }: ExportOptions): PackScope | undefined {
  if (period) return { kind: 'period', ...period }
  return changeId === undefined ? undefined : { kind: 'change', changeId }
}

/**
 * Writes the evidence of a change, of some days, or of everything, to a directory.
 *
 * @throws DrydockError DD2106 when nothing is filed for it, the log is not whole, or the known checkpoint is none;
 * DD2107 when the directory holds a file of that name with other content.
 */
export async function exportEvidence(options: ExportOptions): Promise<Exported> {
  const { store, chainHeads, knownCheckpointFile, directory } = options
  const target = directoryEvidenceStore(directory)
  async function write({ path, bytes }: { readonly path: string; readonly bytes: Uint8Array }) {
    if ((await target.create(path, bytes)) === 'created') return
    const standing = await target.read(path)
    if (!isSameBytes(standing, bytes))
      throw new DrydockError('DD2107', `${directory} holds another ${path}; export to an empty directory`)
  }
  const scope = scopeOf(options)
  if (!scope) return exportLog({ store, sha256, write })
  const size = knownCheckpointFile === undefined ? undefined : treeSizeOf(readFileSync(knownCheckpointFile))
  if (knownCheckpointFile !== undefined && size === undefined)
    throw new DrydockError('DD2106', `${knownCheckpointFile} is no checkpoint; nothing was exported`)
  return exportPack({
    ...{ store, scope, sha256, write },
    ...(chainHeads ? { chainHeads } : {}),
    ...(size === undefined ? {} : { since: { size } }),
  })
}

export interface VerifyOptions {
  readonly directory: string
  /** Files with one verifier key per line, or with a PEM public key; at least one. */
  readonly keyFiles: readonly string[]
  /** A checkpoint kept earlier; the log must continue it. */
  readonly knownCheckpointFile?: string
}

/**
 * Verifies an export, or a copy of the bucket.
 *
 * @throws DrydockError DD2108 when a key file holds no key: without one nothing can be said; DD2109 when this Node
 * cannot verify with a key.
 */
export async function verifyEvidence({ directory, keyFiles, knownCheckpointFile }: VerifyOptions): Promise<Verdict> {
  const keys = keyFiles.flatMap(keysOf)
  const knownCheckpoint = knownCheckpointFile === undefined ? undefined : readFileSync(knownCheckpointFile)
  const input = { files: directoryEvidenceStore(directory), keys, sha256, verifySignature: isSignedBy }
  return verifyFiles(knownCheckpoint ? { ...input, knownCheckpoint } : input)
}

function keysOf(keyFile: string): readonly VerifierKey[] {
  const keys = parseKeyFile(sha256, readFileSync(keyFile, 'utf8'))
  if (!keys)
    throw new DrydockError(
      'DD2108',
      `${keyFile} has no public key; expected Ed25519 or ML-DSA-65 as verifier keys (name+keyid+base64) or a PEM PUBLIC KEY`,
    )
  const unusable = keys.find((key) => !isUsableKey(key))
  if (unusable)
    throw new DrydockError(
      'DD2109',
      `Node ${process.versions.node} cannot verify with the ${unusable.algorithm} key of ${keyFile}; use Node 24.6 or later, or a key file without it`,
    )
  return keys
}
