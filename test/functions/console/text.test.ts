import { describe, expect, it } from 'vitest'
import { idsText, instantText, spanText } from '../../../functions/console/text.ts'

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

  it.each([
    [[], 1, '-'],
    [['CVE-1'], 1, 'CVE-1'],
    [['CVE-1', 'CVE-2', 'CVE-3'], 1, 'CVE-1 and 2 more'],
    [['CVE-1', 'CVE-\u202E2'], 3, 'CVE-1, CVE-2'],
  ])('names of %j the first %i and counts the rest', (ids, namedMax, text) => {
    expect(idsText(ids, namedMax)).toBe(text)
  })
})
