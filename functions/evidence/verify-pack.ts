/** Verifies a pack: leaves that prove themselves by their proofs and chains, without any other entry of the log. */
import { encodeEntry } from './bundle.ts'
import { isSameBytes, toBase64, toHex } from './bytes.ts'
import { chainOf } from './chain.ts'
import { type Chain, emptyChain, follow } from './check-chains.ts'
import { continuationOf } from './continuation.ts'
import { checkLeaf } from './leaf.ts'
import { manifestPath } from './manifest.ts'
import { hashLeaf } from './merkle.ts'
import { checkSignatures, parseCheckpoint, type SignedCheckpoint, signersNamed } from './note.ts'
import { memberOf, type Pack, type PackScope, parsePack } from './pack.ts'
import type { Problem } from './problem.ts'
import { isConsistent, isIncluded } from './proofs.ts'
import { checkpointPath, leafPrefix, logPrefix } from './tiles.ts'
import type { ChainProof, Verdict, VerifyInput } from './verdict.ts'
import {
  digestInPath,
  isBegunBefore,
  type LeafRecord,
  namedObjects,
  objectPrefix,
  recordOf,
  versionGaps,
} from './versions.ts'

/** Verifies what a pack's manifest lists, and that nothing else stands there. */
export async function verifyPack(manifest: Uint8Array, input: VerifyInput): Promise<Verdict> {
  const pack = parsePack(manifest)
  const scope = pack?.scope ?? ({ kind: 'log' } as const)
  const bytes = await input.files.read(checkpointPath)
  const checkpoint = bytes && parseCheckpoint(bytes)
  const refused = (problem: Problem): Verdict => ({
    ok: false,
    size: 0,
    scope,
    signedBy: [],
    leaves: 0,
    changes: 0,
    problems: [problem],
  })
  if (!pack) return refused({ kind: 'bad', leaf: manifestPath, detail: 'it is no manifest of a pack' })
  if (!checkpoint) {
    const kind = bytes ? 'bad' : 'missing'
    return refused({ kind, leaf: checkpointPath, detail: 'without a checkpoint nothing can be proved' })
  }
  return verifyAgainst(pack, checkpoint, input)
}

async function verifyAgainst(pack: Pack, checkpoint: SignedCheckpoint, input: VerifyInput): Promise<Verdict> {
  const { scope } = pack
  const history = continuationOf(checkpoint.size, input, (known) => faultAfter(known, pack, checkpoint, input))
  const leaves = await checkProven(pack, checkpoint, input)
  const chained = checkChains(pack, input)
  const named = await checkObjects(leaves.records, input)
  const problems = [
    ...checkpointProblems(pack, checkpoint, input),
    ...history.problems,
    ...leaves.problems,
    ...chained.problems,
    ...(scope.kind === 'change' ? versionProblems(chained.chains, leaves.records) : []),
    ...named.problems,
    ...(await strangers(pack, named.paths, input)),
  ]
  if (pack.leaves.length === 0)
    problems.push({ kind: 'missing', leaf: nameOf(scope), detail: 'the pack has no leaf of it' })
  const changes = new Set(pack.leaves.flatMap(({ entry }) => (entry ? [chainOf(entry.path) ?? 'none'] : [])))
  return {
    ok: problems.length === 0,
    size: checkpoint.size,
    origin: checkpoint.origin,
    root: toBase64(checkpoint.root),
    signedBy: signersNamed(checkpoint, input.keys, input),
    ...(history.knownSize === undefined ? {} : { knownSize: history.knownSize }),
    scope,
    leaves: leaves.checked,
    changes: changes.size,
    chains: chained.chains.map(proofOf),
    objects: named.paths.size,
    problems,
  }
}

const proofOf = ({ changeId, unnumbered, count, after, last }: Chain): ChainProof => ({
  ...{ changeId, unnumbered, count, after },
  isEnded: last?.isClosed === true,
})

const nameOf = (scope: PackScope) =>
  scope.kind === 'change' ? `change ${scope.changeId}` : `period ${scope.from} to ${scope.to}`

function checkpointProblems(pack: Pack, checkpoint: SignedCheckpoint, input: VerifyInput): readonly Problem[] {
  const signed = checkSignatures(checkpoint, input.keys, input)
  const { origin, size, root } = checkpoint
  const isSame = pack.origin === origin && pack.size === size && isSameBytes(pack.root, root)
  const detail = signed === 'bad' ? 'its signature does not hold' : `${origin} is signed by none of the keys given`
  return [
    ...(signed === 'good' ? [] : [{ kind: signed, leaf: checkpointPath, detail }]),
    ...(isSame
      ? []
      : [
          {
            kind: 'bad' as const,
            leaf: manifestPath,
            detail: `it was made for another checkpoint, of size ${pack.size}`,
          },
        ]),
  ]
}

/** The pack's consistency proof must lead from the known root. */
function faultAfter(
  known: SignedCheckpoint,
  { consistency }: Pack,
  { size, root }: SignedCheckpoint,
  { sha256 }: VerifyInput,
): Problem | undefined {
  if (known.size === 0 && isSameBytes(known.root, sha256(new Uint8Array(0)))) return undefined
  if (known.size < size && consistency?.size !== known.size)
    return {
      kind: 'missing',
      leaf: `consistency proof from ${known.size}`,
      detail: 'export it with --known-checkpoint',
    }
  const claim = { oldSize: known.size, oldRoot: known.root, size, root, proof: consistency?.proof ?? [] }
  const isContinued = known.size === size ? isSameBytes(known.root, root) : isConsistent(sha256, claim)
  if (isContinued) return undefined
  return {
    kind: 'forked',
    leaf: checkpointPath,
    detail: `it does not continue the known log of ${known.size} leaves`,
  }
}

interface CheckedLeaves {
  readonly problems: readonly Problem[]
  /** The records of the leaves that are as their entries say. */
  readonly records: readonly LeafRecord[]
  readonly checked: number
}

/** Each leaf in the order of the manifest: its place, its proof, its bytes, its signature; the first fault is named. */
async function checkProven(pack: Pack, checkpoint: SignedCheckpoint, input: VerifyInput): Promise<CheckedLeaves> {
  const digests = new Set(pack.leaves.map(({ entry }) => entry?.sha256))
  const problems: Problem[] = []
  const records: LeafRecord[] = []
  const isMember = memberOf(pack.scope, pack.leaves)
  let [before, checked] = [-1, 0]
  for (const leaf of pack.leaves) {
    const bytes = leaf.entry && (await input.files.read(leaf.entry.path))
    if (bytes) checked++
    const place = { before, isMember, scope: pack.scope }
    const problem =
      placeProblem(leaf, place, checkpoint, input) ?? bytesProblem(leaf, bytes, digests, checkpoint, input)
    if (problem) problems.push(problem)
    const record = problem || !bytes ? undefined : recordOf(bytes)
    if (record) records.push(record)
    before = leaf.index
  }
  return { problems, records, checked }
}

type PackLeaf = Pack['leaves'][number]

interface Place {
  /** Index of the leaf before it in the manifest; -1 for the first. */
  readonly before: number
  readonly isMember: ReturnType<typeof memberOf>
  readonly scope: PackScope
}

function placeProblem(
  { index, entry, proof }: PackLeaf,
  { before, isMember, scope }: Place,
  { size, root }: SignedCheckpoint,
  { sha256 }: VerifyInput,
): Problem | undefined {
  if (!entry) return { kind: 'bad', leaf: `entry ${index}`, detail: 'it is no entry of a leaf' }
  const leaf = entry.path
  if (index <= before) return { kind: 'reordered', leaf, detail: `entry ${index} stands after entry ${before}` }
  if (!isMember({ index, entry })) return { kind: 'added', leaf, detail: `it is no leaf of ${nameOf(scope)}` }
  const leafHash = hashLeaf(sha256, encodeEntry(entry))
  if (isIncluded(sha256, { index, size, leafHash, root, proof })) return undefined
  return { kind: 'bad', leaf, detail: `its proof does not lead from entry ${index} to the signed root` }
}

function bytesProblem(
  { index, entry }: PackLeaf,
  bytes: Uint8Array | undefined,
  digests: ReadonlySet<string | undefined>,
  { origin }: SignedCheckpoint,
  input: VerifyInput,
): Problem | undefined {
  if (!entry) return undefined
  const { path: leaf, sha256 } = entry
  if (!bytes) return { kind: 'missing', leaf, detail: `entry ${index} of the log` }
  const digest = input.sha256.hex(bytes)
  if (digest !== sha256) {
    const kind = digests.has(digest) ? 'reordered' : 'bad'
    return { kind, leaf, detail: `SHA-256 is ${digest}, the log says ${sha256}` }
  }
  const kind = checkLeaf(bytes, leaf, { ...input, origin })
  if (kind === 'good') return undefined
  return { kind, leaf, detail: 'the leaf, taken alone, is no statement signed by a key given' }
}

/** The chains of the changes in the pack. Those of a period may begin before it and go on after it. */
function checkChains({ scope, leaves }: Pack, { sha256 }: VerifyInput) {
  const chains = new Map<string, Chain>()
  const problems: Problem[] = []
  for (const { index, entry } of leaves) {
    const changeId = entry && chainOf(entry.path)
    if (!entry || changeId === undefined) continue
    const known = chains.get(changeId) ?? emptyChain(changeId)
    const hash = toHex(hashLeaf(sha256, encodeEntry(entry)))
    const { chain, problem } = follow(known, { entry, index, hash }, scope.kind === 'period')
    chains.set(changeId, chain)
    if (problem) problems.push(problem)
  }
  return { chains: [...chains.values()], problems }
}

/** Versions that no leaf stands for; only leaves from before there were chains may lack the first. */
function versionProblems(chains: readonly Chain[], records: readonly LeafRecord[]): readonly Problem[] {
  const isOlder = isBegunBefore(records) || chains.some(({ unnumbered }) => unnumbered > 0)
  return versionGaps(records)
    .filter(({ isFirst }) => !(isOlder && isFirst))
    .map(({ record, version }) => ({
      kind: 'missing',
      leaf: `version ${version} of ${record}`,
      detail: 'the record was moved to it, and no leaf here stands for that',
    }))
}

/** The files that leaves name, each under the hash of its bytes. */
async function checkObjects(records: readonly LeafRecord[], { files, sha256 }: VerifyInput) {
  const paths = new Set(records.flatMap(({ body }) => namedObjects(body)).toSorted())
  const problems: Problem[] = []
  for (const leaf of paths) {
    const bytes = await files.read(leaf)
    if (!bytes) problems.push({ kind: 'missing', leaf, detail: 'a leaf names it' })
    else if (sha256.hex(bytes) !== digestInPath(leaf))
      problems.push({ kind: 'bad', leaf, detail: 'its SHA-256 is not the one in its name' })
  }
  return { paths, problems }
}

/** Files that neither the manifest nor a leaf names. */
async function strangers(
  pack: Pack,
  objects: ReadonlySet<string>,
  { files }: VerifyInput,
): Promise<readonly Problem[]> {
  const named = new Set([checkpointPath, ...objects, ...pack.leaves.map(({ entry }) => entry?.path)])
  const found = await Promise.all([leafPrefix, logPrefix, objectPrefix].map((prefix) => files.list(prefix)))
  const added = found.flat().filter((path) => !named.has(path))
  return added.toSorted().map((leaf) => ({ kind: 'added', leaf, detail: 'nothing in the pack names it' }))
}
