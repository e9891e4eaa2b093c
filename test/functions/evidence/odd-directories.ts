/** Directories and key files that are odd, and what both verifiers must say of them: one suite, run where Python is. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { verifyEvidence } from '../../../cli/evidence-files.ts'
import { toBase64 } from '../../../functions/evidence/bytes.ts'
import { leafPath } from '../../../functions/evidence/leaf.ts'
import { manifestPath } from '../../../functions/evidence/manifest.ts'
import { checkpointPath } from '../../../functions/evidence/tiles.ts'
import { anyLog, anyRecord } from './any-log.ts'
import { bothSay, python, script } from './python.ts'

const root = mkdtempSync(join(tmpdir(), 'drydock-odd-'))
const { store, signer } = await anyLog([5, 3])
const vkey = `${await signer.verifierKey()}\n`
const keyFile = join(root, 'log.vkey')
writeFileSync(keyFile, vkey)
const leaf = leafPath(anyRecord(6))
const foreign = leafPath(anyRecord(999))

function anyDirectory(): string {
  const directory = mkdtempSync(join(root, 'log-'))
  for (const [path, bytes] of store.objects) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), bytes)
  }
  return directory
}

/** Puts a link where something stood; what stood there is kept beside the directory. */
function linkInPlace(directory: string, path: string) {
  const kept = join(mkdtempSync(join(root, 'kept-')), 'kept')
  renameSync(join(directory, path), kept)
  symlinkSync(kept, join(directory, path))
}

function pipeInPlace(directory: string, path: string) {
  rmSync(join(directory, path), { force: true })
  if (spawnSync('mkfifo', [join(directory, path)]).status !== 0) throw new Error('mkfifo is missing')
}

/** A file that no entry names makes up for one that is missing, so that the numbers agree. */
const addOne = (directory: string) => writeFileSync(join(directory, foreign), '{}')

const rewrite = (directory: string, path: string, change: (text: string) => string) =>
  writeFileSync(join(directory, path), change(readFileSync(join(directory, path), 'utf8')))

export function oddDirectories() {
  afterAll(() => rmSync(root, { recursive: true }), 60_000)

  it.each<[string, (directory: string) => void, readonly (readonly [string, string])[]]>([
    ['a link in place of a leaf', (directory) => linkInPlace(directory, leaf), [['missing', leaf]]],
    [
      'a link in place of a leaf, and one more',
      (directory) => {
        linkInPlace(directory, leaf)
        addOne(directory)
      },
      [
        ['missing', leaf],
        ['added', foreign],
      ],
    ],
    [
      'a pipe in place of a leaf, and one more',
      (directory) => {
        pipeInPlace(directory, leaf)
        addOne(directory)
      },
      [
        ['missing', leaf],
        ['added', foreign],
      ],
    ],
    [
      'a folder in place of a leaf',
      (directory) => {
        rmSync(join(directory, leaf))
        mkdirSync(join(directory, leaf))
      },
      [['missing', leaf]],
    ],
    ['a link in place of the checkpoint', (d) => linkInPlace(d, checkpointPath), [['missing', checkpointPath]]],
    ['a pipe in place of the checkpoint', (d) => pipeInPlace(d, checkpointPath), [['missing', checkpointPath]]],
    ['a link in place of v1', (d) => linkInPlace(d, 'v1'), [['missing', checkpointPath]]],
    [
      'a checkpoint of 10^15 leaves',
      (d) => rewrite(d, checkpointPath, (text) => text.replace('\n8\n', `\n${'9'.repeat(15)}\n`)),
      [
        ['bad', checkpointPath],
        ['missing', 'v1/tlog/tile/entries/000'],
        ['missing', 'v1/tlog/tile/0/000'],
        ['missing', 'v1/tlog/tile/entries/001'],
        ['missing', 'v1/tlog/tile/0/001'],
        ...[0, 3, 6, 1, 2, 4, 5, 7].map((number) => ['added', leafPath(anyRecord(number))] as const),
      ],
    ],
    [
      'names that are none of a log',
      (directory) => {
        for (const name of ['x\n\u001b[2Jverified', '\u{1f600}', '\uffee'])
          writeFileSync(join(directory, 'v1', 'tlog', name), '')
        writeFileSync(Buffer.concat([Buffer.from(join(directory, 'v1', 'leaf', 'a')), Buffer.of(0xff)]), '')
      },
      [
        ['added', 'v1/leaf/a\ufffd'],
        ['added', 'v1/tlog/x\n\u001b[2Jverified'],
        ['added', 'v1/tlog/\u{1f600}'],
        ['added', 'v1/tlog/\uffee'],
      ],
    ],
    ['a leaf of 3 MB', (directory) => writeFileSync(join(directory, leaf), new Uint8Array(3_000_000)), [['bad', leaf]]],
  ])('%s', async (_, change, problems) => {
    const directory = anyDirectory()
    change(directory)
    const verdict = await bothSay(directory, keyFile)
    expect(verdict.problems.map(({ kind, leaf: item }) => [kind, item])).toEqual(problems)
  })

  it.each<[string, (directory: string) => void]>([
    ['files that are no part of the log', (directory) => writeFileSync(join(directory, 'v1', 'README'), 'x')],
    [
      'a folder 1,500 deep',
      (directory) => mkdirSync(join(directory, 'v1', 'leaf', ...Array(1_500).fill('d')), { recursive: true }),
    ],
    ['a link to a folder beside the log', (directory) => symlinkSync('/', join(directory, 'v1', 'leaf', 'root'))],
    [
      'signatures of others',
      (d) => rewrite(d, checkpointPath, (text) => `${text}\u2014 w ${toBase64(new Uint8Array(72))}\n`),
    ],
    ['a manifest that says nothing of a scope', (directory) => writeFileSync(join(directory, manifestPath), '')],
  ])('%s is no fault of the log, or of the manifest alone', async (_, change) => {
    const directory = anyDirectory()
    change(directory)
    const { problems } = await bothSay(directory, keyFile)
    expect(problems.filter(({ leaf: item }) => item !== manifestPath)).toEqual([])
  })

  it.each<[string, (key: string, pem: string) => string, number]>([
    ['a byte order mark', (key) => `\ufeff${key}`, 0],
    ['ends of lines as on Windows', (key) => `# ours\r\n\r\n${key.trim()}\r\n`, 0],
    ['a PEM key', (_key, pem) => pem, 0],
    ['a PEM key with ends of lines as on Windows', (_key, pem) => pem.replaceAll('\n', '\r\n'), 0],
    ['the same key twice', (key) => key + key, 0],
    ['two PEM keys', (_key, pem) => pem + pem, 1],
    ['a PEM key after other text', (_key, pem) => `ours\n${pem}`, 1],
    ['a PEM key that is cut', (_key, pem) => pem.replace('A', ''), 1],
    ['no text', () => '\u0000\ufffd', 1],
  ])('a key file with %s', async (_, change, status) => {
    const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), await signer.publicKey()])
    const pem = `-----BEGIN PUBLIC KEY-----\n${spki.toString('base64')}\n-----END PUBLIC KEY-----\n`
    const file = join(mkdtempSync(join(root, 'key-')), 'key')
    writeFileSync(file, change(vkey, pem))
    const directory = anyDirectory()
    const ours = await verifyEvidence({ directory, keyFiles: [file] }).then(
      ({ ok }) => (ok ? 0 : 7),
      () => 1,
    )
    const theirs = spawnSync(python, [script, directory, '--key', file], { encoding: 'utf8' })
    expect({ ours, theirs: theirs.status, trace: theirs.stderr.includes('Traceback') }).toEqual({
      ours: status,
      theirs: status,
      trace: false,
    })
  })

  it('B7 shows a name as it is written, and lets it give the terminal no orders', async () => {
    const directory = anyDirectory()
    writeFileSync(join(directory, 'v1', 'tlog', 'x\n\u001b[2Jverified'), '')
    const command = join(dirname(script), '..', 'cli', 'drydock.mjs')
    const { status, stdout } = spawnSync(
      process.execPath,
      [command, 'evidence', 'verify', directory, '--key', keyFile],
      { encoding: 'utf8' },
    )
    expect(status).toBe(7)
    expect(stdout).toContain('added  v1/tlog/x\\u000a\\u001b[2Jverified  ')
  })
}
