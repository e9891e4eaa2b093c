import { describe, expect, it } from 'vitest'
import { excerpt, idsText, instantText, shown, spanText } from '../../../functions/console/text.ts'

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
})

describe('10.3 spanText and instantText', () => {
  it.each([
    [0, '0 s'],
    [40, '40 s'],
    [3_900, '1 h 5 min'],
    [3_601, '1 h'],
    [187_200, '2 d 4 h'],
    [-5, '0 s'],
  ])('says %d seconds as %s', (seconds, text) => {
    expect(spanText(seconds)).toBe(text)
  })

  it('reads an instant to the second, and leaves what is none', () => {
    expect(instantText('2026-01-02T03:04:05.678Z')).toBe('2026-01-02 03:04:05 UTC')
    expect(instantText('soon\u202E')).toBe('soon')
  })

  it('keeps the beginning and the last clause of a long reason, and a short one whole', () => {
    const long = `ErrorRate: worse than ${'its peers '.repeat(40)}; 5 of 5 hosts restored`
    expect(excerpt(long)).toMatch(/^ErrorRate: worse than its peers.*\u2026 5 of 5 hosts restored$/)
    expect(excerpt(long).length).toBeLessThanOrEqual(140)
    expect(excerpt('x'.repeat(400)).length).toBeLessThanOrEqual(140)
    expect(excerpt('held by a freeze')).toBe('held by a freeze')
  })

  it.each([
    [[], 1, '-'],
    [['CVE-1'], 1, 'CVE-1'],
    [['CVE-1', 'CVE-2', 'CVE-3'], 1, 'CVE-1 and 2 more'],
    [['CVE-1', 'CVE-\u202E2'], 3, 'CVE-1, CVE-2'],
  ])('names of %j the first %i and counts the rest', (ids, namedMax, text) => {
    expect(idsText(ids, namedMax)).toBe(text)
  })
})
