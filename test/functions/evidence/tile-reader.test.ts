import { describe, expect, it } from 'vitest'
import { sha256 } from '../../../functions/aws/node-crypto.ts'
import { decodeBundle } from '../../../functions/evidence/bundle.ts'
import { hashLeaf } from '../../../functions/evidence/merkle.ts'
import { parseCheckpoint } from '../../../functions/evidence/note.ts'
import { isConsistent, isIncluded } from '../../../functions/evidence/proofs.ts'
import { tileReader } from '../../../functions/evidence/tile-reader.ts'
import { checkpointPath } from '../../../functions/evidence/tiles.ts'
import { anyLog, copyOf } from './any-log.ts'

const { store } = await anyLog([300, 1, 270])
const noBytes = new Uint8Array(0)
const checkpoint = parseCheckpoint(store.objects.get(checkpointPath) ?? noBytes)
const { size = 0, root = noBytes } = checkpoint ?? {}

/** A reader of a log, and the files that it read. */
function readerOf(from = store, of = size) {
  const read: string[] = []
  const files = {
    read: async (path: string) => {
      const bytes = await from.read(path)
      if (bytes) read.push(path)
      return bytes
    },
  }
  return { read, reader: tileReader(files, sha256, { size: of }) }
}
const indexes = [0, 1, 255, 256, 300, 511, 512, size - 1]

describe('11.10 reading a few tiles of a log', () => {
  it('gives the entries at their places', async () => {
    const { reader } = readerOf()
    const all = (await Promise.all([0, 1, 2].map((bundle) => reader.bundleAt(bundle)))).flat()
    expect(all).toHaveLength(size)
    for (const index of indexes) expect(await reader.entryAt(index)).toEqual(all[index])
  })

  it('proves each entry to be in the log', async () => {
    const { reader } = readerOf()
    const proofs = await reader.inclusionProofs(indexes)
    for (const [at, proof] of proofs.entries()) {
      const index = indexes[at] ?? 0
      const leafHash = hashLeaf(sha256, await reader.entryAt(index))
      expect(isIncluded(sha256, { index, size, leafHash, root, proof })).toBe(true)
      expect(isIncluded(sha256, { index: index + 1, size, leafHash, root, proof })).toBe(false)
    }
  })

  it('proves that the log continues an earlier one, also read from the wider tiles that came later', async () => {
    const proof = await readerOf().reader.consistencyProof(300)
    const older = readerOf(store, 300)
    const [inclusion = []] = await older.reader.inclusionProofs([7])
    const oldRoot = parseCheckpoint((await anyLog([300])).store.objects.get(checkpointPath) ?? noBytes)?.root ?? noBytes
    expect(isConsistent(sha256, { oldSize: 300, oldRoot, size, root, proof })).toBe(true)
    const leafHash = hashLeaf(sha256, await older.reader.entryAt(7))
    expect(isIncluded(sha256, { index: 7, size: 300, leafHash, root: oldRoot, proof: inclusion })).toBe(true)
  })

  it('has no entry behind the size that it is given, though the bundle goes on', async () => {
    const { reader } = readerOf(store, 258)
    expect(await reader.bundleAt(1)).toHaveLength(2)
    await expect(reader.entryAt(258)).rejects.toMatchObject({ code: 'DD2106' })
  })

  it('reads each file once, and none that it does not need', async () => {
    const { reader, read } = readerOf()
    for (const index of [0, 1, 2]) await reader.entryAt(index)
    expect(read).toEqual([expect.stringMatching(/entries\/000$/)])
    await reader.inclusionProofs([0, 1])
    await reader.inclusionProofs([2, 3])
    expect(new Set(read).size).toBe(read.length)
    expect(read.filter((path) => path.includes('entries'))).toHaveLength(1)
  })

  it.each([
    ['a bundle', /tile\/entries\/000/, (of: ReturnType<typeof readerOf>) => of.reader.entryAt(0)],
    ['a tile', /tile\/0\/000/, (of: ReturnType<typeof readerOf>) => of.reader.inclusionProofs([0])],
  ])('names %s that is missing', async (_, path, use) => {
    const copy = copyOf(store)
    for (const one of copy.objects.keys()) if (path.test(one)) copy.objects.delete(one)
    await expect(use(readerOf(copy))).rejects.toMatchObject({ code: 'DD2106', message: expect.stringMatching(path) })
  })

  it('takes entries from a bundle as they stand', async () => {
    const bundle = store.objects.get('v1/tlog/tile/entries/000') ?? noBytes
    expect(await readerOf().reader.bundleAt(0)).toEqual(decodeBundle(bundle).entries)
  })
})
