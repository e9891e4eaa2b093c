import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { exportEvidence, verifyEvidence } from '../../../cli/evidence-files.ts'
import { archive } from '../../../functions/evidence/archive.ts'
import { checkpointPath } from '../../../functions/evidence/tiles.ts'
import type { memoryEvidenceStore } from '../../../simulator/ports/evidence-store.ts'
import { localSigner } from '../../../simulator/ports/signer.ts'
import { runs } from '../../runs.ts'
import { anyArchive, anyLog, anyRecords, changeA, copyOf } from './any-log.ts'
import { oddDirectories } from './odd-directories.ts'
import { packGround, tamperedPack } from './pack-tampering.ts'
import { bothSay, byPython, hasMlDsa, isPythonMissing, python, script } from './python.ts'
import { recorded, storeOf } from './recorded-log.ts'

const root = mkdtempSync(join(tmpdir(), 'drydock-evidence-'))
afterAll(() => rmSync(root, { recursive: true }), 240_000)
const { store: whole, signer } = await anyLog([255, 5, 20])
const { store: earlier } = await anyLog([255, 5])
const { store: foreign } = await anyLog([255, 5, 20], 'mallory')
const keyFile = join(root, 'log.vkey')
writeFileSync(keyFile, await signer.verifierKey())

function directoryOf({ objects }: ReturnType<typeof memoryEvidenceStore>): string {
  const directory = mkdtempSync(join(root, 'log-'))
  for (const [path, bytes] of objects) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), bytes)
  }
  return directory
}

describe.skipIf(isPythonMissing)('11.10 docs/verify.py (needs Python with cryptography)', () => {
  it('agrees on a whole log, an export of everything and an export of one change', async () => {
    expect(await bothSay(directoryOf(whole), keyFile)).toMatchObject({ ok: true, size: 280 })
    for (const change of [{}, { changeId: changeA }]) {
      const directory = mkdtempSync(join(root, 'export-'))
      await exportEvidence({ store: whole, directory, ...change })
      expect(await bothSay(directory, keyFile)).toMatchObject({ ok: true, size: 280 })
    }
  })

  it('agrees that an empty directory proves nothing', async () => {
    expect(await bothSay(mkdtempSync(join(root, 'empty-')), keyFile)).toMatchObject({ ok: false })
  })

  it('agrees on a continuation, a rollback and a foreign log by a known checkpoint', async () => {
    const known = join(root, 'known')
    for (const [log, kept, status] of [
      [whole, earlier, 0],
      [earlier, whole, 7],
      [whole, foreign, 7],
    ] as const) {
      writeFileSync(known, (await kept.read(checkpointPath)) ?? '')
      const directory = directoryOf(log)
      const ours = await verifyEvidence({ directory, keyFiles: [keyFile], knownCheckpointFile: known })
      expect(ours.ok).toBe(status === 0)
      expect(byPython(directory, keyFile, '--known-checkpoint', known)).toMatchObject({
        status,
        verdict: { ok: ours.ok },
      })
    }
  })

  it('agrees on a PEM key, and refuses a file that holds none', async () => {
    const directory = directoryOf(earlier)
    const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), await signer.publicKey()])
    const pem = join(root, 'key.pem')
    writeFileSync(pem, `-----BEGIN PUBLIC KEY-----\n${spki.toString('base64')}\n-----END PUBLIC KEY-----\n`)
    expect(await verifyEvidence({ directory, keyFiles: [pem] })).toMatchObject({ ok: true })
    expect(spawnSync(python, [script, directory, '--key', pem]).status).toBe(0)
    writeFileSync(pem, 'no key\n')
    await expect(verifyEvidence({ directory, keyFiles: [pem] })).rejects.toMatchObject({ code: 'DD2108' })
    expect(spawnSync(python, [script, directory, '--key', pem]).status).toBe(1)
  })

  it('agrees on a log signed twice, where ML-DSA-65 can be verified; else says that it cannot', async () => {
    const { name } = signer
    const twice = localSigner(name, 'twice', true)
    const made = { ...anyArchive(anyRecords(3)), signer: twice }
    await archive(made)
    const both = join(root, 'both.vkey')
    writeFileSync(both, await twice.verifierKey())
    const directory = directoryOf(made.store)
    const good = spawnSync(python, [script, directory, '--key', both, '--json'], { encoding: 'utf8' })
    if (!hasMlDsa) {
      expect(good).toMatchObject({ status: 1, stdout: '' })
      expect(good.stderr).toContain('not verified: ')
      return
    }
    const ours = await verifyEvidence({ directory, keyFiles: [both] })
    expect(ours).toMatchObject({
      ok: true,
      signedBy: [expect.stringMatching('^Ed25519'), expect.stringMatching('^ML-DSA-65')],
    })
    expect(JSON.parse(good.stdout)).toEqual({ ...ours, problems: [] })
    const checkpoint = join(directory, checkpointPath)
    const lines = readFileSync(checkpoint, 'utf8').split('\n')
    for (const [left, kind] of [
      [[...lines.slice(0, -2), ''], 'wrong-key'],
      [[...lines.slice(0, -2), (lines.at(-2) ?? '').replace(/.{8}$/, 'AAAAAAAA'), ''], 'bad'],
    ] as const) {
      writeFileSync(checkpoint, left.join('\n'))
      expect((await verifyEvidence({ directory, keyFiles: [both] })).problems[0]).toMatchObject({ kind })
      const { status, stdout } = spawnSync(python, [script, directory, '--key', both, '--json'], { encoding: 'utf8' })
      expect({ status, problems: JSON.parse(stdout).problems }).toEqual({
        status: 7,
        problems: [{ kind, leaf: checkpointPath }],
      })
    }
  }, 30_000)

  it('agrees on what is wrong, problem by problem, whatever was tampered with', async () => {
    const how = fc.constantFrom('flip', 'drop', 'truncate', 'extend', 'swap', 'foreign', 'earlier')
    const tampering = fc.record({
      how,
      at: fc.nat(),
      other: fc.nat(),
      place: fc.nat(),
      mask: fc.integer({ min: 1, max: 255 }),
    })
    const drawn = fc.sample(fc.array(tampering, { minLength: 1, maxLength: 3 }), { seed: 832, numRuns: runs(40) })
    const directories = drawn.map((tamperings) => directoryOf(tamperedBy(tamperings)))
    const theirs = allByPython(directories)
    for (const [at, directory] of directories.entries()) {
      const { problems, ...verdict } = await verifyEvidence({ directory, keyFiles: [keyFile] })
      expect({ drawn: drawn[at], verdict: theirs[at] }).toEqual({
        drawn: drawn[at],
        verdict: { ...verdict, problems: problems.map(({ kind, leaf }) => ({ kind, leaf })) },
      })
    }
  }, 60_000)
})

/** Some thousands take a minute: `DRYDOCK_TAMPERINGS`. */
const packTamperings = Math.min(Number(process.env.DRYDOCK_TAMPERINGS ?? 120), 5_000)

describe.skipIf(isPythonMissing)('11.10 B44 both verifiers on packs', () => {
  it('agree on packs of a change, of some days, of a log from before chains, and on what each proves', async () => {
    const [ground, keys] = [await packGround(), join(root, 'pack.vkey')]
    writeFileSync(keys, await ground.signer.verifierKey())
    for (const [name, store] of Object.entries(ground.packs)) {
      const verdict = await bothSay(directoryOf(store), keys)
      expect({ name, ok: verdict.ok, problems: verdict.problems }).toEqual({ name, ok: true, problems: [] })
    }
    expect(await bothSay(directoryOf(storeOf(recorded.export)), keyFile)).toMatchObject({ ok: true, leaves: 4 })
  })

  it('agree on a known checkpoint, continued and forked', async () => {
    const [ground, known] = [await packGround(), join(root, 'known-of-pack')]
    for (const [name, bytes] of Object.entries(ground.checkpoints)) {
      writeFileSync(known, bytes)
      for (const store of Object.values(ground.packs)) {
        const directory = directoryOf(store)
        const { problems, ...ours } = await verifyEvidence({
          directory,
          keyFiles: [keyFile],
          knownCheckpointFile: known,
        })
        const theirs = byPython(directory, keyFile, '--known-checkpoint', known)
        expect({ name, verdict: theirs.verdict }).toEqual({
          name,
          verdict: { ...ours, problems: problems.map(({ kind, leaf }) => ({ kind, leaf })) },
        })
      }
    }
  }, 60_000)

  it('agree, problem by problem, on whatever was tampered with, and let none pass', async () => {
    const ground = await packGround()
    const numbers = Array.from({ length: packTamperings }, (_, number) => number)
    const made = numbers.map((number) => tamperedPack(ground, number))
    const directories = made.map(({ store }) => directoryOf(store))
    const theirs = allByPython(directories)
    for (const [at, directory] of directories.entries()) {
      const { problems, ...verdict } = await verifyEvidence({ directory, keyFiles: [keyFile] })
      const how = made[at]?.how
      expect({ at, how, verdict: theirs[at] }).toEqual({
        at,
        how,
        verdict: { ...verdict, problems: problems.map(({ kind, leaf }) => ({ kind, leaf })) },
      })
      expect({ at, how, ok: verdict.ok }).toEqual({ at, how, ok: false })
    }
  }, 1_200_000)
})

describe.skipIf(isPythonMissing)('11.10 B44 both verifiers on a directory that is odd', oddDirectories)

interface Tampering {
  readonly how: string
  readonly at: number
  readonly other: number
  readonly place: number
  readonly mask: number
}

function tamperedBy(tamperings: readonly Tampering[]) {
  const store = copyOf(whole)
  for (const { how, at, other, place, mask } of tamperings) {
    const paths = [...store.objects.keys()].sort()
    // Half of the time a file of the log, of which there are fewer than leaves.
    const chosen = place % 2 === 0 ? paths : paths.filter((path) => path.startsWith('v1/tlog/'))
    const [path = '', second = ''] = [chosen[at % chosen.length], chosen[other % chosen.length]]
    const bytes = store.objects.get(path) ?? new Uint8Array(1)
    const secondBytes = store.objects.get(second) ?? new Uint8Array(1)
    if (how === 'flip')
      store.objects.set(
        path,
        bytes.map((byte, index) => (index === place % bytes.length ? byte ^ mask : byte)),
      )
    if (how === 'drop') store.objects.delete(path)
    if (how === 'truncate') store.objects.set(path, bytes.slice(0, place % (bytes.length + 1)))
    if (how === 'extend') store.objects.set(path, Uint8Array.of(...bytes, mask))
    if (how === 'swap') store.objects.set(path, secondBytes).set(second, bytes)
    if (how === 'foreign') store.objects.set(path, foreign.objects.get(path) ?? bytes)
    if (how === 'earlier') store.objects.set(checkpointPath, earlier.objects.get(checkpointPath) ?? bytes)
  }
  return store
}

/** Verdicts on many directories by one Python: starting one takes longer than verifying. */
function allByPython(directories: readonly string[]) {
  const program = [
    'import json, sys',
    'sys.path.insert(0, sys.argv[1])',
    'from verify import Verifier, read_keys',
    'keys = read_keys(open(sys.argv[2]).read())',
    'for line in sys.stdin: print(json.dumps(Verifier(line.rstrip("\\n"), keys).verify()))',
  ].join('\n')
  const { stdout, stderr } = spawnSync(python, ['-B', '-c', program, dirname(script), keyFile], {
    input: directories.join('\n'),
    encoding: 'utf8',
  })
  if (stderr !== '') throw new Error(stderr)
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}
