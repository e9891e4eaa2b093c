/** How feeds are stored: short lines in a few shards, so that a look-up reads one small text and parses one line. */
import { byText } from '../kit/by-text.ts'
import { DrydockError } from '../kit/errors.ts'
import type { Epss, Kev, Vulnrichment } from './parse.ts'
import type { CveIntel, FeedName } from './ports.ts'

/** Vulnrichment's values for a CVE, and the day it was last asked. No values if it has none. */
export interface AskedVulnrichment {
  readonly values?: Vulnrichment
  /** ISO date. */
  readonly askedOn: string
}

const yearOf = (cveId: string) => cveId.slice(4, 8)
const numberOf = (cveId: string) => cveId.slice(9)

/** The shard of a feed that holds a CVE: KEV has one, the others one per CVE year. */
export const shardOf = (feed: FeedName, cveId: string) => (feed === 'kev' ? 'all' : yearOf(cveId))

const flag = (value: boolean | undefined) => (value ? '1' : '0')

function linesByShard<Row>(
  feed: FeedName,
  rows: ReadonlyMap<string, Row>,
  cells: (row: Row) => readonly (string | number)[],
): Map<string, string> {
  const shards = new Map<string, string[]>()
  for (const [cveId, row] of rows) {
    const shard = shardOf(feed, cveId)
    const lines = shards.get(shard) ?? []
    if (lines.length === 0) shards.set(shard, lines)
    lines.push([feed === 'kev' ? cveId : numberOf(cveId), ...cells(row)].join(','))
  }
  return new Map([...shards].map(([shard, lines]) => [shard, lines.sort(byText).join('\n')]))
}

/** `CVE,date added,forensic triage,ransomware,vanished` in one shard. */
export const kevShards = (rows: ReadonlyMap<string, Kev>) =>
  linesByShard('kev', rows, (row) => [
    row.dateAdded,
    flag(row.forensicTriage),
    flag(row.ransomware),
    flag(row.isVanished),
  ])

/** `number,probability,percentile` by CVE year. */
export const epssShards = (rows: ReadonlyMap<string, Epss>) =>
  linesByShard('epss', rows, ({ probability, percentile }) => [probability, percentile])

/** `number,automatable,technical impact,exploitation,asked on` by CVE year; `-` where it is missing. */
export const vulnrichmentShards = (rows: ReadonlyMap<string, AskedVulnrichment>) =>
  linesByShard('vulnrichment', rows, ({ values, askedOn }) => [
    values?.automatable ?? '-',
    values?.technicalImpact ?? '-',
    values?.exploitation ?? '-',
    askedOn,
  ])

const damaged = (feed: FeedName, line: string) =>
  new DrydockError(
    'DD1201',
    `the stored copy of feed ${feed} has the malformed line ${JSON.stringify(line.slice(0, 80))}; refresh the feed`,
  )

function kevOf(line: string): Kev {
  const [, dateAdded = '', triage = '', ransomware = '', vanished = ''] = line.split(',')
  if (!/^\d{4}-\d{2}-\d{2}$/.test(dateAdded) || !/^[01]{3}$/.test(`${triage}${ransomware}${vanished}`))
    throw damaged('kev', line)
  return {
    dateAdded,
    forensicTriage: triage === '1',
    ransomware: ransomware === '1',
    ...(vanished === '1' ? { isVanished: true } : {}),
  }
}

function epssOf(line: string): Epss {
  const [, one = '', other = ''] = line.split(',')
  const [probability, percentile] = [Number(one), Number(other)]
  if (one === '' || other === '' || !(probability >= 0 && probability <= 1) || !(percentile >= 0 && percentile <= 1))
    throw damaged('epss', line)
  return { probability, percentile }
}

const vulnrichmentLine = /^\d+,(?:(yes|no)|-),(?:(partial|total)|-),(?:(none|poc|active)|-),(\d{4}-\d{2}-\d{2})$/
const known = <const Value extends string>(text: string | undefined, values: readonly Value[]) =>
  values.find((value) => value === text)

function askedOf(line: string): AskedVulnrichment {
  const match = vulnrichmentLine.exec(line)
  if (!match) throw damaged('vulnrichment', line)
  const automatable = known(match[1], ['yes', 'no'])
  const technicalImpact = known(match[2], ['partial', 'total'])
  const exploitation = known(match[3], ['none', 'poc', 'active'])
  const values = {
    ...(automatable === undefined ? {} : { automatable }),
    ...(technicalImpact === undefined ? {} : { technicalImpact }),
    ...(exploitation === undefined ? {} : { exploitation }),
  }
  return { askedOn: match[4] ?? '', ...(Object.keys(values).length === 0 ? {} : { values }) }
}

/** The line that starts with `key,`. */
function lineOf(shard: string, key: string): string | undefined {
  const start = shard.startsWith(`${key},`) ? 0 : shard.indexOf(`\n${key},`) + 1
  if (start === 0 && !shard.startsWith(`${key},`)) return undefined
  const end = shard.indexOf('\n', start)
  return shard.slice(start, end < 0 ? shard.length : end)
}

export function kevIn(shard: string | undefined, cveId: string): Kev | undefined {
  const line = shard === undefined ? undefined : lineOf(shard, cveId)
  return line === undefined ? undefined : kevOf(line)
}

export function epssIn(shard: string | undefined, cveId: string): Epss | undefined {
  const line = shard === undefined ? undefined : lineOf(shard, numberOf(cveId))
  return line === undefined ? undefined : epssOf(line)
}

export function vulnrichmentIn(shard: string | undefined, cveId: string): Vulnrichment | undefined {
  const line = shard === undefined ? undefined : lineOf(shard, numberOf(cveId))
  return line === undefined ? undefined : askedOf(line).values
}

const linesOf = (shard: string) => shard.split('\n').filter((line) => line !== '')
const keyOf = (line: string) => line.slice(0, line.indexOf(','))

/** Every row of the KEV shard. */
export const kevRows = (shard: string): Map<string, Kev> =>
  new Map(linesOf(shard).map((line) => [keyOf(line), kevOf(line)]))

/** Every row of one year's Vulnrichment shard. */
export const vulnrichmentRows = (year: string, shard: string): Map<string, AskedVulnrichment> =>
  new Map(linesOf(shard).map((line) => [`CVE-${year}-${keyOf(line)}`, askedOf(line)]))

/** Every fact about one CVE, from the shards in force. */
export function intelFrom(
  cveId: string,
  shards: Readonly<Partial<Record<FeedName, string>>>,
  feeds: CveIntel['feeds'],
): CveIntel {
  const kev = kevIn(shards.kev, cveId)
  const epss = epssIn(shards.epss, cveId)
  const vulnrichment = vulnrichmentIn(shards.vulnrichment, cveId)
  return { feeds, ...(kev ? { kev } : {}), ...(epss ? { epss } : {}), ...(vulnrichment ? { vulnrichment } : {}) }
}
