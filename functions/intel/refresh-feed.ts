/** Fetches one feed, judges it, stores it, and wakes the findings that it concerns. */
import { FindingRecord } from '../finding/index.ts'
import { keys, lists } from '../kit/keys.ts'
import type { Ledger, Stored } from '../kit/ledger.ts'
import type { Clock, Ids, Metrics, Nudges } from '../kit/ports.ts'
import { isoInstant } from '../kit/time.ts'
import { type Parsed, parseEpss, parseKev, parseVulnrichment } from './parse.ts'
import type { FeedName, FeedSource, FeedStore } from './ports.ts'
import { epssShards, type Feed, FeedRecord, judgeRefresh, KevShard, keptKev } from './refresh.ts'

export interface RefreshPorts {
  readonly ledger: Ledger
  readonly store: FeedStore
  readonly source: FeedSource
  readonly nudges: Nudges
  readonly clock: Clock
  readonly ids: Ids
  readonly metrics: Metrics
  readonly account: string
}

interface Fetched {
  readonly parsed: Parsed<unknown>
  /** Shards to write when the feed is accepted. */
  readonly shards: (before: string | undefined) => ReadonlyMap<string, string>
}

export async function refreshFeed(
  feed: FeedName,
  address: string,
  ports: RefreshPorts,
): Promise<{ outcome: string; because?: string }> {
  const { ledger, store, clock } = ports
  const known = await ledger.read(FeedRecord, keys.feed(feed))
  const fetched =
    feed === 'vulnrichment' ? await fetchVulnrichment(address, ports) : await fetchWhole(feed, address, ports)
  const verdict =
    feed === 'vulnrichment' && !('refused' in fetched.parsed)
      ? ({ verdict: 'accept' } as const)
      : judgeRefresh(fetched.parsed, known?.value)
  if (verdict.verdict === 'unchanged') return { outcome: 'unchanged' }
  const at = isoInstant(clock.nowMs())
  if (verdict.verdict === 'keep' || 'refused' in fetched.parsed) {
    const because = verdict.verdict === 'keep' ? verdict.because : 'refused'
    ports.metrics.count('FeedRefreshFailed')
    const before: Feed = known?.value ?? { feed, version: '', date: '', rows: 0, fetchedAt: at, failures: 0 }
    await write(known, { ...before, failures: before.failures + 1, lastFailure: because }, 'intel.feed-kept', ports)
    return { outcome: 'kept', because }
  }
  const { version, date, rows } = fetched.parsed
  const before = feed === 'kev' && known ? await store.read('kev', known.value.version, 'all') : undefined
  for (const [shard, text] of fetched.shards(before)) await store.write(feed, version, shard, text)
  await write(
    known,
    { feed, version, date, rows: rows.size, fetchedAt: at, failures: 0 },
    'intel.feed-refreshed',
    ports,
  )
  await wakeFindings(ports)
  return { outcome: 'refreshed' }
}

async function write(
  known: Stored<Feed> | undefined,
  feed: Feed,
  type: string,
  { ledger, clock, ids, account }: RefreshPorts,
) {
  const { lastFailure, ...rest } = feed
  const value = lastFailure === undefined ? rest : { ...rest, lastFailure }
  const evidence = {
    leafId: ids.next(),
    at: isoInstant(clock.nowMs()),
    type,
    account,
    changeId: 'none',
    actor: 'drydock',
    body: value,
  }
  await ledger.commit({
    moves: [
      {
        kind: 'feed',
        key: keys.feed(feed.feed),
        from: known?.version ?? 0,
        value,
        list: { pk: lists.feeds, sk: feed.feed },
      },
    ],
    evidence: [evidence],
  })
}

async function text(address: string, { source }: RefreshPorts): Promise<string | { readonly refused: string }> {
  try {
    const { status, body } = await source.fetch(address)
    return status === 200 ? new TextDecoder().decode(body) : { refused: `${address} answered ${status}` }
  } catch (error) {
    return { refused: error instanceof Error ? error.message : String(error) }
  }
}

async function fetchWhole(feed: 'kev' | 'epss', address: string, ports: RefreshPorts): Promise<Fetched> {
  const read = await text(address, ports)
  if (typeof read !== 'string') return { parsed: read, shards: () => new Map() }
  if (feed === 'epss') {
    const parsed = parseEpss(read)
    return { parsed, shards: () => ('rows' in parsed ? epssShards(parsed.rows) : new Map()) }
  }
  const parsed = parseKev(read)
  return {
    parsed,
    shards: (before) =>
      new Map(
        'rows' in parsed
          ? [
              [
                'all',
                JSON.stringify(keptKev(parsed.rows, before === undefined ? {} : KevShard.parse(JSON.parse(before)))),
              ],
            ]
          : [],
      ),
  }
}

/** Vulnrichment is fetched for the CVEs of active findings only; the version is the day. */
async function fetchVulnrichment(base: string, ports: RefreshPorts): Promise<Fetched> {
  const findings = await ports.ledger.list(FindingRecord, lists.findings)
  const cveIds = [
    ...new Set(
      findings.flatMap(({ value }) =>
        value.status === 'active' && value.vulnerabilityId?.startsWith('CVE-') ? [value.vulnerabilityId] : [],
      ),
    ),
  ].sort()
  const rows = new Map<string, string>()
  for (const cveId of cveIds) {
    const [, year = '', number = ''] = cveId.split('-')
    const read = await text(`${base}/${year}/${number.slice(0, -3)}xxx/${cveId}.json`, ports)
    if (typeof read !== 'string') continue
    const parsed = parseVulnrichment(read)
    if ('rows' in parsed) for (const [id, row] of parsed.rows) rows.set(id, JSON.stringify(row))
  }
  const day = isoInstant(ports.clock.nowMs()).slice(0, 10)
  return { parsed: { version: day, date: day, rows }, shards: () => rows }
}

/** 3.6: findings that are open are scored again with what is known now. */
async function wakeFindings({ ledger, nudges }: RefreshPorts) {
  for (const { value } of await ledger.list(FindingRecord, lists.findings))
    if (value.status === 'active' && value.vulnerabilityId !== undefined)
      await nudges.send('assess', { findingId: value.findingId })
}
