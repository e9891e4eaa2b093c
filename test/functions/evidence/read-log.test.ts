import { describe, expect, it } from 'vitest'
import { sha256 } from '../../../functions/aws/node-crypto.ts'
import { toHex } from '../../../functions/evidence/bytes.ts'
import { hashLength } from '../../../functions/evidence/merkle.ts'
import {
  entryAt,
  entryProblem,
  readLog,
  sizeOfFiles,
  tileProblems,
  treeOf,
  trustedTree,
} from '../../../functions/evidence/read-log.ts'
import { anyLog, copyOf } from './any-log.ts'

const bundlePath = 'v1/tlog/tile/entries/000.p/5'
const tilePath = 'v1/tlog/tile/0/000.p/5'

/** A log of five leaves to tamper with, and its true root. */
async function anyFive() {
  const { store, logHead } = await anyLog([5])
  const files = copyOf(store)
  const { head } = await logHead.read()
  const read = (size = 5) => readLog(files, size, sha256)
  const flip = (path: string, at: number) => {
    const bytes = new Uint8Array(files.objects.get(path) ?? [])
    bytes[at] = (bytes[at] ?? 0) ^ 1
    files.objects.set(path, bytes)
  }
  const root = new Uint8Array(Buffer.from(head.root, 'hex'))
  return { files, read, flip, root }
}

describe('8.8 reading a log', () => {
  it('finds its bundle and tile to agree, its leaves, and no stranger', async () => {
    const { read, root } = await anyFive()
    const log = await read()
    expect(log).toMatchObject({ strangers: [], problems: [] })
    expect(log.bundles.map(({ start, path, isAgreed, isWhole }) => [start, path, isAgreed, isWhole])).toEqual([
      [0, bundlePath, true, true],
    ])
    expect(log.leafPaths).toHaveLength(5)
    const trusted = trustedTree(sha256, 5, log, root)
    expect([trusted.source, trusted.isAgreed]).toEqual(['entries', true])
  })

  it('reads the first leaves of a larger bundle where the log was smaller', async () => {
    const { read } = await anyFive()
    const [bundle] = (await read(3)).bundles
    expect([bundle?.ends.length, bundle?.isAgreed, bundle?.path]).toEqual([3, true, bundlePath])
    expect(bundle?.tileFile).toBeUndefined()
  })

  it.each([
    [bundlePath, 'entries 0 to 4 of the log'],
    [tilePath, 'hashes of entries 0 to 4'],
  ])('names %s where it is missing', async (path, detail) => {
    const { files, read } = await anyFive()
    files.objects.delete(path)
    const log = await read()
    expect(log.problems).toEqual([{ kind: 'missing', leaf: path, index: 0, detail }])
    expect(log.bundles[0]?.isAgreed).toBe(false)
  })

  it('calls a stranger what belongs to no log, but not the checkpoint', async () => {
    const { files, read } = await anyFive()
    files.objects.set('v1/tlog/notes.txt', new Uint8Array(1))
    files.objects.set('v1/tlog/tile/0/0', new Uint8Array(1))
    expect((await read()).strangers).toEqual(['v1/tlog/notes.txt', 'v1/tlog/tile/0/0'])
  })

  it('of 10^12 leaves reads one bundle past the last file, and no more', async () => {
    const { read } = await anyFive()
    const { bundles, problems } = await read(10 ** 12)
    expect([bundles.length, problems.length]).toEqual([2, 4])
  })
})

describe('8.8 which description of a log is trusted', () => {
  it('the tiles, where an entry was changed: they lead to the signed root', async () => {
    const { read, flip, root } = await anyFive()
    flip(bundlePath, 20)
    const log = await read()
    expect(trustedTree(sha256, 5, log, root).source).toBe('tiles')
    expect(log.bundles.map(entryProblem)).toMatchObject([{ kind: 'bad', index: 0 }])
  })

  it('the entries, where a tile was changed', async () => {
    const { read, flip, root } = await anyFive()
    flip(tilePath, 2 * hashLength)
    const log = await read()
    expect(trustedTree(sha256, 5, log, root)).toMatchObject({ source: 'entries', isAgreed: false })
    expect(log.bundles.map(entryProblem)).toMatchObject([
      { index: 2, detail: 'entry 2 of the log is not what its tile says' },
    ])
  })

  it('neither, where both were changed, or the root is another', async () => {
    const { read, flip, root } = await anyFive()
    expect(trustedTree(sha256, 5, await read(), new Uint8Array(hashLength)).source).toBe('none')
    flip(bundlePath, 20)
    flip(tilePath, 2 * hashLength)
    expect(trustedTree(sha256, 5, await read(), root).source).toBe('none')
  })

  it('no tree, where there are not as many hashes as leaves', async () => {
    const { read } = await anyFive()
    const [bundle] = (await read()).bundles
    const hashes = bundle?.hashes ?? new Uint8Array(0)
    expect(treeOf(sha256, 4, hashes)).toBeUndefined()
    expect(toHex(treeOf(sha256, 5, hashes)?.root ?? new Uint8Array(0))).toHaveLength(2 * hashLength)
  })
})

describe('8.8 what a bundle and its tile differ in', () => {
  it('nothing, where they agree or where there is no tile', async () => {
    const { files, read } = await anyFive()
    expect((await read()).bundles.map(entryProblem)).toEqual([undefined])
    files.objects.delete(tilePath)
    expect((await read()).bundles.map(entryProblem)).toEqual([undefined])
  })

  it('an entry that was cut off is named by its number: its own name is gone', async () => {
    const { files, read } = await anyFive()
    const [bundle] = (await read()).bundles
    files.objects.set(bundlePath, (files.objects.get(bundlePath) ?? new Uint8Array(0)).slice(0, bundle?.ends[3]))
    expect((await read()).bundles.map(entryProblem)).toMatchObject([{ kind: 'missing', leaf: 'entry 4', index: 4 }])
  })

  it('an entry is its bytes without the length before them', async () => {
    const { read } = await anyFive()
    const [bundle] = (await read()).bundles
    if (bundle === undefined) throw new Error('no bundle')
    expect([0, 1].map((at) => toHex(sha256(new Uint8Array([0, ...entryAt(bundle, at)]))))).toEqual(
      [0, 1].map((at) => toHex(bundle.hashes.slice(at * hashLength, (at + 1) * hashLength))),
    )
  })
})

describe('8.8 the tiles of a log', () => {
  const problemsOf = async ({ files, read }: Awaited<ReturnType<typeof anyFive>>, hidden: readonly string[] = []) => {
    const log = await read()
    const { levels } = treeOf(sha256, 5, log.bundles[0]?.hashes ?? new Uint8Array(0)) ?? { levels: [] }
    const needed = [{ level: 1, index: 0, width: 1 }] as const
    const tiles = new Map([...log.tiles].filter(([path]) => !hidden.includes(path)))
    return tileProblems(files, { ...log, tiles }, { size: 5, levels, needed: hidden.length > 0 ? needed : [] })
  }

  it('have nothing wrong where they are those of the entries', async () => {
    expect(await problemsOf(await anyFive())).toEqual([])
  })

  it('are bad with any other byte', async () => {
    const five = await anyFive()
    five.flip(tilePath, 1)
    expect(await problemsOf(five)).toMatchObject([{ kind: 'bad', leaf: tilePath }])
  })

  it('are missing where the log needs one that no file stands in for', async () => {
    expect(await problemsOf(await anyFive(), ['none'])).toEqual([
      { kind: 'missing', leaf: 'v1/tlog/tile/1/000.p/1', detail: 'a tile of the log of 5 leaves' },
    ])
  })

  it('tell how large the log was: a smaller checkpoint was put back', async () => {
    const { files, read } = await anyFive()
    expect(sizeOfFiles(await read(3))).toBe(5)
    files.objects.set('v1/tlog/tile/1/000.p/2', new Uint8Array(2 * hashLength))
    expect(sizeOfFiles(await read(3))).toBe(512)
  })
})
