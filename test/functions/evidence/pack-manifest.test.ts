import { describe, expect, it } from 'vitest'
import type { Entry } from '../../../functions/evidence/bundle.ts'
import { utf8, utf8Text } from '../../../functions/evidence/bytes.ts'
import { leafPath } from '../../../functions/evidence/leaf.ts'
import { isInScope, isPack, memberOf, packManifest, parsePack } from '../../../functions/evidence/pack.ts'
import { canonicalJson } from '../../../functions/kit/json.ts'
import { anyRecord, changeA, changeB } from './any-log.ts'

const ofDay = (number: number, day: string, changeId: string): Entry => ({
  path: leafPath(anyRecord(number, { at: `${day}T10:00:00.000Z`, changeId })),
  sha256: 'ab'.repeat(32),
})
const [first, second, third] = ['2026-11-23', '2026-11-24', '2026-11-25']
const change = { kind: 'change', changeId: changeA } as const
const period = { kind: 'period', from: second, to: second } as const
const hash = (byte: number) => new Uint8Array(32).fill(byte)
const pack = {
  ...{ scope: change, origin: 'drydock.test/evidence', size: 9, root: hash(1) },
  leaves: [{ index: 3, entry: ofDay(3, first, changeA), proof: [hash(2), hash(3)] }],
}

describe('11.10 what is in scope of a pack', () => {
  it.each([
    [changeA, first, change, true],
    [changeB, first, change, false],
    ['none', first, change, false],
    [changeB, second, period, true],
    ['none', second, period, true],
    [changeB, first, period, false],
    [changeB, third, period, false],
  ])('a leaf of change %s on %s: %j %s', (changeId, day, scope, isIn) => {
    expect(isInScope(scope, ofDay(1, day, changeId).path)).toBe(isIn)
  })

  it('of days is also what a change filed on another day between two of its leaves there', () => {
    const leaves = [
      { index: 2, entry: ofDay(2, second, changeA) },
      { index: 5, entry: ofDay(5, second, 'none') },
      { index: 6, entry: undefined },
      { index: 7, entry: ofDay(7, second, changeA) },
      { index: 9, entry: ofDay(9, second, 'none') },
    ]
    const isMember = memberOf(period, leaves)
    const other = (index: number, changeId = changeA) => isMember({ index, entry: ofDay(index, third, changeId) })
    expect([1, 2, 3, 6, 7, 8].map((index) => other(index))).toEqual([false, false, true, true, false, false])
    expect(other(6, changeB)).toBe(false)
    expect(other(6, 'none')).toBe(false)
    expect(leaves.flatMap(({ index, entry }) => (entry ? [isMember({ index, entry })] : []))).toEqual(
      Array(4).fill(true),
    )
  })

  it('of a change is nothing of another, wherever it stands', () => {
    const isMember = memberOf(change, [
      { index: 1, entry: ofDay(1, first, changeA) },
      { index: 9, entry: ofDay(9, first, changeA) },
    ])
    expect(isMember({ index: 5, entry: ofDay(5, first, changeB) })).toBe(false)
  })
})

describe("11.10 a pack's manifest", () => {
  it.each([
    ['alone', pack],
    ['with a consistency proof', { ...pack, consistency: { size: 4, proof: [hash(7)] } }],
    ['of days', { ...pack, scope: period }],
    ['without a leaf', { ...pack, leaves: [] }],
  ])('%s is read back as it was, and calls itself one', (_, made) => {
    expect(parsePack(packManifest(made))).toEqual(made)
    expect(isPack(packManifest(made))).toBe(true)
  })

  const text = utf8Text(packManifest({ ...pack, consistency: { size: 4, proof: [hash(7)] } })) ?? ''
  const edited = (edit: (file: ReturnType<typeof JSON.parse>) => void) => {
    const file = JSON.parse(text)
    edit(file)
    return canonicalJson(file)
  }
  it.each<[string, string]>([
    ['nothing', ''],
    ['no JSON', text.slice(1)],
    ['another form of the same', text.replace(':', ': ')],
    ['a field more', edited((file) => Object.assign(file, { more: 1 }))],
    ['another version', edited((file) => Object.assign(file, { schemaVersion: 3 }))],
    ['a root of 31 bytes', edited((file) => Object.assign(file, { root: Buffer.alloc(31).toString('base64') }))],
    ['a hash of a proof that is none', edited((file) => Object.assign(file.leaves[0], { proof: ['='] }))],
    [
      'a hash of the consistency proof that is none',
      edited((file) => Object.assign(file.consistency, { proof: [''] })),
    ],
    ['half a character in the origin', text.replace('drydock.test', '\\ud800')],
    ['half an index', edited((file) => Object.assign(file.leaves[0], { index: 0.5 }))],
    ['a day that is none', edited((file) => Object.assign(file, { scope: { ...period, from: 'x' } }))],
  ])('with %s is none', (_, other) => {
    expect(other).not.toBe(text)
    expect(parsePack(utf8(other))).toBeUndefined()
  })

  it('keeps an entry that is none, for the verifier to name', () => {
    const made = parsePack(utf8(edited((file) => Object.assign(file.leaves[0], { entry: '{}' }))))
    expect(made?.leaves).toEqual([{ index: 3, entry: undefined, proof: pack.leaves[0]?.proof }])
  })

  it('is told from another manifest by its version alone', () => {
    expect(isPack(utf8('{"schemaVersion":2}'))).toBe(true)
    for (const other of ['{"schemaVersion":1}', '{}', '']) expect(isPack(utf8(other))).toBe(false)
  })
})
