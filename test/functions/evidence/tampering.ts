/** Tampering with a log, drawn from a seed, each with the item that a verifier must name first. */
import { sha256 } from '../../../functions/aws/node-crypto.ts'
import { archive } from '../../../functions/evidence/archive.ts'
import { decodeBundle, entryEnds } from '../../../functions/evidence/bundle.ts'
import { toHex } from '../../../functions/evidence/bytes.ts'
import { leafPath } from '../../../functions/evidence/leaf.ts'
import type { ProblemKind } from '../../../functions/evidence/problem.ts'
import { checkpointPath, extendLog, logPrefix, neededTiles, tilePath } from '../../../functions/evidence/tiles.ts'
import type { Verdict } from '../../../functions/evidence/verdict.ts'
import type { memoryEvidenceStore } from '../../../simulator/ports/evidence-store.ts'
import { anyArchive, anyLog, anyRecord, anyRecords, bundleOf, copyOf } from './any-log.ts'

export type Store = ReturnType<typeof memoryEvidenceStore>

export interface Tampered {
  readonly store: Store
  /** What the auditor kept. */
  readonly knownCheckpoint?: Uint8Array
  /** The first problem's kind, where it follows from what was done. */
  readonly kind?: ProblemKind
  /** The items of which the first problem must name one. */
  readonly leaves: readonly string[]
}

/** Numbers from 0 to below `count`, the same for the same seed (mulberry32). */
export function randomOf(seed: number): (count: number) => number {
  let state = seed
  return (count) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * count)
  }
}

const steps = [200, 57, 43] as const
export const tamperedSize = 300
const pathOf = (index: number) => leafPath(anyRecord(index))
const bytesOf = (store: Store, path: string) => store.objects.get(path) ?? new Uint8Array(0)
const rewrittenRecords = (from: number) =>
  anyRecords(tamperedSize).map((record, at) => (at >= from ? { ...record, actor: 'mallory' } : record))

async function filed(records: Parameters<typeof anyArchive>[0], seed?: string): Promise<Store> {
  const made = anyArchive(records, seed)
  await archive(made)
  return made.store
}

/** Everything that tampering draws from; made once. */
export async function tamperingGround() {
  const whole = (await anyLog(steps)).store
  return {
    whole,
    earlier: (await anyLog(steps.slice(0, -1))).store,
    foreign: (await anyLog(steps, 'mallory')).store,
    /** The same log with every leaf rewritten: by another, and by the key's holder. */
    forged: await filed(rewrittenRecords(0), 'mallory'),
    rewritten: await filed(rewrittenRecords(0)),
  }
}
export type Ground = Awaited<ReturnType<typeof tamperingGround>>

function flipped(bytes: Uint8Array, at: number, mask: number): Uint8Array {
  const copy = Uint8Array.from(bytes)
  copy[at] = (copy[at] ?? 0) ^ mask
  return copy
}

/** A flipped bit of a bundle is in one entry or its length: that entry is named, by its path (as it reads now) or its number. */
function entryNames(path: string, bundle: Uint8Array, at: number): readonly string[] {
  const index = entryEnds(bundle).findIndex((end) => at < end)
  const first = path.includes('/001') ? 256 : 0
  return [`entry ${first + index}`, pathOf(first + index)]
}

type Tampering = (ground: Ground, random: (count: number) => number) => Tampered | Promise<Tampered>

export const tamperings: Readonly<Record<string, Tampering>> = {
  flip: ({ whole }, random) => {
    const [store, index] = [copyOf(whole), random(tamperedSize)]
    const bytes = bytesOf(store, pathOf(index))
    store.objects.set(pathOf(index), flipped(bytes, random(bytes.length), 1 << random(8)))
    return { store, kind: 'bad', leaves: [pathOf(index)] }
  },
  drop: ({ whole }, random) => {
    const [store, index] = [copyOf(whole), random(tamperedSize)]
    store.objects.delete(pathOf(index))
    return { store, kind: 'missing', leaves: [pathOf(index)] }
  },
  swap: ({ whole }, random) => {
    const [store, first] = [copyOf(whole), random(tamperedSize - 1)]
    const second = first + 1 + random(tamperedSize - 1 - first)
    store.objects.set(pathOf(first), bytesOf(whole, pathOf(second))).set(pathOf(second), bytesOf(whole, pathOf(first)))
    return { store, kind: 'reordered', leaves: [pathOf(first)] }
  },
  truncate: ({ whole }, random) => {
    const [store, index] = [copyOf(whole), random(tamperedSize)]
    const bytes = bytesOf(store, pathOf(index))
    store.objects.set(pathOf(index), bytes.slice(0, random(bytes.length)))
    return { store, kind: 'bad', leaves: [pathOf(index)] }
  },
  add: ({ whole }, random) => {
    const [store, path] = [copyOf(whole), pathOf(tamperedSize + random(1_000))]
    store.objects.set(path, bytesOf(whole, pathOf(random(tamperedSize))))
    return { store, kind: 'added', leaves: [path] }
  },
  'flip in the log': ({ whole }, random) => {
    const store = copyOf(whole)
    const paths = neededTiles(tamperedSize).map(tilePath)
    const path = [checkpointPath, ...paths][random(paths.length + 1)] ?? ''
    const bytes = bytesOf(store, path)
    const at = random(bytes.length)
    store.objects.set(path, flipped(bytes, at, 1 << random(8)))
    return { store, leaves: path.includes('/entries/') ? entryNames(path, bytes, at) : [path] }
  },
  'truncate in the log': ({ whole }, random) => {
    const store = copyOf(whole)
    const paths = [checkpointPath, ...neededTiles(tamperedSize).map(tilePath)]
    const path = paths[random(paths.length)] ?? ''
    const bytes = bytesOf(store, path)
    const length = random(bytes.length)
    store.objects.set(path, bytes.slice(0, length))
    const isBundle = path.includes('/entries/')
    const names = isBundle ? entryNames(path, bytes, length) : [path]
    return { store, kind: isBundle ? 'missing' : 'bad', leaves: names }
  },
  'swap in the log': ({ whole }, random) => {
    const [store, path] = [copyOf(whole), tilePath({ level: 'entries', index: 0, width: 256 })]
    const first = random(255)
    const second = first + 1 + random(255 - first)
    const entries = [...decodeBundle(bytesOf(store, path)).entries]
    const [one, other] = [entries[first], entries[second]]
    if (one && other) [entries[first], entries[second]] = [other, one]
    store.objects.set(path, bundleOf(entries))
    return { store, kind: 'reordered', leaves: [pathOf(second)] }
  },
  'drop of the log': ({ whole }, random) => {
    const store = copyOf(whole)
    const paths = [checkpointPath, ...neededTiles(tamperedSize).map(tilePath)]
    const path = paths[random(paths.length)] ?? ''
    store.objects.delete(path)
    return { store, kind: 'missing', leaves: [path] }
  },
  // One leaf is put in by another, and entries and tiles are made to fit it: only the signed root and the leaf tell.
  fork: async ({ whole, forged }, random) => {
    const [store, index] = [copyOf(whole), random(tamperedSize)]
    store.objects.set(pathOf(index), bytesOf(forged, pathOf(index)))
    for (const path of whole.objects.keys()) if (path.startsWith(`${logPrefix}tile/`)) store.objects.delete(path)
    const entries = anyRecords(tamperedSize).map((record) => ({
      path: leafPath(record),
      sha256: toHex(sha256(bytesOf(store, leafPath(record)))),
    }))
    const extended = await extendLog({ sha256, oldSize: 0, entries, readPartial: async () => new Uint8Array(0) })
    for (const { path, bytes } of extended?.files ?? []) store.objects.set(path, bytes)
    return { store, kind: 'wrong-key', leaves: [pathOf(index)] }
  },
  // Another signs: the same leaves, or only the checkpoint.
  're-sign': ({ whole, foreign }, random) => {
    const store = copyOf(random(2) === 0 ? whole : foreign)
    store.objects.set(checkpointPath, bytesOf(foreign, checkpointPath))
    return { store, kind: 'wrong-key', leaves: [checkpointPath] }
  },
  'roll back the checkpoint': ({ whole, earlier }) => {
    const store = copyOf(whole)
    store.objects.set(checkpointPath, bytesOf(earlier, checkpointPath))
    return { store, kind: 'rolled-back', leaves: [checkpointPath] }
  },
  'roll back the log, and the auditor kept a checkpoint': ({ whole, earlier }) => ({
    store: copyOf(earlier),
    knownCheckpoint: bytesOf(whole, checkpointPath),
    kind: 'rolled-back',
    leaves: [checkpointPath],
  }),
  "rewrite it with the log's own key, and the auditor kept a checkpoint": ({ earlier, rewritten }) => ({
    store: copyOf(rewritten),
    knownCheckpoint: bytesOf(earlier, checkpointPath),
    kind: 'forked',
    leaves: [checkpointPath],
  }),
}

export const tamperingNames = Object.keys(tamperings)

/** What is wrong with how a verdict names a tampering; undefined when it is caught, and its item named first. */
export function missed({ kind, leaves }: Tampered, { ok, problems }: Verdict): string | undefined {
  const [first] = problems
  if (ok || !first) return 'not caught'
  if (kind !== undefined && first.kind !== kind) return `${first.kind} first, not ${kind}: ${first.leaf}`
  const isNamed = leaves.some((leaf) => first.leaf === leaf || first.detail.startsWith(`${leaf} `))
  return isNamed ? undefined : `${first.leaf} named first, not ${leaves.join(' or ')}`
}

/** The `number`th tampering: kinds take turns, the rest follows from the number. */
export async function tampered(ground: Ground, number: number): Promise<Tampered & { readonly how: string }> {
  const how = tamperingNames[number % tamperingNames.length] ?? ''
  const made = await tamperings[how]?.(ground, randomOf(number))
  if (!made) throw new Error(`no tampering ${number}`)
  return { ...made, how }
}
