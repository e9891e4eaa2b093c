/**
 * The offline verifier: finds what is bad, missing, added, reordered, forked, rolled back or signed by another, from
 * files and a public key alone.
 */
import { concat, isSameBytes, toBase64 } from './bytes.ts'
import { chainProblems } from './check-chains.ts'
import { checkLeaves } from './check-leaves.ts'
import { continuationOf } from './continuation.ts'
import { manifestOf, manifestPath, type Scope, scopeOf } from './manifest.ts'
import { hashLength } from './merkle.ts'
import { checkSignatures, parseCheckpoint, type SignedCheckpoint, signersNamed } from './note.ts'
import { isPack } from './pack.ts'
import type { Problem } from './problem.ts'
import { entryProblem, type FoundLog, readLog, sizeOfFiles, tileProblems, treeOf, trustedTree } from './read-log.ts'
import { checkpointPath, neededTiles } from './tiles.ts'
import type { Verdict, VerifyInput } from './verdict.ts'
import { verifyPack } from './verify-pack.ts'

/**
 * Verifies a directory, a bucket or an export.
 *
 * Nothing is trusted: anything unreadable or missing is a problem.
 */
export async function verifyFiles(input: VerifyInput): Promise<Verdict> {
  const { files } = input
  const manifest = await files.read(manifestPath)
  if (manifest && isPack(manifest)) return verifyPack(manifest, input)
  const scope = (manifest && scopeOf(manifest)) ?? ({ kind: 'log' } as const)
  const bytes = await files.read(checkpointPath)
  const checkpoint = bytes && parseCheckpoint(bytes)
  if (!checkpoint) {
    const kind = bytes ? 'bad' : 'missing'
    const problem = { kind, leaf: checkpointPath, detail: 'without a checkpoint nothing can be proved' } as const
    return { ok: false, size: 0, scope, signedBy: [], leaves: 0, changes: 0, problems: [problem] }
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
  const leaves = await checkLeaves(log, {
    ...input,
    origin: checkpoint.origin,
    isEntryTrusted: trusted.source === 'entries',
    isSignatureChecked: scope.kind === 'change' || isForked,
  })
  const differing =
    trusted.source === 'entries' ? [] : log.bundles.map(entryProblem).filter((found) => found !== undefined)
  const chained = trusted.source === 'entries' ? chainProblems(log) : []
  const placed = [...log.problems, ...differing, ...leaves.problems, ...chained].sort(
    (left, right) => left.index - right.index,
  )
  const continuation = continuationOf(checkpoint.size, input, (known) => faultAfter(known, checkpoint, log, input))
  const problems: Problem[] = [
    ...checkpointProblems(checkpoint, log, input),
    ...continuation.problems,
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
  const { knownSize } = continuation
  return {
    ok: problems.length === 0,
    size,
    origin: checkpoint.origin,
    root: toBase64(checkpoint.root),
    signedBy: signersNamed(checkpoint, input.keys, input),
    ...(knownSize === undefined ? {} : { knownSize }),
    scope,
    leaves: leaves.checked,
    changes: leaves.changes,
    problems,
  }
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
  return problems
}

/** The log's own entries must lead to the known root. */
function faultAfter(known: SignedCheckpoint, { size, root }: SignedCheckpoint, log: FoundLog, input: VerifyInput) {
  const hashes = concat(log.bundles.map((bundle) => bundle.hashes)).subarray(0, known.size * hashLength)
  const before = known.size === size ? root : treeOf(input.sha256, known.size, hashes)?.root
  if (before && isSameBytes(before, known.root)) return undefined
  const detail = `it does not continue the known log of ${known.size} leaves (root ${toBase64(known.root)})`
  return { kind: 'forked', leaf: checkpointPath, detail } as const
}
