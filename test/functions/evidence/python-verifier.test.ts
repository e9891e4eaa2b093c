import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { exportEvidence, verifyEvidence } from '../../../cli/evidence-files.ts'
import { checkpointPath } from '../../../functions/evidence/tiles.ts'
import type { memoryEvidenceStore } from '../../../local/ports/evidence-store.ts'
import { anyLog, changeA, copyOf } from './any-log.ts'

const script = fileURLToPath(new URL('../../../docs/verify.py', import.meta.url))
const root = mkdtempSync(join(tmpdir(), 'drydock-evidence-'))
afterAll(() => rmSync(root, { recursive: true }))
const hasPython = spawnSync('python3', ['-c', 'import cryptography']).status === 0

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

function byPython(directory: string, ...more: string[]) {
  const { status, stdout, stderr } = spawnSync('python3', [script, directory, '--key', keyFile, '--json', ...more], {
    encoding: 'utf8',
  })
  if (stderr !== '') throw new Error(stderr)
  return { status, verdict: JSON.parse(stdout) }
}

async function bothSay(directory: string) {
  const ours = await verifyEvidence({ directory, keyFile })
  const { status, verdict } = byPython(directory)
  expect(verdict).toEqual({ ...ours, problems: ours.problems.map(({ kind, leaf }) => ({ kind, leaf })) })
  expect(status).toBe(ours.ok ? 0 : 7)
  return ours
}

describe.skipIf(!hasPython)('11.10 docs/verify.py (needs python3 with cryptography)', () => {
  it('agrees on a whole log, an export of everything and an export of one change', async () => {
    expect(await bothSay(directoryOf(whole))).toMatchObject({ ok: true, size: 280 })
    for (const change of [{}, { changeId: changeA }]) {
      const directory = mkdtempSync(join(root, 'export-'))
      await exportEvidence({ store: whole, directory, ...change })
      expect(await bothSay(directory)).toMatchObject({ ok: true, size: 280 })
    }
  })

  it('agrees that an empty directory proves nothing', async () => {
    expect(await bothSay(mkdtempSync(join(root, 'empty-')))).toMatchObject({ ok: false })
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
      const ours = await verifyEvidence({ directory, keyFile, knownCheckpointFile: known })
      expect(ours.ok).toBe(status === 0)
      expect(byPython(directory, '--known-checkpoint', known)).toMatchObject({ status, verdict: { ok: ours.ok } })
    }
  })

  it('agrees on a PEM key, and refuses a file that holds none', async () => {
    const directory = directoryOf(earlier)
    const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), await signer.publicKey()])
    const pem = join(root, 'key.pem')
    writeFileSync(pem, `-----BEGIN PUBLIC KEY-----\n${spki.toString('base64')}\n-----END PUBLIC KEY-----\n`)
    expect(await verifyEvidence({ directory, keyFile: pem })).toMatchObject({ ok: true })
    expect(spawnSync('python3', [script, directory, '--key', pem]).status).toBe(0)
    writeFileSync(pem, 'no key\n')
    await expect(verifyEvidence({ directory, keyFile: pem })).rejects.toMatchObject({ code: 'DD2108' })
    expect(spawnSync('python3', [script, directory, '--key', pem]).status).toBe(1)
  })

  it('agrees on what is wrong, problem by problem, whatever was tampered with', async () => {
    const how = fc.constantFrom('flip', 'drop', 'truncate', 'extend', 'swap', 'foreign', 'earlier')
    const tampering = fc.record({
      how,
      at: fc.nat(),
      other: fc.nat(),
      place: fc.nat(),
      mask: fc.integer({ min: 1, max: 255 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(tampering, { minLength: 1, maxLength: 3 }), async (tamperings) => {
        const store = copyOf(whole)
        for (const { how, at, other, place, mask } of tamperings) {
          const paths = [...store.objects.keys()].sort()
          // Half of the time a file of the log, of which there are fewer than leaves.
          const chosen = place % 2 === 0 ? paths : paths.filter((path) => path.startsWith('v1/tlog/'))
          const [path = '', second = ''] = [chosen[at % chosen.length], chosen[other % chosen.length]]
          const [bytes, secondBytes] = [
            store.objects.get(path) ?? new Uint8Array(1),
            store.objects.get(second) ?? new Uint8Array(1),
          ]
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
        const directory = directoryOf(store)
        await bothSay(directory)
        rmSync(directory, { recursive: true })
      }),
      { numRuns: 25 },
    )
  }, 120_000)
})
