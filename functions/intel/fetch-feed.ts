/** Fetches a feed and prepares it for storage, keeping facts of the copy in force that the new one lacks. */

import type { Finding } from '../finding/index.ts'
import { byTextOf } from '../kit/by-text.ts'
import { DrydockError } from '../kit/errors.ts'
import { inParallel } from '../kit/in-parallel.ts'
import { canonicalJson } from '../kit/json.ts'
import { isCveId, parseEpss, parseKev, parseVulnrichment, type Vulnrichment } from './parse.ts'
import type { FeedName, FeedSource, FeedStore } from './ports.ts'
import { type Candidate, type Feed, keptKev } from './refresh.ts'
import {
  type AskedVulnrichment,
  epssShards,
  kevRows,
  kevShards,
  shardOf,
  vulnrichmentRows,
  vulnrichmentShards,
} from './shards.ts'

export interface FetchPorts {
  readonly source: FeedSource
  readonly store: FeedStore
  /** SHA-256 of a text as hex. */
  readonly digest: (text: string) => string
}

export type Fetched = Candidate | { readonly refused: string }

/** As many as intake keeps: a Windows update fixes about 150 CVEs, and KEV may list any of them. */
const cvesMax = 200

/**
 * All CVEs of a finding, its own id first where that is one: the order in which a scanner names them decides nothing
 * (3.1).
 */
export function cveIdsOf({ vulnerabilityId, relatedVulnerabilityIds }: Finding): readonly string[] {
  if (vulnerabilityId === undefined) return []
  return [...new Set([vulnerabilityId, ...relatedVulnerabilityIds].filter(isCveId))].slice(0, cvesMax)
}

type Answer = { readonly text: string } | { readonly status: number } | { readonly refused: string }

async function ask(address: string, { source }: FetchPorts): Promise<Answer> {
  try {
    const { status, body } = await source.fetch(address)
    return status === 200 ? { text: new TextDecoder('utf-8', { fatal: true }).decode(body) } : { status }
  } catch (error) {
    return { refused: `${address}: ${error instanceof Error ? error.message : String(error)}` }
  }
}

const reasonOf = (address: string, answer: { readonly status: number } | { readonly refused: string }) =>
  'refused' in answer ? answer.refused : `${address} answered ${answer.status}`

export async function fetchKev(address: string, known: Feed | undefined, ports: FetchPorts): Promise<Fetched> {
  const answer = await ask(address, ports)
  if (!('text' in answer)) return { refused: reasonOf(address, answer) }
  const parsed = parseKev(answer.text)
  if ('refused' in parsed) return parsed
  const before = await storedShard('kev', known, 'all', ports)
  const stored = before === undefined ? new Map() : readable(() => kevRows(before))
  return {
    ...parsed,
    rows: parsed.rows.size,
    sha256: ports.digest(answer.text),
    shards: kevShards(keptKev(parsed.rows, stored ?? new Map())),
    ...(stored ? {} : { warning: 'the stored copy was damaged: rows that had vanished from the catalogue are lost' }),
  }
}

/** undefined: the stored text is damaged, and only a whole feed repairs it. */
function readable<Rows>(read: () => Rows): Rows | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof DrydockError) return undefined
    throw error
  }
}

export async function fetchEpss(address: string, ports: FetchPorts): Promise<Fetched> {
  const answer = await ask(address, ports)
  if (!('text' in answer)) return { refused: reasonOf(address, answer) }
  const parsed = parseEpss(answer.text)
  if ('refused' in parsed) return parsed
  return {
    ...parsed,
    rows: parsed.rows.size,
    sha256: ports.digest(answer.text),
    shards: epssShards(parsed.rows),
  }
}

export const storedShard = async (
  feed: FeedName,
  copy: Pick<Feed, 'copy' | 'shards'> | undefined,
  shard: string,
  { store }: Pick<FetchPorts, 'store'>,
) => (copy?.shards.includes(shard) ? store.read(feed, copy.copy, shard) : undefined)

/** Most records per refresh, those asked about longest ago first; the rest follow in the next. */
const asksMax = 400
const asksAtOnce = 8

type Asked = { readonly cveId: string } & ({ readonly values?: Vulnrichment } | { readonly refused: string })

/** `<base>/2024/6xxx/CVE-2024-6387.json`, as in CISA's repository. */
export function recordAddress(base: string, cveId: string): string {
  const [, year = '', number = ''] = cveId.split('-')
  return `${base.endsWith('/') ? base.slice(0, -1) : base}/${year}/${number.slice(0, -3)}xxx/${cveId}.json`
}

async function askRecord(base: string, cveId: string, ports: FetchPorts): Promise<Asked> {
  const address = recordAddress(base, cveId)
  const answer = await ask(address, ports)
  if ('status' in answer && answer.status === 404) return { cveId }
  if (!('text' in answer)) return { cveId, refused: reasonOf(address, answer) }
  const parsed = parseVulnrichment(answer.text)
  if ('refused' in parsed) return { cveId, refused: `${address}: ${parsed.refused}` }
  return parsed.cveId === cveId ? parsed : { cveId, refused: `${address} returned the record of ${parsed.cveId}` }
}

/**
 * Fetches the Vulnrichment records of some CVEs. Known values of others stay, as do those of a CVE whose record is gone
 * or unreadable: values never vanish, because missing ones may lower a priority.
 *
 * @param today ISO date; the version of the copy.
 */
export async function fetchVulnrichment(
  base: string,
  known: Feed | undefined,
  { cveIds, today }: { readonly cveIds: readonly string[]; readonly today: string },
  ports: FetchPorts,
): Promise<Fetched> {
  const rows = new Map<string, AskedVulnrichment>()
  for (const year of known?.shards ?? []) {
    const shard = await storedShard('vulnrichment', known, year, ports)
    const stored = shard === undefined ? undefined : readable(() => vulnrichmentRows(year, shard))
    for (const entry of stored ?? []) rows.set(...entry)
  }
  const wanted = oldestFirst(new Set(cveIds), rows).slice(0, asksMax)
  const asked = await inParallel(wanted, asksAtOnce, (cveId) => askRecord(base, cveId, ports))
  const refusals = asked.flatMap((one) => ('refused' in one ? [one.refused] : []))
  const warning = `${refusals.length} of ${wanted.length} records could not be read, first ${refusals[0]}`.slice(
    0,
    1000,
  )
  if (refusals.length > 0 && refusals.length === wanted.length) return { refused: warning }
  for (const one of asked) {
    if ('refused' in one) continue
    const values = one.values ?? rows.get(one.cveId)?.values
    rows.set(one.cveId, { askedOn: today, ...(values ? { values } : {}) })
  }
  const shards = vulnrichmentShards(rows)
  return {
    version: today,
    date: today,
    rows: rows.size,
    sha256: ports.digest(canonicalJson(Object.fromEntries(shards))),
    shards,
    ...(refusals.length > 0 ? { warning } : {}),
  }
}

/** Which of some CVEs were asked about before; a damaged shard counts as none, so that they are asked about again. */
export async function askedVulnrichment(
  cveIds: readonly string[],
  copy: Feed | undefined,
  ports: Pick<FetchPorts, 'store'>,
): Promise<ReadonlyMap<string, AskedVulnrichment>> {
  const rows = new Map<string, AskedVulnrichment>()
  const wanted = new Set(cveIds)
  for (const year of new Set(cveIds.map((cveId) => shardOf('vulnrichment', cveId)))) {
    const shard = await storedShard('vulnrichment', copy, year, ports)
    const stored = shard === undefined ? undefined : readable(() => vulnrichmentRows(year, shard))
    for (const [cveId, row] of stored ?? []) if (wanted.has(cveId)) rows.set(cveId, row)
  }
  return rows
}

function oldestFirst(cveIds: ReadonlySet<string>, rows: ReadonlyMap<string, AskedVulnrichment>): string[] {
  const order = (cveId: string) => `${rows.get(cveId)?.askedOn ?? ''} ${shardOf('vulnrichment', cveId)} ${cveId}`
  return [...cveIds].sort(byTextOf(order))
}
