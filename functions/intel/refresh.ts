/** Whether a fetched feed replaces the last good copy, and how a feed is stored in shards. */
import * as z from 'zod'
import type { RecordKind } from '../kit/ledger.ts'
import type { Epss, Kev, Parsed } from './parse.ts'
import type { CveIntel, FeedName } from './ports.ts'

export const Feed = z.strictObject({
  feed: z.enum(['kev', 'epss', 'vulnrichment']),
  version: z.string(),
  date: z.string(),
  rows: z.number().int(),
  fetchedAt: z.string(),
  /** Failed refreshes in a row; the last good copy stays in force. */
  failures: z.number().int(),
  lastFailure: z.string().optional(),
})
export type Feed = z.infer<typeof Feed>
export const FeedRecord: RecordKind<Feed> = { kind: 'feed', schema: Feed }

export type RefreshVerdict =
  | { readonly verdict: 'accept' }
  | { readonly verdict: 'unchanged' }
  | { readonly verdict: 'keep'; readonly because: string }

/** A feed may lose up to a tenth of its rows before that is taken for damage. */
const shrinkMax = 0.1

/** Accepts a newer, whole feed; keeps the last good copy of one that is broken, shrunken or older. */
export function judgeRefresh(parsed: Parsed<unknown>, current: Feed | undefined): RefreshVerdict {
  if ('refused' in parsed) return { verdict: 'keep', because: parsed.refused }
  if (parsed.rows.size === 0) return { verdict: 'keep', because: 'the feed holds no row' }
  if (!current) return { verdict: 'accept' }
  if (parsed.version === current.version) return { verdict: 'unchanged' }
  if (parsed.date < current.date)
    return { verdict: 'keep', because: `the feed is of ${parsed.date}, older than the copy of ${current.date}` }
  if (parsed.rows.size < current.rows * (1 - shrinkMax))
    return { verdict: 'keep', because: `the feed shrank from ${current.rows} to ${parsed.rows.size} rows` }
  return { verdict: 'accept' }
}

const yearOf = (cveId: string) => cveId.slice(4, 8)

/** EPSS by CVE year, `number,probability,percentile` lines; a look-up reads one shard of a few hundred kilobytes. */
export function epssShards(rows: ReadonlyMap<string, Epss>): Map<string, string> {
  const byYear = Map.groupBy(rows, ([cveId]) => yearOf(cveId))
  return new Map(
    [...byYear].map(([year, entries]) => [
      year,
      entries
        .map(([cveId, { probability, percentile }]) => `${cveId.slice(9)},${probability},${percentile}`)
        .join('\n'),
    ]),
  )
}

export function epssInShard(shard: string | undefined, cveId: string): Epss | undefined {
  const number = `${cveId.slice(9)},`
  const line = shard?.startsWith(number) ? shard.slice(0, lineEnd(shard, 0)) : lineAfter(shard, `\n${number}`)
  if (line === undefined) return undefined
  const [, probability, percentile] = line.split(',')
  return { probability: Number(probability), percentile: Number(percentile) }
}

function lineAfter(text: string | undefined, mark: string): string | undefined {
  const at = text?.indexOf(mark) ?? -1
  return at < 0 || text === undefined ? undefined : text.slice(at + 1, lineEnd(text, at + 1))
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end < 0 ? text.length : end
}

/** Shard of a feed that holds a CVE. */
export const shardOf = (feed: FeedName, cveId: string) =>
  feed === 'kev' ? 'all' : feed === 'epss' ? yearOf(cveId) : cveId

/** KEV rows that vanished since the last copy stay: a vanished row must not silently lower a priority. */
export function keptKev(rows: ReadonlyMap<string, Kev>, before: Readonly<Record<string, Kev>>): Record<string, Kev> {
  return { ...before, ...Object.fromEntries(rows) }
}

export const KevShard = z.record(
  z.string(),
  z.strictObject({ dateAdded: z.string(), forensicTriage: z.boolean(), ransomware: z.boolean() }),
)
export const VulnrichmentShard = z.strictObject({
  automatable: z.enum(['yes', 'no']).optional(),
  technicalImpact: z.enum(['partial', 'total']).optional(),
  exploitation: z.enum(['none', 'poc', 'active']).optional(),
})

/** Every fact about one CVE, from the shards in force. */
export function intelFrom(
  cveId: string,
  shards: Readonly<Partial<Record<FeedName, string>>>,
  feeds: CveIntel['feeds'],
): CveIntel {
  const kev = shards.kev === undefined ? undefined : KevShard.parse(JSON.parse(shards.kev))[cveId]
  const epss = epssInShard(shards.epss, cveId)
  const vulnrichment =
    shards.vulnrichment === undefined ? undefined : VulnrichmentShard.parse(JSON.parse(shards.vulnrichment))
  return {
    feeds,
    ...(kev ? { kev } : {}),
    ...(epss ? { epss } : {}),
    ...(vulnrichment
      ? {
          vulnrichment: {
            ...(vulnrichment.automatable ? { automatable: vulnrichment.automatable } : {}),
            ...(vulnrichment.technicalImpact ? { technicalImpact: vulnrichment.technicalImpact } : {}),
            ...(vulnrichment.exploitation ? { exploitation: vulnrichment.exploitation } : {}),
          },
        }
      : {}),
  }
}
