/** Tampering with packs, drawn from a number: each must be found, by both verifiers alike. */
import { archive } from '../../../functions/evidence/archive.ts'
import { utf8 } from '../../../functions/evidence/bytes.ts'
import { manifestPath } from '../../../functions/evidence/manifest.ts'
import { checkpointPath, leafPrefix } from '../../../functions/evidence/tiles.ts'
import type { memoryEvidenceStore } from '../../../simulator/ports/evidence-store.ts'
import { changeRecords, filed } from './any-change.ts'
import { anyArchive, anyRecord, changeA, changeB, copyOf, packOf } from './any-log.ts'
import { recorded, storeOf } from './recorded-log.ts'
import { randomOf } from './tampering.ts'

type Store = ReturnType<typeof memoryEvidenceStore>
type Random = (count: number) => number

interface Leaf {
  index: number
  entry: string
  proof: string[]
}
interface Manifest {
  scope: Record<string, string>
  origin: string
  size: number
  root: string
  leaves: Leaf[]
  consistency?: { size: number; proof: string[] }
}

const bytesOf = (store: Store, path: string) => store.objects.get(path) ?? new Uint8Array(0)
const manifestOf = (store: Store): Manifest => JSON.parse(Buffer.from(bytesOf(store, manifestPath)).toString())

function edit(store: Store, change: (manifest: Manifest) => void): void {
  const manifest = manifestOf(store)
  change(manifest)
  store.objects.set(manifestPath, utf8(JSON.stringify(manifest)))
}

const pathIn = ({ entry }: Leaf): string => JSON.parse(entry).path

async function made() {
  const scope = { kind: 'change', changeId: changeA } as const
  const whole = await filed(changeRecords(8))
  const [earlier, forked] = [
    await filed(changeRecords(8).slice(0, 12)),
    await filed(changeRecords(8).map((record) => ({ ...record, actor: 'mallory' }))),
  ]
  const days = anyArchive(
    Array.from({ length: 120 }, (_, number) =>
      anyRecord(number, {
        at: `2026-11-0${1 + Math.floor((number % 20 === 9 ? number / 2 : number) / 40)}T10:00:00.000Z`,
      }),
    ),
  )
  await archive(days)
  const period = { kind: 'period', from: '2026-11-02', to: '2026-11-02' } as const
  const other = await packOf({ ...whole, scope: { kind: 'change', changeId: changeB } })
  const old = storeOf(recorded.log)
  const packs = {
    change: (await packOf({ ...whole, scope, since: { size: 12 } })).target,
    period: (await packOf({ store: days.store, scope: period })).target,
    old: (await packOf({ store: old, scope })).target,
  }
  const checkpoints = {
    earlier: bytesOf(earlier.store, checkpointPath),
    same: bytesOf(whole.store, checkpointPath),
    forked: bytesOf(forked.store, checkpointPath),
    days: bytesOf(days.store, checkpointPath),
    none: utf8('?'),
  }
  return { packs, other: other.target, forked: forked.store, earlier: earlier.store, checkpoints, signer: whole.signer }
}
export type PackGround = Awaited<ReturnType<typeof made>>

let ground: Promise<PackGround> | undefined
/** Made once: nothing changes it. */
export function packGround(): Promise<PackGround> {
  ground ??= made()
  return ground
}

type Tampering = (store: Store, random: Random, ground: PackGround) => void

/** Two different places below `count`. */
function twoOf(random: Random, count: number): readonly [number, number] {
  const first = random(count - 1)
  return [first, first + 1 + random(count - first - 1)]
}

const tamperings: Readonly<Record<string, Tampering>> = {
  'flip a bit of a file': (store, random) => {
    const paths = [...store.objects.keys()].sort()
    const path = paths[random(paths.length)] ?? ''
    const bytes = Uint8Array.from(bytesOf(store, path))
    const at = random(bytes.length)
    bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8))
    store.objects.set(path, bytes)
  },
  'cut a file': (store, random) => {
    const paths = [...store.objects.keys()].sort()
    const path = paths[random(paths.length)] ?? ''
    const bytes = bytesOf(store, path)
    store.objects.set(path, bytes.slice(0, random(bytes.length)))
  },
  'drop a file': (store, random) => {
    const paths = [...store.objects.keys()].filter((path) => path !== manifestPath).sort()
    store.objects.delete(paths[random(paths.length)] ?? '')
  },
  'drop a leaf of the middle, from the manifest too': (store, random) => {
    edit(store, ({ leaves, scope }) => {
      // Of a log without chains nothing shows it: there the leaf alone is dropped.
      const numbered = leaves.filter((leaf, at) => leaf.entry.includes('"number"') && isBetween(leaves, at))
      const leaf = numbered[random(Math.max(1, numbered.length))] ?? leaves[0]
      if (!leaf) return
      store.objects.delete(pathIn(leaf))
      if (numbered.length > 0 && scope.kind !== 'none') leaves.splice(leaves.indexOf(leaf), 1)
    })
  },
  'drop the closing leaf': (store, _) => {
    edit(store, ({ leaves }) => {
      const at = leaves.findIndex(({ entry }) => entry.includes('"count"'))
      const [leaf] = at < 0 ? [leaves[0]] : leaves.splice(at, 1)
      if (leaf) store.objects.delete(pathIn(leaf))
    })
  },
  'swap two leaves of the manifest': (store, random) => {
    edit(store, ({ leaves }) => {
      const [one, other] = twoOf(random, leaves.length)
      const [left, right] = [leaves[one], leaves[other]]
      if (left && right) [leaves[one], leaves[other]] = [right, left]
    })
  },
  'list a leaf twice': (store, random) => {
    edit(store, ({ leaves }) => {
      const at = random(leaves.length)
      leaves.splice(at, 0, ...leaves.slice(at, at + 1))
    })
  },
  'swap two proofs': (store, random) => {
    edit(store, ({ leaves }) => {
      const [one, other] = twoOf(random, leaves.length).map((at) => leaves[at])
      if (one && other) [one.proof, other.proof] = [other.proof, one.proof]
    })
  },
  'swap the bytes of two leaves': (store, random) => {
    const paths = [...store.objects.keys()].filter((path) => path.startsWith(leafPrefix)).sort()
    const [one = '', other = ''] = twoOf(random, paths.length).map((at) => paths[at] ?? '')
    const [left, right] = [bytesOf(store, one), bytesOf(store, other)]
    store.objects.set(one, right).set(other, left)
  },
  'forge a count or a number': (store, random) => {
    edit(store, ({ leaves }) => {
      const counted = leaves.filter(({ entry }) => entry.includes('"count"'))
      const from = random(2) === 0 && counted.length > 0 ? counted : leaves
      const leaf = from[random(from.length)]
      if (leaf) leaf.entry = leaf.entry.replace(/"(count|number|index)":(\d+)|"path"/, '"$1":1$2,"path"')
    })
  },
  'shift an index': (store, random) => {
    edit(store, ({ leaves }) => {
      const leaf = leaves[random(leaves.length)]
      if (leaf) leaf.index += 1 + random(3)
    })
  },
  'lengthen or shorten a proof': (store, random) => {
    edit(store, ({ leaves, root }) => {
      const leaf = leaves[random(leaves.length)]
      if (random(2) === 0) leaf?.proof.pop()
      else leaf?.proof.push(root)
    })
  },
  'put in a leaf of another change': (store, random, { other }) => {
    const foreign = manifestOf(other).leaves
    const leaf = foreign[random(foreign.length)]
    if (!leaf) return
    store.objects.set(pathIn(leaf), bytesOf(other, pathIn(leaf)))
    edit(store, ({ leaves }) => {
      leaves.push(leaf)
      leaves.sort((left, right) => left.index - right.index)
    })
  },
  'put in the checkpoint of an earlier log': (store, _, { earlier }) =>
    void store.objects.set(checkpointPath, bytesOf(earlier, checkpointPath)),
  'put in the checkpoint of a forked log, and its size and root': (store, _, { forked }) => {
    const note = Buffer.from(bytesOf(forked, checkpointPath))
    store.objects.set(checkpointPath, Uint8Array.from(note))
    const [origin = '', size = '', root = ''] = note.toString().split('\n')
    edit(store, (manifest) => void Object.assign(manifest, { origin, size: Number(size), root }))
  },
  'add a file': (store, random) => {
    const place = ['v1/leaf/', 'v1/tlog/', 'v1/object/', 'v1/tlog/tile/0/'][random(4)] ?? ''
    store.objects.set(`${place}${random(1_000)}`, utf8('x'))
  },
  'put in a leaf that another key signed': (store, random, { forked }) => {
    const paths = [...store.objects.keys()].filter((path) => path.startsWith(leafPrefix)).sort()
    const path = paths[random(paths.length)] ?? ''
    const foreign = forked.objects.get(path) ?? utf8('{}')
    store.objects.set(path, foreign)
  },
  'give the manifest another form': (store, random) => {
    const text = Buffer.from(bytesOf(store, manifestPath)).toString()
    const forms = [
      text.replace('"schemaVersion":2', '"schemaVersion":2.0'),
      text.replace('"schemaVersion":2', '"schemaVersion":3'),
      text.replace('"schemaVersion":2', '"schemaVersion":true'),
      text.replace('{"', '{ "'),
      text.replace(/"index":(\d+)/, '"index":$1.0'),
      text.replace(/"index":(\d+)/, '"index":-$1'),
      text.replace(/"index":(\d+)/, '"index":1e400'),
      text.replace(/"index":(\d+)/, '"index":123456789012345678901234567890'),
      text.replace(/"index":(\d+)/, '"index":true'),
      text.replace('"origin":"d', '"origin":"\\ud800'),
      text.replace('"origin":"d', '"origin":"\\u0064'),
      text.replace('"leaves":[', '"leaves":{},"more":['),
      text.replace('"proof":[', '"proof":[7,'),
      text.replace('"proof":["', '"proof":["="'),
      text.replace('"kind":"', '"kind":"x'),
      `${text}\n`,
      `\ufeff${text}`,
      '[]',
      'null',
      '',
    ]
    store.objects.set(manifestPath, utf8(forms[random(forms.length)] ?? ''))
  },
  'list no leaf': (store) => {
    edit(store, ({ leaves }) => {
      for (const leaf of leaves.splice(0)) store.objects.delete(pathIn(leaf))
    })
  },
}

/** Whether leaves of its change stand before and after it. */
function isBetween(leaves: readonly Leaf[], at: number): boolean {
  const changeOf = (leaf: Leaf | undefined) => leaf && /change=([0-9A-Z]+)/.exec(leaf.entry)?.[1]
  const own = leaves.flatMap((leaf, index) => (changeOf(leaf) === changeOf(leaves[at]) ? [index] : []))
  return own[0] !== at && own.at(-1) !== at
}

/** The `number`th tampering: kinds take turns, packs too, the rest follows from the number. */
export function tamperedPack(from: PackGround, number: number) {
  const names = Object.keys(tamperings)
  const how = names[number % names.length] ?? ''
  const random = randomOf(number)
  const packs = Object.values(from.packs)
  const chosen = packs[random(packs.length)] ?? from.packs.change
  const store = copyOf(chosen)
  tamperings[how]?.(store, random, from)
  return { how, store }
}
