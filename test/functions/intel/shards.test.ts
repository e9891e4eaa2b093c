import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Kev } from '../../../functions/intel/parse.ts'
import {
  epssIn,
  epssShards,
  intelFrom,
  kevIn,
  kevRows,
  kevShards,
  shardOf,
  vulnrichmentIn,
  vulnrichmentRows,
  vulnrichmentShards,
} from '../../../functions/intel/shards.ts'

const cve = fc
  .tuple(fc.constantFrom('2025', '2026'), fc.integer({ min: 1000, max: 20_000 }))
  .map(([year, number]) => `CVE-${year}-${number}`)
const rowsOf = <T>(row: fc.Arbitrary<T>) => fc.array(fc.tuple(cve, row), { maxLength: 20 }).map((rows) => new Map(rows))
const kev: Kev = { dateAdded: '2026-01-02', forensicTriage: true, ransomware: false }

describe('3.1 shardOf', () => {
  it('is one for KEV and one for each year of the others', () => {
    expect([
      shardOf('kev', 'CVE-2026-1'),
      shardOf('epss', 'CVE-2026-1'),
      shardOf('vulnrichment', 'CVE-2025-1'),
    ]).toEqual(['all', '2026', '2025'])
  })
})

describe('3.1 shards', () => {
  it('give back the probability of every CVE, and of no other', () => {
    const row = fc.record({ probability: fc.constantFrom(0, 0.5, 0.00043, 1), percentile: fc.constantFrom(0, 0.25, 1) })
    fc.assert(
      fc.property(rowsOf(row), cve, (rows, other) => {
        const shards = epssShards(rows)
        for (const id of [...rows.keys(), other])
          expect(epssIn(shards.get(shardOf('epss', id)), id)).toEqual(rows.get(id))
      }),
      { numRuns: 50 },
    )
  })

  it('give back every listing of KEV, one that vanished too', () => {
    const rows = new Map<string, Kev>([
      ['CVE-2026-10', kev],
      ['CVE-2026-1', { ...kev, ransomware: true, isVanished: true }],
    ])
    const shard = kevShards(rows).get('all') ?? ''
    expect(kevRows(shard)).toEqual(rows)
    expect([kevIn(shard, 'CVE-2026-1')?.isVanished, kevIn(shard, 'CVE-2026-10')?.isVanished]).toEqual([true, undefined])
  })

  it('give back what Vulnrichment said, and that it said nothing', () => {
    const rows = new Map([
      [
        'CVE-2026-1000',
        { values: { automatable: 'yes' as const, exploitation: 'poc' as const }, askedOn: '2026-01-02' },
      ],
      ['CVE-2026-1001', { askedOn: '2026-01-03' }],
    ])
    const shard = vulnrichmentShards(rows).get('2026') ?? ''
    expect(vulnrichmentRows('2026', shard)).toEqual(rows)
    expect(vulnrichmentIn(shard, 'CVE-2026-1001')).toBeUndefined()
  })

  it('find nothing for part of a number, and nothing in a shard that is not there', () => {
    const shards = epssShards(new Map([['CVE-2026-12345', { probability: 0.5, percentile: 0.5 }]]))
    expect(['CVE-2026-1234', 'CVE-2026-2345', 'CVE-2026-123456'].map((id) => epssIn(shards.get('2026'), id))).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    expect(epssIn(undefined, 'CVE-2026-12345')).toBeUndefined()
  })

  it.each([
    ['a probability above 1', () => epssIn('1000,1.1,0.5', 'CVE-2026-1000')],
    ['a probability that is missing', () => epssIn('1000,,0.5', 'CVE-2026-1000')],
    ['no number', () => epssIn('1000,x,0.5', 'CVE-2026-1000')],
    ['a line cut short', () => kevIn('CVE-2026-1000,2026-01-02,1', 'CVE-2026-1000')],
    ['another flag', () => kevIn('CVE-2026-1000,2026-01-02,1,2,0', 'CVE-2026-1000')],
    ['another word', () => vulnrichmentIn('1000,maybe,-,-,2026-01-02', 'CVE-2026-1000')],
  ])('call %s damage and never an absence', (_, read) => {
    expect(read).toThrow(/DD1201/)
  })
})

describe('3.1 intelFrom', () => {
  it('leaves out what no feed says', () => {
    expect(intelFrom('CVE-2026-1000', { epss: '1000,0.5,0.9' }, {})).toEqual({
      feeds: {},
      epss: { probability: 0.5, percentile: 0.9 },
    })
  })
})
