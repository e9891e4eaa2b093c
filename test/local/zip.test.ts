import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { zipOf } from '../../local/zip.ts'

/** What Python, in which the emulator is written, reads out of an archive: each file in hexadecimal, or the name of the first that is damaged. */
function readByPython(archive: Buffer): unknown {
  const file = join(mkdtempSync(join(tmpdir(), 'zip-')), 'archive.zip')
  writeFileSync(file, archive)
  const script = `
import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    bad = archive.testzip()
    print(json.dumps(bad or {one: archive.read(one).hex() for one in archive.namelist()}))`
  return JSON.parse(execFileSync('python3', ['-c', script, file], { encoding: 'utf8' }))
}

const hex = (text: string) => Buffer.from(text).toString('hex')

describe('zipOf', () => {
  it('holds every file, as another reader finds it', () => {
    const entries = [
      { path: 'index.mjs', bytes: Buffer.from('export const handler = 1') },
      { path: 'folder/Ü.txt', bytes: Buffer.from('') },
      { path: 'large', bytes: Buffer.alloc(100_000, 'x') },
    ]
    expect(readByPython(zipOf(entries))).toEqual({
      'index.mjs': hex('export const handler = 1'),
      'folder/Ü.txt': '',
      large: hex('x'.repeat(100_000)),
    })
  })

  it('lets a reader find a flipped byte', () => {
    const archive = zipOf([{ path: 'a', bytes: Buffer.from('content') }])
    const at = archive.indexOf('content')
    archive.writeUInt8(archive.readUInt8(at) ^ 1, at)
    expect(readByPython(archive)).toBe('a')
  })

  it('gives the same bytes for the same files', () => {
    const archive = () => zipOf([{ path: 'a', bytes: Buffer.from('content') }])
    expect(archive().equals(archive())).toBe(true)
  })
})
