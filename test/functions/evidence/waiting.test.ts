import { describe, expect, it } from 'vitest'
import { FiledLeaf, parseWaiting } from '../../../functions/evidence/waiting.ts'
import { anyRecord } from './any-log.ts'

const textOf = (change: object) => JSON.stringify({ ...anyRecord(1), ...change })

describe('8.4 a text of the outbox', () => {
  it.each([
    [anyRecord(1)],
    [anyRecord(2, { closes: true, versions: [['CHANGE/CHANGE', 0, 1]], body: [null, 1, 'x', { a: true }] })],
  ])('is read as it was written: %j', (record) => {
    expect(parseWaiting(JSON.stringify(record))).toEqual(record)
  })

  it.each([
    ['a leaf id that is no ULID', { leafId: '../x' }, /it is no ULID/],
    ['a field more', { more: 1 }, /more/],
    ['a field less', { actor: undefined }, /actor/],
    ['no body', { body: undefined }, /body/],
    ['an end that is none', { closes: false }, /closes/],
    ['versions without an end', { versions: [['A', 1]] }, /versions/],
    ['half a version', { versions: [['A', 0.5, 1]] }, /versions/],
  ])('with %s is set aside, and says why', (_, change, because) => {
    expect(parseWaiting(textOf(change))).toMatchObject({ because: expect.stringMatching(because) })
  })

  it.each(['', '{', 'undefined'])('%j is set aside as no JSON', (text) => {
    expect(parseWaiting(text)).toEqual({ because: 'its record is no JSON' })
  })

  it('is filed in a leaf that keeps what a newer Drydock adds', () => {
    const leaf = { record: { ...anyRecord(1), newer: 1 }, signatures: [] }
    expect(FiledLeaf.parse(leaf)).toEqual(leaf)
    expect(FiledLeaf.safeParse({ record: { ...anyRecord(1), at: 7 } }).success).toBe(false)
  })
})
