/** Evidence: offline verification of a whole log and its growth, against plain SHA-256 of the same bytes. */
import { createHash, hash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { verifyEvidence } from '../cli/evidence-files.ts'
import { isSignedBy, sha256 } from '../functions/aws/node-crypto.ts'
import { type Entry, encodeEntry } from '../functions/evidence/bundle.ts'
import { concat, toBase64, utf8 } from '../functions/evidence/bytes.ts'
import { linked } from '../functions/evidence/chain.ts'
import { keyIdOf } from '../functions/evidence/keys.ts'
import { leafPath, sealLeaf } from '../functions/evidence/leaf.ts'
import { rootOf } from '../functions/evidence/merkle.ts'
import { checkpointText, formatNote } from '../functions/evidence/note.ts'
import { inclusionProof } from '../functions/evidence/proofs.ts'
import { checkpointPath, extendLog } from '../functions/evidence/tiles.ts'
import { verifyFiles } from '../functions/evidence/verify.ts'
import { memoryEvidenceStore } from '../simulator/ports/evidence-store.ts'
import { localSigner } from '../simulator/ports/signer.ts'
import { runCommand } from './evidence-command.ts'
import { measurePacks } from './evidence-pack.ts'
import { asMarkdown, type Bench, type BenchRow, median } from './table.ts'

const name = 'drydock.bench/evidence'
const repeats = 5

/**
 * CPU time of each task, the median of interleaved runs, so that other load affects all alike. Each uses one thread;
 * wall time would include waiting for other processes.
 */
async function cpuMsOf<Name extends string>(
  works: Readonly<Record<Name, () => unknown>>,
): Promise<(name: Name) => number> {
  const times = new Map<string, number[]>()
  for (let run = 0; run < repeats; run++) {
    for (const [name, work] of Object.entries<() => unknown>(works)) {
      const before = process.cpuUsage()
      await work()
      const { user, system } = process.cpuUsage(before)
      times.set(name, [...(times.get(name) ?? []), (user + system) / 1_000])
    }
  }
  return (name) => median(times.get(name) ?? [])
}

/** Entries in the chains of their changes. */
const linkedOf = (entries: readonly Entry[]): Entry[] =>
  linked(
    entries.map((leaf) => ({ leaf, closes: false })),
    { sha256, from: 0, heads: [] },
  )

/** A log of leaves of about 1.2 kB. Its checkpoint alone proves a whole log, so only that is signed. */
export async function makeLog(count: number) {
  const signer = localSigner(name, 'bench')
  const key = { algorithm: 'Ed25519', publicKey: await signer.publicKey() } as const
  const keyId = keyIdOf(sha256, name, key)
  const unsigned = { sha256, keyId: `${name}+${keyId}`, sign: async () => new Uint8Array(64) }
  const store = memoryEvidenceStore()
  const entries: { path: string; sha256: string }[] = []
  for (let index = 0; index < count; index++) {
    const record = {
      leafId: `01J${String(index).padStart(23, '0')}`,
      at: '2026-11-23T10:00:00.000Z',
      type: 'rollout.host-moved',
      account: '123456789012',
      changeId: `01JC${String(index % 100).padStart(22, '0')}`,
      actor: 'drydock',
      body: { host: `i-${String(index).padStart(17, '0')}`, step: 'verify', packages: 'openssl=3.0.15-1 '.repeat(12) },
    }
    const [path, bytes] = [leafPath(record), await sealLeaf(record, unsigned)]
    store.objects.set(path, bytes)
    entries.push({ path, sha256: sha256.hex(bytes) })
  }
  const leaves = [...store.objects.values()]
  const chained = linkedOf(entries)
  const extended = await extendLog({
    sha256,
    oldSize: 0,
    entries: chained,
    readPartial: emptyLog,
  })
  if (!extended) throw new Error('the log of the benchmark cannot be made')
  const { files, range } = extended
  for (const { path, bytes } of files) store.objects.set(path, bytes)
  const text = checkpointText({ origin: name, size: count, root: rootOf(sha256, range) })
  const note = formatNote(text, [{ name, keyId, signature: await signer.sign(utf8(text)) }])
  store.objects.set(checkpointPath, utf8(note))
  return {
    store,
    leaves,
    entries: chained.map(encodeEntry),
    paths: entries.map(({ path }) => path),
    keys: [{ name, ...key }],
    vkey: await signer.verifierKey(),
  }
}

/** The goal for this many leaves, against one-shot hashing and parsing of the same bytes. */
const goalRatioMax = 1.1
const goalCount = 100_000

async function emptyLog(): Promise<Uint8Array> {
  return new Uint8Array(0)
}

/** Verification and growth in memory against SHA-256, message by message, of every byte that either has to hash. */
async function measure(count: number): Promise<BenchRow[]> {
  const { store, leaves, entries, keys, paths } = await makeLog(count)
  const nodes = Array.from({ length: count }, () => new Uint8Array(65))
  const messages = [leaves, entries.map((entry) => concat([new Uint8Array(1), entry])), nodes]
  const ms = await cpuMsOf({
    async verify() {
      const verdict = await verifyFiles({ files: store, keys, sha256, verifySignature: isSignedBy })
      if (!verdict.ok) throw new Error(`the log of the benchmark does not verify: ${verdict.problems[0]?.leaf}`)
    },
    async append() {
      const added = leaves.map((leaf, at) => ({ path: paths[at] ?? '', sha256: sha256.hex(leaf) }))
      await extendLog({ sha256, oldSize: 0, entries: linkedOf(added), readPartial: emptyLog })
    },
    createHash() {
      for (const list of messages) for (const bytes of list) createHash('sha256').update(bytes).digest()
    },
    hash() {
      for (const list of messages) for (const bytes of list) hash('sha256', bytes)
    },
    hashAndParse() {
      for (const list of messages) for (const bytes of list) hash('sha256', bytes)
      for (const list of [leaves, entries]) for (const bytes of list) JSON.parse(Buffer.from(bytes).toString())
    },
    hashLeaves() {
      for (const bytes of leaves) hash('sha256', bytes)
    },
  })
  const row = (what: string, ours: number, peer: number, against: string, hasGoal = false) => ({
    what: `${what} ${count.toLocaleString('en')} leaves in memory`,
    ours,
    peer,
    unit: 'ms',
    against,
    ...(hasGoal && count === goalCount ? { goalRatioMax } : {}),
  })
  const all = 'leaves, entries and nodes'
  return (['verify', 'append'] as const).flatMap((what) => [
    row(what, ms(what), ms('hashAndParse'), `one-shot hash of ${all}, JSON.parse of leaves and entries`, true),
    row(what, ms(what), ms('createHash'), `createHash of ${all}`),
    row(what, ms(what), ms('hash'), `one-shot hash of ${all}`),
    row(what, ms(what), ms('hashLeaves'), 'one-shot hash of the leaves alone'),
  ])
}

/** Verification of a directory, by the function and by the command. */
async function measureDirectory(count: number): Promise<BenchRow[]> {
  const directory = mkdtempSync(join(tmpdir(), 'drydock-bench-'))
  const keyFile = `${directory}.vkey`
  try {
    const { store, vkey } = await makeLog(count)
    const files = [...store.objects].map(([path, bytes]) => ({ path: join(directory, path), bytes }))
    for (const folder of new Set(files.map(({ path }) => dirname(path)))) mkdirSync(folder, { recursive: true })
    for (const { path, bytes } of files) writeFileSync(path, bytes)
    writeFileSync(keyFile, vkey)
    const paths = files.map(({ path }) => path)
    const ms = await cpuMsOf({
      verify: () => verifyEvidence({ directory, keyFiles: [keyFile] }),
      createHash() {
        for (const path of paths) createHash('sha256').update(readFileSync(path)).digest()
      },
    })
    const runs = Array.from({ length: 3 }, () => runCommand(directory, keyFile))
    const what = `${count.toLocaleString('en')} leaves from a directory`
    const against = 'createHash of the same files, read one by one'
    const byCommand = `drydock evidence verify, ${what}`
    return [
      { what: `verify ${what}`, ours: ms('verify'), peer: ms('createHash'), unit: 'ms', against, goalRatioMax },
      {
        what: `${byCommand}: time`,
        ours: Math.min(...runs.map(({ seconds }) => seconds)),
        peer: 3,
        unit: 's',
        against: 'bound, with the start of Node',
        goalRatioMax: 1,
      },
      {
        what: `${byCommand}: peak memory`,
        ours: Math.max(...runs.map(({ megabytes }) => megabytes)),
        peer: 200,
        unit: 'MB',
        against: 'bound, resident',
        goalRatioMax: 1,
      },
    ]
  } finally {
    rmSync(directory, { recursive: true })
    rmSync(keyFile, { force: true })
  }
}

/** The longest inclusion proof, as a manifest holds it. */
function measureProof(count: number): BenchRow {
  const hashes = sha256(new Uint8Array(0))
  const proof = inclusionProof({ sha256, nodeAt: () => hashes, size: count }, 0)
  return {
    what: `inclusion proof of one of ${count.toLocaleString('en')} leaves`,
    ours: JSON.stringify(proof.map(toBase64)).length,
    peer: 2_048,
    unit: 'bytes',
    against: 'bound',
    goalRatioMax: 1,
  }
}

const whichBytes =
  'A log is hashed in short messages: a leaf of about 1.2 kB, an entry of 0.4 kB and a node for each. The goal is taken as all of these by the one-shot `hash` of Node, and `JSON.parse` of leaves and entries once; verification looks up each path, reads each entry, follows the chains and compares. The leaves alone cannot be the measure, because entries and nodes have to be hashed as well.'

/** 10,000 leaves beside the 100,000 of the goal, to see that the cost grows no faster than the log. */
export async function benchEvidence(): Promise<Bench[]> {
  const title = 'Evidence'
  const command = 'node bench/evidence.ts'
  const rows = [
    ...(await measure(10_000)),
    ...(await measure(goalCount)),
    ...(await measureDirectory(goalCount)),
    measureProof(goalCount),
    ...(await measurePacks()),
  ]
  return [{ title, command, rows, notes: [whichBytes] }]
}

if (import.meta.main) {
  const benches = await benchEvidence()
  const isJson = process.argv.includes('--json')
  process.stdout.write(isJson ? `${JSON.stringify(benches)}\n` : benches.map(asMarkdown).join('\n'))
}
