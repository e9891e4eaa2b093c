import { describe, expect, it } from 'vitest'
import { decodeBundle, decodeEntry, encodeBundle, encodeEntry } from '../../../functions/evidence/bundle.ts'
import { toHex, utf8 } from '../../../functions/evidence/bytes.ts'
import { neededTiles, parseTilePath, tilePath } from '../../../functions/evidence/tiles.ts'
import { bundleOf } from './any-log.ts'

const path = 'v1/leaf/dt=2026-11-23/acct=123456789012/change=none/01J00000000000000000000001-finding.recorded.json'
const entry = { path, sha256: 'ab'.repeat(32) }

describe('8.4 tiles by c2sp.org/tlog-tiles', () => {
  it.each([
    [{ level: 0, index: 0, width: 256 }, 'v1/tlog/tile/0/000'],
    [{ level: 0, index: 1_234_067, width: 256 }, 'v1/tlog/tile/0/x001/x234/067'],
    [{ level: 1, index: 0, width: 17 }, 'v1/tlog/tile/1/000.p/17'],
    [{ level: 'entries', index: 1_000, width: 1 }, 'v1/tlog/tile/entries/x001/000.p/1'],
  ] as const)('names %o as %s and back', (name, expected) => {
    expect(tilePath(name)).toBe(expected)
    expect(parseTilePath(expected)).toEqual(name)
  })

  it.each([
    'v1/tlog/tile/0/0',
    'v1/tlog/tile/00/000',
    'v1/tlog/tile/0/x000/001',
    'v1/tlog/tile/0/000.p/0',
    'v1/tlog/tile/0/000.p/256',
    'v1/tlog/tile/0/000.p/017',
    'v1/tlog/tile/0/../000',
    'v1/tlog/checkpoint',
  ])('takes %s for no tile', (name) => {
    expect(parseTilePath(name)).toBeUndefined()
  })

  it('needs the tiles that the specification gives for a tree of 70,000', () => {
    const names = neededTiles(70_000)
    const ofLevel = (level: number | 'entries') => names.filter((name) => name.level === level)
    expect(ofLevel(0)).toHaveLength(274)
    expect(ofLevel('entries')).toHaveLength(274)
    expect(ofLevel(0).at(-1)?.width).toBe(112)
    expect(ofLevel(1).map(({ width }) => width)).toEqual([256, 17])
    expect(ofLevel(2).map(({ width }) => width)).toEqual([1])
    expect(ofLevel(3)).toEqual([])
  })

  it('needs a level 1 tile of width 1 for a tree of 256', () => {
    expect(neededTiles(256).map(tilePath)).toEqual([
      'v1/tlog/tile/entries/000',
      'v1/tlog/tile/0/000',
      'v1/tlog/tile/1/000.p/1',
    ])
  })

  it('keeps entries in bundles and says when bytes are left over', () => {
    const entries = [utf8('one'), utf8(''), utf8('x'.repeat(300))]
    const bundle = bundleOf(entries)
    expect(decodeBundle(bundle)).toEqual({ entries, isWhole: true })
    expect(decodeBundle(bundle.subarray(0, bundle.length - 1))).toMatchObject({ isWhole: false })
    expect(decodeBundle(new Uint8Array(1))).toEqual({ entries: [], isWhole: false })
  })

  it('writes a bundle of entries as they are written one by one', () => {
    const entries = [entry, { ...entry, sha256: 'cd'.repeat(32) }]
    expect(toHex(encodeBundle(entries))).toBe(toHex(bundleOf(entries.map(encodeEntry))))
    expect(encodeBundle([])).toHaveLength(0)
  })

  it('reads back an entry', () => {
    expect(decodeEntry(encodeEntry(entry))).toEqual(entry)
  })

  it.each([
    ['a path out of the leaves', { ...entry, path: 'v1/leaf/../../etc/passwd' }],
    ['a path with a dot segment', { ...entry, path: path.replace('change=none', 'change=..') }],
    ['an absolute path', { ...entry, path: `/${path}` }],
    ['a digest in capitals', { ...entry, sha256: 'AB'.repeat(32) }],
    ['a field too many', { ...entry, more: 1 }],
  ])('B22 refuses an entry with %s', (_, value) => {
    expect(decodeEntry(utf8(JSON.stringify(value)))).toBeUndefined()
  })

  it.each([
    ['spaces', JSON.stringify(entry, null, 1)],
    ['keys in another order', JSON.stringify({ sha256: entry.sha256, path })],
    ['no JSON', 'x'],
    ['nothing', ''],
  ])('refuses an entry that is not canonical: %s', (_, text) => {
    expect(decodeEntry(utf8(text))).toBeUndefined()
  })
})
