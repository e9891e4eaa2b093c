import { describe, expect, it } from 'vitest'
import { sha256 } from '../../../functions/aws/node-crypto.ts'
import { utf8 } from '../../../functions/evidence/bytes.ts'
import { sealLeaf } from '../../../functions/evidence/leaf.ts'
import {
  digestInPath,
  isBegunBefore,
  type LeafRecord,
  namedObjects,
  recordOf,
  versionGaps,
} from '../../../functions/evidence/versions.ts'
import { anyRecord } from './any-log.ts'

const moved = (...versions: [string, number, number][]): LeafRecord => ({ body: {}, versions })
const digest = 'ab'.repeat(32)

describe('8.4 versionGaps', () => {
  it.each<[string, LeafRecord[], object[]]>([
    ['nothing', [], []],
    ['leaves that name no versions', [{ body: {} }], []],
    ['a record from its creation on', [moved(['A', 0, 1]), moved(['A', 1, 2])], []],
    ['a move left out', [moved(['A', 0, 1]), moved(['A', 2, 3])], [{ record: 'A', version: 2, isFirst: false }]],
    ['the beginning left out', [moved(['A', 4, 5]), moved(['A', 5, 6])], [{ record: 'A', version: 4, isFirst: true }]],
    ['leaves in another order', [moved(['A', 1, 2]), moved(['A', 0, 1])], []],
    ['a record that was deleted and created again', [moved(['A', 0, 1], ['A', 1, 0]), moved(['A', 0, 1])], []],
    [
      'records with gaps, by name and then by version',
      [moved(['B', 9, 10], ['B', 3, 4], ['A', 7, 8])],
      [
        { record: 'A', version: 7, isFirst: true },
        { record: 'B', version: 3, isFirst: true },
        { record: 'B', version: 9, isFirst: false },
      ],
    ],
    [
      'a version that another record has',
      [moved(['A', 0, 1], ['B', 1, 2])],
      [{ record: 'B', version: 1, isFirst: true }],
    ],
  ])('of %s', (_, records, gaps) => {
    expect(versionGaps(records)).toEqual(gaps)
  })
})

describe('8.4 isBegunBefore', () => {
  it('is told by the first leaf alone: one without versions is from before they were filed', () => {
    expect(isBegunBefore([])).toBe(false)
    expect(isBegunBefore([{ body: {} }, moved(['A', 0, 1])])).toBe(true)
    expect(isBegunBefore([moved(['A', 0, 1]), { body: {} }])).toBe(false)
  })
})

describe('8.4 what a leaf says', () => {
  const sealed = sealLeaf(anyRecord(1, { versions: [['A', 0, 1]] }), {
    ...{ sha256, keyId: 'log+00', sign: async () => Uint8Array.of(1) },
  })

  it('is its record', async () => {
    expect(recordOf(await sealed)).toMatchObject({ changeId: anyRecord(1).changeId, versions: [['A', 0, 1]] })
  })

  it('is nothing where the bytes are no leaf, or its versions are none', async () => {
    const text = Buffer.from(await sealed).toString()
    expect(recordOf(utf8(text.replace('["A",0,1]', '["A",0]')))).toBeUndefined()
    for (const none of ['', '{}', 'x', text.slice(1)]) expect(recordOf(utf8(none))).toBeUndefined()
    expect(recordOf(Uint8Array.of(0xff))).toBeUndefined()
  })
})

describe('11.10 the files that a leaf names', () => {
  const path = `v1/object/${digest}.json`

  it('are in each field object, at any depth', () => {
    expect(namedObjects({ object: path, in: [{ plan: { object: path.replace('ab', 'cd') } }] })).toEqual([
      path,
      path.replace('ab', 'cd'),
    ])
  })

  it.each([
    [null],
    ['object'],
    [{ other: path }],
    [{ object: 7 }],
    [{ object: `${path}/..` }],
    [{ object: path.toUpperCase() }],
    [{ object: `x${path}` }],
  ])('are not in %j', (body) => {
    expect(namedObjects(body)).toEqual([])
  })

  it('have their digest in their name', () => {
    expect(digestInPath(path)).toBe(digest)
    for (const other of [`v1/object/${digest}`, `v1/leaf/${digest}.json`, `v1/object/${digest.slice(1)}.json`])
      expect(digestInPath(other)).toBeUndefined()
  })
})
