import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseEpss, parseKev, parseVulnrichment } from '../../../functions/intel/parse.ts'
import { sharedSamples } from '../../shared-samples.ts'
import { anyCveRecord, anyEpss, anyKev, anyKevRow } from './any-feeds.ts'

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/feeds/${name}`, import.meta.url), 'utf8')

describe('3.6 parseKev', () => {
  it('reads rows with trailing blanks, and the date as an instant of one form', () => {
    const text = anyKev([anyKevRow({ cveID: 'CVE-2026-1111 ', dateAdded: '2026-10-01 ' })])
    expect(parseKev(text)).toEqual({
      version: '2026.10.01',
      date: '2026-10-01T17:00:06.901Z',
      rows: new Map([['CVE-2026-1111', { dateAdded: '2026-10-01', forensicTriage: false, ransomware: false }]]),
    })
  })

  it.each([
    [undefined, false],
    ['', false],
    [' ', false],
    ['No', false],
    ['no ', false],
    ['Yes', true],
    ['YES ', true],
    ['Recommended', true],
  ])('I20 forensicTriage %o is %s', (forensicTriage, expected) => {
    const parsed = parseKev(anyKev([anyKevRow(forensicTriage === undefined ? {} : { forensicTriage })]))
    expect('rows' in parsed && parsed.rows.get('CVE-2026-1111')?.forensicTriage).toBe(expected)
  })

  it('reads the use by ransomware', () => {
    const parsed = parseKev(anyKev([anyKevRow({ knownRansomwareCampaignUse: 'Known ' })]))
    expect('rows' in parsed && parsed.rows.get('CVE-2026-1111')?.ransomware).toBe(true)
  })

  it.each([
    ['nothing', '', 'not a complete'],
    ['a page of HTML', '<html>403</html>', 'not a complete'],
    ['half a file', anyKev().slice(0, -20), 'not a complete'],
    ['fewer rows than it says', anyKev([anyKevRow()], { count: 2 }), 'truncated'],
    ['a row without a required field', anyKev([anyKevRow({ product: undefined })]), 'product'],
    ['a row without a date', anyKev([anyKevRow({ dateAdded: '' })]), 'dateAdded'],
    ['a date that is none', anyKev([anyKevRow({ dateAdded: '2026-02-30' })]), 'dateAdded'],
    ['an id that is none', anyKev([anyKevRow({ cveID: 'CVE-26-1' })]), 'no CVE id'],
    ['a row given twice', anyKev([anyKevRow(), anyKevRow()]), 'twice'],
    ['a release date that is none', anyKev([anyKevRow()], { dateReleased: 'today' }), 'not an instant'],
    ['a number too large for JSON', anyKev().replace('"count":1', '"count":1e400'), 'not a complete'],
  ])('I20 refuses %s', (_, text, because) => {
    expect(parseKev(text)).toEqual({ refused: expect.stringContaining(because) })
  })

  it('refuses an excerpt that kept the count of the whole', () => {
    expect(parseKev(fixture('kev-truncated.json'))).toEqual({ refused: expect.stringContaining('claims 1273 rows') })
  })

  it.skipIf(!sharedSamples)('reads the rows of the BOD 26-04 era (needs ../shared)', () => {
    const text = readFileSync(join(sharedSamples ?? '', 'cisa-kev-bod2604-era-1.json'), 'utf8')
    const parsed = parseKev(text.replace('"count": 1631', '"count": 2'))
    expect('rows' in parsed && [...parsed.rows.keys()]).toEqual(['CVE-2026-45659', 'CVE-2026-48558'])
  })
})

describe('3.6 parseEpss', () => {
  it.each([
    ['a time in UTC', '2026-07-23T12:00:26Z', '2026-07-23T12:00:26.000Z'],
    ['a time with an offset', '2025-02-20T00:00:00+0000', '2025-02-20T00:00:00.000Z'],
    ['the day alone', '2025-02-20', '2025-02-20T00:00:00.000Z'],
  ])('reads a score date with %s', (_, written, date) => {
    const parsed = parseEpss(anyEpss({ 'CVE-2026-1111': 0.5 }, written))
    expect(parsed).toMatchObject({ version: `v2026.06.15/${written.slice(0, 10)}`, date })
  })

  it('reads a file of the feed', () => {
    const parsed = parseEpss(fixture('epss.csv'))
    expect('rows' in parsed && parsed.rows.size).toBe(5)
    expect('rows' in parsed && parsed.rows.get('CVE-1999-0005')).toEqual({ probability: 0.91963, percentile: 0.99214 })
  })

  const whole = anyEpss({ 'CVE-2026-1111': 0.25, 'CVE-2026-2222': 0.5 })
  it.each([
    ['another head', fixture('epss-other-header.csv'), 'second line'],
    ['no date', fixture('epss-no-date.csv'), 'first line'],
    ['nothing', '', 'first line'],
    ['no comment line', whole.slice(whole.indexOf('\n') + 1), 'first line'],
    ['a date that is none', anyEpss({}, '2026-02-30'), 'first line'],
    ['a last line cut in a number', whole.slice(0, -3), 'truncated'],
    ['a last line cut before its end', whole.slice(0, -1), 'truncated'],
    ['a row without percentile', whole.replace(',0.5\n', '\n'), 'line 3'],
    ['a probability above 1', whole.replace('0.25', '1.25'), 'line 3'],
    ['a probability that is no number', whole.replace('0.25', 'NaN'), 'line 3'],
    ['a probability that overflows', whole.replace('0.25', '1e400'), 'line 3'],
    ['a hexadecimal probability', whole.replace('0.25', '0x1'), 'line 3'],
    ['a row given twice', whole.replace('2222', '1111'), 'second time'],
    ['an empty line between', whole.replace('CVE-2026-2222', '\nCVE-2026-2222'), 'line 4'],
  ])('I20 refuses a file with %s', (_, text, because) => {
    expect(parseEpss(text)).toEqual({ refused: expect.stringContaining(because) })
  })

  it('reads back every file it could have been given, with either line end, and refuses every cut of it', () => {
    const scores = fc.dictionary(
      fc
        .tuple(fc.integer({ min: 1999, max: 2030 }), fc.integer({ min: 1000, max: 99_999_999 }))
        .map(([year, number]) => `CVE-${year}-${number}`),
      fc.integer({ min: 0, max: 100_000 }).map((parts) => parts / 100_000),
      { minKeys: 1, maxKeys: 20 },
    )
    fc.assert(
      fc.property(scores, fc.boolean(), fc.nat(), (scores, isWindows, cut) => {
        const text = isWindows ? anyEpss(scores).replaceAll('\n', '\r\n') : anyEpss(scores)
        const parsed = parseEpss(text)
        const read =
          'rows' in parsed ? [...parsed.rows].map(([cveId, { probability }]) => [cveId, probability]) : parsed
        expect(read).toEqual(Object.entries(scores))
        const part = text.slice(0, cut % text.length)
        if (!part.endsWith('\n')) expect(parseEpss(part)).toHaveProperty('refused')
      }),
    )
  })
})

describe('3.1 parseVulnrichment', () => {
  it.each([
    ['2024-6387', { automatable: 'no', technicalImpact: 'total', exploitation: 'poc' }],
    ['2023-44487', { automatable: 'yes', technicalImpact: 'partial', exploitation: 'active' }],
  ])('reads the record of CVE-%s', (id, values) => {
    expect(parseVulnrichment(fixture(`vulnrichment-cve-${id}.json`))).toEqual({ cveId: `CVE-${id}`, values })
  })

  it.each([
    [{ Exploitation: 'Active', Automatable: 'Yes', 'Technical Impact': 'Total' }, ['active', 'yes', 'total']],
    [{ exploitation: 'POC', automatable: 'NO ', 'technical impact': 'partial' }, ['poc', 'no', 'partial']],
    [{ Exploitation: 'public poc', Automatable: 'maybe' }, ['poc', undefined, undefined]],
    [{}, [undefined, undefined, undefined]],
  ])('letter case varies and an unknown value is missing: %o', (options, expected) => {
    const parsed = parseVulnrichment(anyCveRecord('CVE-2026-1111', options))
    const values = 'values' in parsed ? parsed.values : undefined
    expect([values?.exploitation, values?.automatable, values?.technicalImpact]).toEqual(expected)
  })

  it('values of another container do not count', () => {
    const record = anyCveRecord('CVE-2026-1111', { Automatable: 'no' }, 'A vendor')
    expect(parseVulnrichment(record)).toEqual({ cveId: 'CVE-2026-1111' })
  })

  it.each([
    ['nothing', ''],
    ['a list', '[]'],
    ['no id', JSON.stringify({ cveMetadata: {}, containers: {} })],
    ['no containers', JSON.stringify({ cveMetadata: { cveId: 'CVE-2026-1111' } })],
    ['ten thousand brackets', '['.repeat(10_000)],
  ])('B19 refuses %s', (_, text) => {
    expect(parseVulnrichment(text)).toEqual({ refused: expect.stringContaining('not a CVE record') })
  })

  it('B11 refuses or reads any JSON and any text without a fault', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        for (const parse of [parseKev, parseEpss, parseVulnrichment])
          expect(Object.keys(parse(text))).toEqual(['refused'])
      }),
    )
  })
})
