import { spawnSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { exportEvidence, verifyEvidence } from '../../../cli/evidence-files.ts'
import { leafPath } from '../../../functions/evidence/leaf.ts'
import { memoryEvidenceStore } from '../../../simulator/ports/evidence-store.ts'
import { anyLog, anyRecord, changeA, changeB } from './any-log.ts'

const root = mkdtempSync(join(tmpdir(), 'drydock-evidence-'))
afterAll(() => rmSync(root, { recursive: true }), 60_000)
const { store, signer } = await anyLog([9, 3])
const keyFile = join(root, 'log.vkey')
writeFileSync(keyFile, `${await signer.verifierKey()}\n`)
const fresh = () => join(mkdtempSync(join(root, 'export-')), 'evidence')
const filesOf = (directory: string) =>
  Object.fromEntries(
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [path.slice(directory.length), readFileSync(path).toString('base64')]),
  )

describe('8.8 11.10 evidence in a directory', () => {
  it('is exported for a change, verified with a key file alone, and the same bytes each time (I17)', async () => {
    const [one, other] = [fresh(), fresh()]
    for (const directory of [one, other])
      expect(await exportEvidence({ store, changeId: changeA, directory })).toEqual({ size: 12, leaves: 4, files: 6 })
    expect(await verifyEvidence({ directory: one, keyFiles: [keyFile] })).toMatchObject({
      ok: true,
      size: 12,
      leaves: 4,
      problems: [],
    })
    expect(filesOf(one)).toEqual(filesOf(other))
    await exportEvidence({ store, changeId: changeA, directory: one })
    expect(filesOf(one)).toEqual(filesOf(other))
  })

  it('B44 names the leaf of which a byte was flipped', async () => {
    const directory = fresh()
    await exportEvidence({ store, changeId: changeA, directory })
    const leaf = leafPath(anyRecord(6))
    const bytes = readFileSync(join(directory, leaf))
    bytes[100] = (bytes[100] ?? 0) ^ 1
    writeFileSync(join(directory, leaf), bytes)
    const { ok, problems } = await verifyEvidence({ directory, keyFiles: [keyFile] })
    expect(ok).toBe(false)
    expect(problems).toMatchObject([{ kind: 'bad', leaf }])
  })

  it('is not mixed with another export', async () => {
    const directory = fresh()
    await exportEvidence({ store, changeId: changeA, directory })
    await expect(exportEvidence({ store, changeId: changeB, directory })).rejects.toMatchObject({ code: 'DD2107' })
  })

  it('is not exported from an empty store', async () => {
    await expect(exportEvidence({ store: memoryEvidenceStore(), directory: fresh() })).rejects.toMatchObject({
      code: 'DD2106',
    })
  })

  it('does not verify without a key, an unreadable key, a directory that is missing', async () => {
    const directory = fresh()
    await exportEvidence({ store, directory })
    const bad = join(root, 'bad.vkey')
    writeFileSync(bad, '')
    await expect(verifyEvidence({ directory, keyFiles: [bad] })).rejects.toMatchObject({ code: 'DD2108' })
    await expect(verifyEvidence({ directory, keyFiles: [join(root, 'none')] })).rejects.toThrow('ENOENT')
    expect(await verifyEvidence({ directory: join(root, 'none'), keyFiles: [keyFile] })).toMatchObject({
      ok: false,
      size: 0,
    })
  })

  describe('what is no file', () => {
    const leaf = leafPath(anyRecord(6))
    const verify = (directory: string) => verifyEvidence({ directory, keyFiles: [keyFile] })
    async function exported() {
      const directory = fresh()
      await exportEvidence({ store, directory })
      return { directory, kept: join(mkdtempSync(join(root, 'kept-')), 'kept') }
    }
    /** A file that no entry names makes up for the one that is missing: the numbers agree. */
    const addOne = (directory: string) => writeFileSync(join(directory, leafPath(anyRecord(999))), '{}')
    const missingAndAdded = [
      { kind: 'missing', leaf },
      { kind: 'added', leaf: leafPath(anyRecord(999)) },
    ]

    it('a link in place of a leaf: the leaf is missing', async () => {
      const { directory, kept } = await exported()
      renameSync(join(directory, leaf), kept)
      symlinkSync(kept, join(directory, leaf))
      expect((await verify(directory)).problems).toMatchObject([{ kind: 'missing', leaf }])
      addOne(directory)
      expect((await verify(directory)).problems).toMatchObject(missingAndAdded)
    })

    it.each([dirname(leaf), 'v1/leaf', 'v1/tlog', 'v1'])('a link in place of the folder %s', async (folder) => {
      const { directory, kept } = await exported()
      renameSync(join(directory, folder), kept)
      symlinkSync(kept, join(directory, folder))
      const [first] = (await verify(directory)).problems
      expect(first).toMatchObject({ kind: 'missing' })
    })

    it('a pipe in place of a leaf: nobody waits for it', async () => {
      const { directory } = await exported()
      rmSync(join(directory, leaf))
      expect(spawnSync('mkfifo', [join(directory, leaf)]).status).toBe(0)
      addOne(directory)
      expect((await verify(directory)).problems).toMatchObject(missingAndAdded)
    })

    it('a folder, empty or in place of a leaf', async () => {
      const { directory } = await exported()
      mkdirSync(join(directory, 'v1', 'leaf', 'folder'))
      expect(await verify(directory)).toMatchObject({ ok: true })
      rmSync(join(directory, leaf))
      mkdirSync(join(directory, leaf))
      expect((await verify(directory)).problems).toMatchObject([{ kind: 'missing', leaf }])
    })
  })
})
