/** The offline verifier: from files and a public key alone, what is bad, missing, added, reordered, forked, rolled back or signed by another. */
import { isSameBytes, toBase64, toHex } from './bytes.ts'
import { checkLeaf } from './leaf.ts'
import { type IndexedEntry, isInScope, manifestOf, manifestPath, type Scope, scopeOf } from './manifest.ts'
import { hashLength, type Sha256 } from './merkle.ts'
import {
  checkSignatures,
  parseCheckpoint,
  type SignedCheckpoint,
  type VerifierKey,
  type VerifySignature,
} from './note.ts'
import type { Files } from './ports.ts'
import type { Problem } from './problem.ts'
import {
  entryProblem,
  type FoundLog,
  type PlacedProblem,
  readLog,
  sizeOfFiles,
  tileProblems,
  treeOf,
  trustedTree,
} from './read-log.ts'
import { checkpointPath, decodeEntry, hashAt, neededTiles } from './tiles.ts'

export interface VerifyInput {
  readonly files: Files
  /** Keys that may have signed; at least one. */
  readonly keys: readonly VerifierKey[]
  readonly sha256: Sha256
  readonly verifySignature: VerifySignature
  /** A checkpoint kept from before: the log must be its continuation. */
  readonly knownCheckpoint?: Uint8Array
}

export interface Verdict {
  readonly ok: boolean
  /** Leaves in the log that the checkpoint signs. */
  readonly size: number
  readonly scope: Scope
  /** Leaves whose bytes were checked. */
  readonly leaves: number
  /** The first bad item first. */
  readonly problems: readonly Problem[]
}

/**
 * Verifies a directory, a bucket or an export.
 *
 * Nothing is taken on trust: what cannot be read or is not there is a problem.
 */
export async function verifyFiles(input: VerifyInput): Promise<Verdict> {
  const { files } = input
  const manifest = await files.read(manifestPath)
  const scope = (manifest && scopeOf(manifest)) ?? ({ kind: 'log' } as const)
  const bytes = await files.read(checkpointPath)
  const checkpoint = bytes && parseCheckpoint(bytes)
  if (!checkpoint) {
    const kind = bytes ? 'bad' : 'missing'
    const problem = { kind, leaf: checkpointPath, detail: 'without a checkpoint nothing can be proved' } as const
    return { ok: false, size: 0, scope, leaves: 0, problems: [problem] }
  }
  return verifyAgainst(checkpoint, { ...input, scope, manifest })
}

interface Against extends VerifyInput {
  readonly scope: Scope
  readonly manifest: Uint8Array | undefined
}

async function verifyAgainst(checkpoint: SignedCheckpoint, input: Against): Promise<Verdict> {
  const { files, sha256, scope, manifest } = input
  const { size } = checkpoint
  const log = await readLog(files, size, sha256)
  const trusted = trustedTree(sha256, size, log, checkpoint.root)
  const isForked = trusted.source === 'none' && trusted.isAgreed
  const leaves = await checkLeaves(log, checkpoint, input, {
    isEntryTrusted: trusted.source === 'entries',
    isSignatureChecked: scope.kind === 'change' || isForked,
  })
  const differing =
    trusted.source === 'entries' ? [] : log.bundles.map(entryProblem).filter((found) => found !== undefined)
  const placed = [...log.problems, ...differing, ...leaves.problems].sort((left, right) => left.index - right.index)
  const problems: Problem[] = [
    ...checkpointProblems(checkpoint, log, input),
    ...placed.map(({ kind, leaf, detail }) => ({ kind, leaf, detail })),
  ]
  if (isForked || (trusted.source === 'none' && placed.length === 0))
    problems.push({
      kind: 'forked',
      leaf: checkpointPath,
      detail: 'the entries lead to another root than the one signed',
    })
  if (trusted.source !== 'none') {
    const { levels } = trusted.tree
    problems.push(...(await tileProblems(files, log, { size, levels, needed: neededTiles(size) })))
    if (problems.length === 0) {
      const expected = manifestOf({ sha256, scope, checkpoint, levels, leaves: leaves.inScope })
      problems.push(...manifestProblems(manifest, expected))
    }
  }
  problems.push(...leaves.added)
  for (const path of log.strangers)
    problems.push({ kind: 'added', leaf: path, detail: 'no file of a log has this name' })
  if (scope.kind === 'change' && leaves.inScope.length === 0)
    problems.push({ kind: 'missing', leaf: `change ${scope.changeId}`, detail: 'the log has no leaf of this change' })
  return { ok: problems.length === 0, size, scope, leaves: leaves.checked, problems }
}

function manifestProblems(manifest: Uint8Array | undefined, expected: Uint8Array): Problem[] {
  if (!manifest || isSameBytes(manifest, expected)) return []
  return [{ kind: 'bad', leaf: manifestPath, detail: 'it is not the manifest of these files' }]
}

function checkpointProblems(checkpoint: SignedCheckpoint, log: FoundLog, input: VerifyInput): Problem[] {
  const { size } = checkpoint
  const problems: Problem[] = []
  const signed = checkSignatures(checkpoint, input.keys, input)
  if (signed === 'bad') problems.push({ kind: 'bad', leaf: checkpointPath, detail: 'its signature does not hold' })
  if (signed === 'wrong-key')
    problems.push({
      kind: 'wrong-key',
      leaf: checkpointPath,
      detail: `${checkpoint.origin} is signed by none of the keys given`,
    })
  const found = sizeOfFiles(log)
  if (found > size)
    problems.push({
      kind: 'rolled-back',
      leaf: checkpointPath,
      detail: `it signs ${size} leaves; the files are of a log of ${found} or more`,
    })
  return [...problems, ...continuationProblems(checkpoint, log, input)]
}

function continuationProblems({ size, root }: SignedCheckpoint, log: FoundLog, input: VerifyInput): Problem[] {
  if (!input.knownCheckpoint) return []
  const known = parseCheckpoint(input.knownCheckpoint)
  if (!known || checkSignatures(known, input.keys, input) !== 'good')
    return [
      { kind: 'wrong-key', leaf: 'known checkpoint', detail: 'it is unreadable or signed by none of the keys given' },
    ]
  if (known.size > size)
    return [
      { kind: 'rolled-back', leaf: checkpointPath, detail: `it signs ${size} leaves, the known one ${known.size}` },
    ]
  const hashes = log.bundles.flatMap((bundle) => bundle.hashes).slice(0, known.size)
  const joined = new Uint8Array(hashes.length * hashLength)
  for (const [index, hash] of hashes.entries()) joined.set(hash, index * hashLength)
  const before = known.size === size ? root : treeOf(input.sha256, known.size, joined)?.root
  if (before && isSameBytes(before, known.root)) return []
  return [
    {
      kind: 'forked',
      leaf: checkpointPath,
      detail: `it does not continue the known log of ${known.size} leaves (root ${toBase64(known.root)})`,
    },
  ]
}

/** The leaves that entries name: those in scope must stand there, those out of scope may, and each must be what the entry says. */
async function checkLeaves(
  log: FoundLog,
  { origin }: SignedCheckpoint,
  input: Against,
  { isEntryTrusted, isSignatureChecked }: { readonly isEntryTrusted: boolean; readonly isSignatureChecked: boolean },
) {
  const { files, keys, sha256, scope, verifySignature } = input
  const standing = new Set(log.leafPaths)
  const named = new Set<string>()
  const inScope: IndexedEntry[] = []
  const problems: PlacedProblem[] = []
  let checked = 0
  const isElsewhere = lazyDigests(log)
  for (const { index, bytes } of agreedEntries(log, isEntryTrusted)) {
    const entry = decodeEntry(bytes)
    const found = (kind: Problem['kind'], leaf: string, detail: string) => problems.push({ kind, leaf, detail, index })
    if (!entry) {
      found('bad', `entry ${index}`, 'it is no entry of a leaf')
      continue
    }
    const { path } = entry
    if (named.has(path)) found('added', path, `entry ${index} names a leaf that an earlier entry names`)
    named.add(path)
    const isWanted = isInScope(scope, path)
    if (isWanted) inScope.push({ index, entry })
    if (!isWanted && !standing.has(path)) continue
    const leaf = standing.has(path) ? await files.read(path) : undefined
    if (!leaf) {
      found('missing', path, `entry ${index} of the log`)
      continue
    }
    checked++
    const digest = toHex(sha256(leaf))
    if (digest !== entry.sha256) {
      found(isElsewhere(digest) ? 'reordered' : 'bad', path, `SHA-256 is ${digest}, the log says ${entry.sha256}`)
    } else if (isSignatureChecked) {
      const signed = checkLeaf(leaf, path, { keys, origin, sha256, verifySignature })
      if (signed !== 'good') found(signed, path, 'the leaf, taken alone, is no statement signed by a key given')
    }
  }
  const added = log.leafPaths
    .filter((path) => !named.has(path))
    .map((path) => ({ kind: 'added', leaf: path, detail: 'no entry of the log names it' }) as const)
  return { inScope, problems, added, checked }
}

/** Entries that the root or their tile confirms; where the tile is missing, entries as they are found. */
function* agreedEntries({ bundles }: FoundLog, isEntryTrusted: boolean) {
  for (const { start, entries, hashes, tile, isAgreed } of bundles) {
    for (const [at, bytes] of entries.entries()) {
      const isConfirmed =
        isEntryTrusted || isAgreed || !tile || isSameBytes(hashAt(tile, at), hashes[at] ?? new Uint8Array(0))
      if (isConfirmed) yield { index: start + at, bytes }
    }
  }
}

/** Whether a digest is that of any leaf in the log; the table is made when first asked for. */
function lazyDigests({ bundles }: FoundLog): (digest: string) => boolean {
  let digests: Set<string> | undefined
  return (digest) => {
    digests ??= new Set(bundles.flatMap(({ entries }) => entries.map((entry) => decodeEntry(entry)?.sha256 ?? '')))
    return digests.has(digest)
  }
}
