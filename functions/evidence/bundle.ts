/** Entries of the log, and their bundles of up to 256: c2sp.org/tlog-tiles. */
import { utf8, utf8Text } from './bytes.ts'
import { isLeafPath } from './leaf.ts'
import { hashLength, type Sha256 } from './merkle.ts'

/** An entry's place in the chain of its change: it follows the previous entry, which it names by hash and index. */
export interface Link {
  /** `after`: the change had ended. */
  readonly chain: 'change' | 'after'
  /** From 1, in each of the two chains. */
  readonly number: number
  /** The entry before this one; the first of `after` follows the closing one, the first of all none. */
  readonly previous?: { readonly hash: string; readonly index: number }
  /** Set where the change ends: how many leaves it has, this one included. */
  readonly count?: number
}

/** What the log commits to for a leaf: its path, the hash of its bytes, and its place among its change's leaves. */
export interface Entry {
  readonly path: string
  /** SHA-256 of the leaf's bytes, hex. */
  readonly sha256: string
  /** Absent for leaves of no change, and for those filed before there were chains. */
  readonly link?: Link
}

const [head, middle, tail] = ['{"path":"', '","sha256":"', '"}']
const digestLength = 64
const afterPath = middle.length + digestLength + tail.length
const linkedHead = '{"chain":"'
const linkPattern =
  /^\{"chain":"(change|after)"(?:,"count":([1-9]\d{0,14}))?,"number":([1-9]\d{0,14}),"path":"([^"\\]*)"(?:,"previous":\{"hash":"([0-9a-f]{64})","index":(0|[1-9]\d{0,14})\})?,"sha256":"([^"\\]{64})"\}$/

/** The canonical JSON of an entry: a leaf's path has no characters that JSON escapes. */
function textOfEntry({ path, sha256, link }: Entry): string {
  if (!link) return `${head}${path}${middle}${sha256}${tail}`
  const { chain, number, previous, count } = link
  const counted = count === undefined ? '' : `,"count":${count}`
  const named = previous ? `,"previous":{"hash":"${previous.hash}","index":${previous.index}}` : ''
  return `${linkedHead}${chain}"${counted},"number":${number},"path":"${path}"${named},"sha256":"${sha256}${tail}`
}

export const encodeEntry = (entry: Entry): Uint8Array => utf8(textOfEntry(entry))

/**
 * The parts of a text between two positions, if it has the form of an entry; whether they are a leaf's path and a
 * digest is not checked.
 */
export function splitEntry(text: string, start = 0, end = text.length): Entry | undefined {
  const [pathStart, pathEnd, digestEnd] = [start + head.length, end - afterPath, end - tail.length]
  if (text.startsWith(linkedHead, start)) return splitLinked(text.slice(start, end))
  if (pathEnd < pathStart || !text.startsWith(head, start)) return undefined
  if (!text.startsWith(middle, pathEnd) || !text.startsWith(tail, digestEnd)) return undefined
  return { path: text.slice(pathStart, pathEnd), sha256: text.slice(digestEnd - digestLength, digestEnd) }
}

function splitLinked(text: string): Entry | undefined {
  const [, chain, count, number, path, hash, index, sha256] = linkPattern.exec(text) ?? []
  if (path === undefined || sha256 === undefined) return undefined
  const link: Link = {
    chain: chain === 'after' ? 'after' : 'change',
    number: Number(number),
    ...(hash === undefined ? {} : { previous: { hash, index: Number(index) } }),
    ...(count === undefined ? {} : { count: Number(count) }),
  }
  return { path, sha256, link }
}

export const isDigest = (text: string): boolean => /^[0-9a-f]{64}$/.test(text)

/** Parses an entry; undefined unless the bytes are the canonical form of an entry with a leaf's path. */
export function decodeEntry(bytes: Uint8Array): Entry | undefined {
  const entry = splitEntry(utf8Text(bytes) ?? '')
  return entry && isDigest(entry.sha256) && isLeafPath(entry.path) ? entry : undefined
}

/** The bundle of entries, each after its length as a big-endian uint16. */
export function encodeBundle(entries: readonly Entry[]): Uint8Array {
  // One string and one encoding for all, with room for the lengths: an entry is ASCII, so characters are bytes.
  const texts = entries.map(textOfEntry)
  const bundle = utf8(texts.map((text) => `\0\0${text}`).join(''))
  let offset = 0
  for (const { length } of texts) {
    bundle[offset] = length >> 8
    bundle[offset + 1] = length & 255
    offset += 2 + length
  }
  return bundle
}

/** Where each whole entry of a bundle ends. */
export function entryEnds(bundle: Uint8Array): readonly number[] {
  const ends: number[] = []
  let offset = 0
  while (offset + 2 <= bundle.length) {
    const end = offset + 2 + ((bundle[offset] ?? 0) << 8) + (bundle[offset + 1] ?? 0)
    if (end > bundle.length) break
    ends.push(end)
    offset = end
  }
  return ends
}

/** The entries of a bundle; `isWhole` is false when bytes are left over at its end. */
export function decodeBundle(bytes: Uint8Array): {
  readonly entries: readonly Uint8Array[]
  readonly isWhole: boolean
} {
  const ends = entryEnds(bytes)
  const entries = ends.map((end, index) => bytes.subarray((ends[index - 1] ?? 0) + 2, end))
  return { entries, isWhole: (ends.at(-1) ?? 0) === bytes.length }
}

/** The hashes of a bundle's entries, RFC 6962 section 2.1, joined. */
export function hashEntries(sha256: Sha256, bundle: Uint8Array, ends = entryEnds(bundle)): Uint8Array {
  // The low byte of an entry's length is where the 0x00 before the entry has to be: one copy saves a copy per entry.
  const prefixed = new Uint8Array(bundle)
  const hashes = new Uint8Array(ends.length * hashLength)
  let start = 0
  for (const [index, end] of ends.entries()) {
    prefixed[start + 1] = 0
    sha256.into(prefixed.subarray(start + 1, end), hashes, index * hashLength)
    start = end
  }
  return hashes
}
