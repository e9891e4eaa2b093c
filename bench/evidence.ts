/** Evidence: offline verification of a whole log and its growth, against plain SHA-256 of the same bytes. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { verifyEvidence } from '../cli/evidence-files.ts'
import { isSignedBy, sha256 } from '../functions/aws/node-crypto.ts'
import { encodeEntry } from '../functions/evidence/bundle.ts'
import { concat, toHex, utf8 } from '../functions/evidence/bytes.ts'
import { keyIdOf } from '../functions/evidence/keys.ts'
import { leafPath, sealLeaf } from '../functions/evidence/leaf.ts'
import { appendHashes, emptyRange, hashLeaf, rootOf } from '../functions/evidence/merkle.ts'
import { checkpointText, formatNote } from '../functions/evidence/note.ts'
import { checkpointPath, extendLog } from '../functions/evidence/tiles.ts'
import { verifyFiles } from '../functions/evidence/verify.ts'
import { directoryEvidenceStore, memoryEvidenceStore } from '../local/ports/evidence-store.ts'
import { localSigner } from '../local/ports/signer.ts'
import { asMarkdown, type Bench, type BenchRow, median } from './table.ts'

const name = 'drydock.bench/evidence'
const repeats = 5

async function medianMs(work: () => unknown): Promise<number> {
  const times: number[] = []
  for (let run = 0; run < repeats; run++) {
    const startMs = performance.now()
    await work()
    times.push(performance.now() - startMs)
  }
  return median(times)
}

/** A log of leaves of about 1.2 kB. A whole log is proved by its checkpoint alone, so only that is signed. */
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
    entries.push({ path, sha256: toHex(sha256(bytes)) })
  }
  const leaves = [...store.objects.values()]
  const extended = await extendLog({
    sha256,
    oldSize: 0,
    entries,
    readPartial: async () => new Uint8Array(0),
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
    entries: entries.map(encodeEntry),
    keys: [{ name, ...key }],
    vkey: await signer.verifierKey(),
  }
}

async function measure(count: number): Promise<BenchRow[]> {
  const { store, leaves, entries, keys } = await makeLog(count)
  const verify = async () => {
    const verdict = await verifyFiles({ files: store, keys, sha256, verifySignature: isSignedBy })
    if (!verdict.ok) throw new Error(`the log of the benchmark does not verify: ${JSON.stringify(verdict.problems[0])}`)
  }
  const nodes = Array.from({ length: count }, () => new Uint8Array(65))
  const prefixed = entries.map((entry) => concat([new Uint8Array(1), entry]))
  const hashAll = (...lists: readonly (readonly Uint8Array[])[]) => {
    for (const list of lists) for (const bytes of list) sha256(bytes)
  }
  const oursMs = await medianMs(verify)
  const leavesMs = await medianMs(() => hashAll(leaves))
  const everyMs = await medianMs(() => hashAll(leaves, prefixed, nodes))
  const treeMs = await medianMs(() => hashAll(prefixed, nodes))
  const appendMs = await medianMs(() =>
    appendHashes(
      sha256,
      emptyRange,
      entries.map((entry) => hashLeaf(sha256, entry)),
    ),
  )
  const what = `${count.toLocaleString('en')} leaves`
  return [
    { what: `verify ${what}`, ours: oursMs, peer: leavesMs, unit: 'ms', against: 'SHA-256 of the leaves' },
    {
      what: `verify ${what}`,
      ours: oursMs,
      peer: everyMs,
      unit: 'ms',
      against: 'SHA-256 of leaves, entries and nodes',
    },
    {
      what: `append ${what} to the tree`,
      ours: appendMs,
      peer: treeMs,
      unit: 'ms',
      against: 'SHA-256 of entries and nodes',
    },
  ]
}

/** Linux hands the peak of the parent on to the child's `maxRSS`; VmHWM is the child's own. */
function peakMegabytes(): number {
  const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : ''
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? process.resourceUsage().maxRSS
  return Number(kilobytes) / 1024
}

/** Peak memory of a process of its own that verifies a directory of 10,000 leaves. */
async function measureMemory(): Promise<BenchRow> {
  const directory = mkdtempSync(join(tmpdir(), 'drydock-bench-'))
  try {
    const { store, vkey } = await makeLog(10_000)
    const target = directoryEvidenceStore(directory)
    for (const [path, bytes] of store.objects) await target.create(path, bytes)
    const keyFile = join(directory, 'log.vkey')
    writeFileSync(keyFile, vkey)
    const { stdout } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), '--verify', directory, keyFile], {
      encoding: 'utf8',
    })
    const what = 'peak memory, 10,000 leaves from a directory'
    return { what, ours: Number(stdout), peer: 200, unit: 'MB', against: 'bound for 100,000 leaves' }
  } finally {
    rmSync(directory, { recursive: true })
  }
}

/** Measures 10,000 leaves, and 100,000 to see that the cost grows no faster than the log. */
export async function benchEvidence(): Promise<Bench[]> {
  const rows = [...(await measure(10_000)), ...(await measure(100_000)), await measureMemory()]
  return [{ title: 'Evidence', command: 'node bench/evidence.ts', rows }]
}

if (import.meta.main) {
  const [, , mode, directory = '', keyFile = ''] = process.argv
  if (mode === '--verify') {
    const { ok } = await verifyEvidence({ directory, keyFiles: [keyFile] })
    process.stdout.write(ok ? String(peakMegabytes()) : 'NaN')
  } else {
    const benches = await benchEvidence()
    process.stdout.write(mode === '--json' ? `${JSON.stringify(benches)}\n` : benches.map(asMarkdown).join('\n'))
  }
}
