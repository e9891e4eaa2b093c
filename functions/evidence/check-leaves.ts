/** Checks every leaf that the log names against its entry. */
import { decodeEntry, type Entry, isDigest, splitEntry } from './bundle.ts'
import { isSameBytes } from './bytes.ts'
import type { VerifierKey } from './keys.ts'
import { changeInPath, checkLeaf, isLeafPath } from './leaf.ts'
import type { IndexedEntry, Scope } from './manifest.ts'
import { hashLength, type Sha256 } from './merkle.ts'
import type { VerifySignature } from './note.ts'
import type { Files } from './ports.ts'
import type { Problem } from './problem.ts'
import { type Bundle, entryAt, entryTexts, type FoundLog, type PlacedProblem } from './read-log.ts'
import { hashAt } from './tiles.ts'

interface LeafChecks {
  readonly files: Files
  readonly keys: readonly VerifierKey[]
  readonly origin: string
  readonly sha256: Sha256
  readonly verifySignature: VerifySignature
  readonly scope: Scope
  /** Whether the entries lead to the signed root; if not, only those that their tile confirms are checked. */
  readonly isEntryTrusted: boolean
  /** Whether each leaf must also prove itself alone. */
  readonly isSignatureChecked: boolean
}

export interface CheckedLeaves {
  /** Entries in scope, where the scope is one change. */
  readonly inScope: readonly IndexedEntry[]
  readonly problems: readonly PlacedProblem[]
  /** Leaves that no entry names. */
  readonly added: readonly Problem[]
  /** Leaves whose bytes were read. */
  readonly checked: number
  /** Changes in scope. */
  readonly changes: number
}

/** The leaves that entries name: those in scope must exist, those out of scope may, and each must match its entry. */
export async function checkLeaves(log: FoundLog, checks: LeafChecks): Promise<CheckedLeaves> {
  const { digests, isAsNamed, changes } = await readDigests(log, checks)
  if (!isAsNamed) return lookCloser(log, digests, checks)
  return { inScope: [], problems: [], added: [], checked: log.leafPaths.length, changes }
}

interface ReadDigests {
  /** The digest of each claim's leaf, by bundle and claim; undefined for a bundle whose leaves all match. */
  readonly digests: readonly (Digests | undefined)[]
  /** Every entry names a leaf with that digest, and every leaf is named by one. */
  readonly isAsNamed: boolean
  /** Changes that the entries name. */
  readonly changes: number
}
type Digests = readonly (string | undefined)[]

/** Reads every leaf that may count, once. */
async function readDigests(log: FoundLog, checks: LeafChecks): Promise<ReadDigests> {
  const { scope, files, sha256, isEntryTrusted, isSignatureChecked } = checks
  // A change's export has few of the leaves that its entries name: only listed ones are read.
  const standing = scope.kind === 'change' ? new Set(log.leafPaths) : undefined
  const digests: (Digests | undefined)[] = []
  const changes = new Set<string>()
  for (const bundle of log.bundles) {
    const claims = claimsOf(bundle, isEntryTrusted)
    const paths = claims.map(({ entry }) => (entry && standing?.has(entry.path) !== false ? entry.path : undefined))
    const found = await digestsOf(files, sha256, paths)
    const isAsSaid = claims.every(({ entry }, at) => entry !== undefined && entry.sha256 === found[at])
    digests.push(isAsSaid ? undefined : found)
    for (const { entry } of claims) if (entry) changes.add(changeInPath(entry.path))
  }
  const isWhole = scope.kind === 'log' && isEntryTrusted && !isSignatureChecked
  const isAsNamed = isWhole && digests.every((found) => found === undefined) && isOneToOne(log)
  return { digests, isAsNamed, changes: changes.size }
}

/**
 * Whether there are as many leaves as entries, and no entry occurs twice.
 *
 * If every entry names an existing leaf with its digest, entries with one path are the same entry; so different entries
 * name different leaves, and as many as exist: no leaf is unnamed, and no path has to be looked up.
 */
function isOneToOne({ bundles, leafPaths }: FoundLog): boolean {
  const starts = new Float64Array(leafPaths.length)
  let count = 0
  for (const { hashes } of bundles) {
    const words = new Uint32Array(hashes.buffer, hashes.byteOffset, hashes.length / Uint32Array.BYTES_PER_ELEMENT)
    // 52 bits of a hash usually tell two entries apart; if not, the closer check does.
    for (let at = 0; at < words.length; at += wordsOfHash)
      starts[count++] = (words[at] ?? 0) * 2 ** 20 + ((words[at + 1] ?? 0) >>> 12)
  }
  if (count !== starts.length) return false
  starts.sort()
  for (let at = 1; at < count; at++) if (starts[at] === starts[at - 1]) return false
  return true
}
const wordsOfHash = hashLength / Uint32Array.BYTES_PER_ELEMENT

/** Names what is wrong, in the order of the log. */
async function lookCloser(log: FoundLog, read: ReadDigests['digests'], checks: LeafChecks): Promise<CheckedLeaves> {
  const leafPaths = log.leafPaths.toSorted()
  const places = new Map(leafPaths.map((path, place) => [path, place]))
  const found: Found = {
    isNamed: new Uint8Array(leafPaths.length),
    namedElsewhere: new Set(),
    changes: new Set(),
    inScope: [],
    problems: [],
    checked: 0,
    isElsewhere: lazyDigests(log),
  }
  for (const [number, bundle] of log.bundles.entries()) {
    for (const [at, claim] of claimsOf(bundle, checks.isEntryTrusted).entries()) {
      const place = claim.entry && places.get(claim.entry.path)
      const digests = read[number]
      // A leaf that was read but not listed has just been added: it is skipped.
      const digest = place === undefined ? undefined : digests ? digests[at] : claim.entry?.sha256
      if (judge(claim, { place, digest }, checks, found)) await judgeLeaf(claim, digest ?? '', checks, found)
    }
  }
  const added = leafPaths
    .filter((_, place) => found.isNamed[place] === 0)
    .map((leaf) => ({ kind: 'added', leaf, detail: 'no entry of the log names it' }) as const)
  const { inScope, problems, checked, changes } = found
  return { inScope, problems, added, checked, changes: changes.size }
}

interface Found {
  /** 1 at the index of each leaf that an entry names. */
  readonly isNamed: Uint8Array
  /** Paths that entries name but that have no leaf. */
  readonly namedElsewhere: Set<string>
  readonly changes: Set<string>
  readonly inScope: IndexedEntry[]
  readonly problems: PlacedProblem[]
  checked: number
  readonly isElsewhere: (digest: string) => boolean
}

interface Expected {
  /** The leaf's index in the list of existing leaves; undefined if it is missing. */
  readonly place: number | undefined
  readonly digest: string | undefined
}

/** Checks one claim, in log order, and records problems; true when the leaf itself must be checked. */
function judge({ index, entry }: Claim, { place, digest }: Expected, checks: LeafChecks, found: Found): boolean {
  const { problems, isNamed, namedElsewhere } = found
  // A digest equal to the leaf's own is well-formed; any other is checked.
  if (!entry || (digest !== entry.sha256 && !isDigest(entry.sha256))) {
    problems.push({ kind: 'bad', leaf: `entry ${index}`, detail: 'it is no entry of a leaf', index })
    return false
  }
  const { path } = entry
  if (place === undefined ? namedElsewhere.has(path) : isNamed[place] === 1) {
    const detail = `entry ${index} names a leaf that an earlier entry names`
    problems.push({ kind: 'added', leaf: path, detail, index })
  }
  if (place === undefined) namedElsewhere.add(path)
  else isNamed[place] = 1
  const { scope } = checks
  const changeId = changeInPath(path)
  const isWanted = scope.kind === 'log' || changeId === scope.changeId
  if (isWanted) found.changes.add(changeId)
  if (isWanted && scope.kind === 'change') found.inScope.push({ index, entry })
  if (digest === undefined) {
    if (isWanted || place !== undefined)
      problems.push({ kind: 'missing', leaf: path, detail: `entry ${index} of the log`, index })
    return false
  }
  found.checked++
  return digest !== entry.sha256 || checks.isSignatureChecked
}

/** The claim of an entry; malformed ones and those without a leaf's path are not entries. */
interface Claim {
  readonly index: number
  readonly entry: Entry | undefined
}

/** The claims of a bundle's entries that the root or their tile confirms; if the tile is missing, all of them. */
function claimsOf(bundle: Bundle, isEntryTrusted: boolean): readonly Claim[] {
  const { start, ends, tile, isAgreed } = bundle
  const isConfirmed = isEntryTrusted || isAgreed || !tile
  const text = entryTexts(bundle)
  const claims: Claim[] = []
  for (let at = 0; at < ends.length; at++) {
    if (!isConfirmed && !isAsTiled(bundle, at)) continue
    const split = splitEntry(text, (ends[at - 1] ?? 0) + 2, ends[at] ?? 0)
    claims.push({ index: start + at, entry: split && isLeafPath(split.path) ? split : undefined })
  }
  return claims
}

/** The digests of the files at those paths, hex; undefined where none stands. */
async function digestsOf(files: Files, sha256: Sha256, paths: readonly (string | undefined)[]): Promise<Digests> {
  if (files.digests) return files.digests(paths)
  const digests: (string | undefined)[] = []
  for (const path of paths) {
    const leaf = path === undefined ? undefined : await files.read(path)
    digests.push(leaf && sha256.hex(leaf))
  }
  return digests
}

/** Checks an existing leaf that does not match its entry, or must prove itself alone. */
async function judgeLeaf({ index, entry }: Claim, digest: string, checks: LeafChecks, found: Found): Promise<void> {
  if (!entry) return
  const { path, sha256 } = entry
  if (digest !== sha256) {
    const kind = found.isElsewhere(digest) ? 'reordered' : 'bad'
    found.problems.push({ kind, leaf: path, detail: `SHA-256 is ${digest}, the log says ${sha256}`, index })
    return
  }
  const leaf = await checks.files.read(path)
  const kind = leaf ? checkLeaf(leaf, path, checks) : 'bad'
  const detail = 'the leaf, taken alone, is no statement signed by a key given'
  if (kind !== 'good') found.problems.push({ kind, leaf: path, detail, index })
}

const isAsTiled = ({ tile, hashes }: Bundle, at: number) =>
  tile !== undefined && isSameBytes(hashAt(tile, at), hashAt(hashes, at))

/** Whether a digest belongs to any leaf in the log; the table is built on first use. */
function lazyDigests({ bundles }: FoundLog): (digest: string) => boolean {
  let digests: Set<string> | undefined
  return (digest) => {
    digests ??= new Set(
      bundles.flatMap((bundle) => bundle.ends.map((_, at) => decodeEntry(entryAt(bundle, at))?.sha256 ?? '')),
    )
    return digests.has(digest)
  }
}
