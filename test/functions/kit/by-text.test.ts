import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { byKey, byText, byTextOf } from '../../../functions/kit/by-text.ts'

const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', 'a', 'A', 'ä', 'Z', '\u{1f600}', '\ufb33'))

describe('byText', () => {
  it('orders by UTF-16 code unit: capitals first, and an emoji before the last letters of the plane', () => {
    expect(['ä', 'a', 'Z', '\ufb33', '\u{1f600}', ''].sort(byText)).toEqual(['', 'Z', 'a', 'ä', '\u{1f600}', '\ufb33'])
  })

  it('is the order that JavaScript sorts texts in', () => {
    fc.assert(
      fc.property(fc.array(anyText), (texts) => {
        expect(texts.toSorted(byText)).toEqual(texts.toSorted())
      }),
    )
  })

  it('is zero for equal texts alone, turns its sign with its sides, and is transitive', () => {
    fc.assert(
      fc.property(anyText, anyText, anyText, (one, two, three) => {
        expect(byText(one, two) === 0).toBe(one === two)
        expect(byText(one, two) + byText(two, one)).toBe(0)
        if (byText(one, two) <= 0 && byText(two, three) <= 0) expect(byText(one, three)).toBeLessThanOrEqual(0)
      }),
    )
  })

  it('sorts values by a text of each, and entries by their key; equals keep their order', () => {
    const hosts = [{ id: 'b' }, { id: 'a', at: 1 }, { id: 'a', at: 2 }]
    expect(hosts.toSorted(byTextOf(({ id }) => id))).toEqual([{ id: 'a', at: 1 }, { id: 'a', at: 2 }, { id: 'b' }])
    expect(
      [
        ...new Map([
          ['b', 1],
          ['a', 2],
        ]),
      ].sort(byKey),
    ).toEqual([
      ['a', 2],
      ['b', 1],
    ])
  })
})
