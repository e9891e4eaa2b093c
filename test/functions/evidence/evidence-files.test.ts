import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { exportEvidence, verifyEvidence } from '../../../cli/evidence-files.ts'
import { leafPath } from '../../../functions/evidence/leaf.ts'
import { memoryEvidenceStore } from '../../../local/ports/evidence-store.ts'
import { anyLog, anyRecord, changeA, changeB } from './any-log.ts'

const root = mkdtempSync(join(tmpdir(), 'drydock-evidence-'))
afterAll(() => rmSync(root, { recursive: true }))
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
      expect(await exportEvidence({ store, changeId: changeA, directory })).toEqual({ size: 12, leaves: 4, files: 8 })
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

  it('takes a link in place of a leaf for a missing leaf', async () => {
    const directory = fresh()
    await exportEvidence({ store, directory })
    const leaf = leafPath(anyRecord(6))
    const kept = join(root, 'kept.json')
    writeFileSync(kept, readFileSync(join(directory, leaf)))
    rmSync(join(directory, leaf))
    symlinkSync(kept, join(directory, leaf))
    expect((await verifyEvidence({ directory, keyFiles: [keyFile] })).problems[0]).toMatchObject({
      kind: 'missing',
      leaf,
    })
    mkdirSync(join(directory, 'v1', 'folder'))
    expect((await verifyEvidence({ directory, keyFiles: [keyFile] })).problems).toHaveLength(1)
  })
})
