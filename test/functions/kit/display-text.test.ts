import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { excerpt, shown, visible } from '../../../functions/kit/display-text.ts'

const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.string({
    unit: fc.constantFrom('a', ' ', '; ', '\u{1f6a2}', '\u0430', '\u202e', '\u0000', '\u{e0041}'),
    maxLength: 300,
  }),
)

describe('10.3 shown', () => {
  it.each([
    ['a bidi override', 'p\u202Eayload', 'payload'],
    ['a bidi isolate', 'a\u2066b\u2069', 'ab'],
    ['zero-width characters', 'a\u200B\u200D\uFEFFb', 'ab'],
    ['a soft hyphen', 'a\u00ADb', 'ab'],
    ['control characters', 'a\u0000\u001B[31mb\u0085', 'a[31mb'],
    ['a line separator', 'a\u2028b', 'ab'],
    ['tag characters', 'a\u{E0041}b', 'ab'],
    ['a filler that looks like a blank', 'a\u3164b', 'ab'],
  ])('B7 strips %s', (_, text, clean) => {
    expect(shown(text)).toBe(clean)
  })

  it('B7 shows the code point of letters that imitate Latin ones', () => {
    expect(shown('p\u0430ypal')).toBe('p\u0430[U+0430]ypal')
  })

  it.each(['Обновление ядра', 'Κρυπτογραφία', 'openssl – Überlauf', '内核更新 🚢', 'a\tb\nc'])(
    'leaves %s as it is',
    (text) => {
      expect(shown(text)).toBe(text)
    },
  )

  it('B7 whatever comes in, nothing hidden comes out, and a second time changes nothing', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(shown(text)).not.toMatch(/[\p{Cf}\p{Zl}\p{Zp}]|[^\P{Cc}\t\n]/u)
        expect(visible(visible(text))).toBe(visible(text))
      }),
    )
  })
})

describe('10.3 excerpt', () => {
  it('keeps the beginning and the last clause of a long reason, and a short one whole', () => {
    const long = `ErrorRate: worse than ${'its peers '.repeat(40)}; 5 of 5 hosts restored`
    expect(excerpt(long)).toMatch(/^ErrorRate: worse than its peers.*\u2026 5 of 5 hosts restored$/)
    expect(excerpt(long).length).toBeLessThanOrEqual(140)
    expect(excerpt('x'.repeat(400)).length).toBeLessThanOrEqual(140)
    expect(excerpt('held by a freeze')).toBe('held by a freeze')
  })

  it('cuts a long run of emoji between two of them', () => {
    expect(excerpt('\u{1f6a2}'.repeat(100))).toMatch(/^(?:\u{1f6a2})+…$/u)
  })

  it('is never longer than asked for, and never half a character', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 20, max: 140 }), (text, lengthMax) => {
        expect(excerpt(text, lengthMax).length).toBeLessThanOrEqual(lengthMax)
        expect(excerpt(text, lengthMax).isWellFormed()).toBe(true)
      }),
    )
  })
})
