import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvCell, csvTable } from '../../../functions/console/csv.ts'

describe('10.3 csvCell', () => {
  it.each([
    ['=HYPERLINK("http://evil.example")', `"'=HYPERLINK(""http://evil.example"")"`],
    ['+cmd|calc', `"'+cmd|calc"`],
    ['-2+3', `"'-2+3"`],
    ['@SUM(A1)', `"'@SUM(A1)"`],
    ['\t=1+1', `"'=1+1"`],
    ['\r\n=1+1', `"'=1+1"`],
    ['\u200B=1+1', `"'=1+1"`],
    ['\uFEFF\u202E=1+1', `"'=1+1"`],
    ['＝1+1', `"'＝1+1"`],
    ['openssl 3.0-2', '"openssl 3.0-2"'],
    ['say "hi"', '"say ""hi"""'],
    ['a\r\nb', '"a b"'],
  ])('B8 writes %j as text', (value, cell) => {
    expect(csvCell(value)).toBe(cell)
  })

  it('B6 B7 B8 opens as one row of plain text, whatever the cells hold', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.string({
        unit: fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', '"', ',', ';', '\u200B', '\u202E', 'a'),
      }),
    )
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), (cells) => {
        const rows: string[][] = parse(csvTable(['head'], [cells]), { relax_column_count: true })
        expect(rows).toHaveLength(2)
        expect(rows[1]).toHaveLength(cells.length)
        expect(rows[1]?.filter((cell) => /^\s*[=+\-@]|[\p{Cc}\p{Cf}]/u.test(cell))).toEqual([])
      }),
      { seed: 20_261_124, numRuns: 200 },
    )
  })
})
