/** Fetches one feed, judges it, stores it, and wakes the findings that it concerns. */

import * as z from 'zod'
import { evidenceBy } from '../kit/evidence-by.ts'
import { inParallel } from '../kit/in-parallel.ts'
import { keys, lists } from '../kit/keys.ts'
import type { Ledger, Stored } from '../kit/ledger.ts'
import { everyListed } from '../kit/listed.ts'
import type { Clock, Ids, Metrics } from '../kit/ports.ts'
import { retried } from '../kit/retried.ts'
import { isoInstant } from '../kit/time.ts'
import { type Fetched, type FetchPorts, fetchEpss, fetchKev, fetchVulnrichment } from './fetch-feed.ts'
import { KnownCveRecord } from './known-cve.ts'
import type { FeedName } from './ports.ts'
import { ageFault, type Candidate, type Feed, FeedRecord, isWorthConfirming, judgeRefresh } from './refresh.ts'
import { type WakePorts, wakeFindings } from './wake.ts'

/** What a schedule, or a person, asks for. */
export const RefreshFeed = z.looseObject({
  feed: z.enum(['kev', 'epss', 'vulnrichment']),
  /** Replaces the deployed address. */
  address: z.url().optional(),
  /** Accepts a feed that lost more than a tenth of its rows; set by a person who has checked it. */
  mayShrink: z.boolean().optional(),
})
export type RefreshFeed = z.infer<typeof RefreshFeed>

export interface RefreshPorts extends FetchPorts, WakePorts {
  readonly clock: Clock
  readonly ids: Ids
  readonly metrics: Metrics
  readonly account: string
}

export interface RefreshFeedPorts extends RefreshPorts {
  addressOf(feed: FeedName): string
}

export interface Refresh {
  readonly feed: FeedName
  /** The file's address; for Vulnrichment the base of the records. */
  readonly address: string
  /** Whether a person has checked and accepts a feed that shrank by more than a tenth. */
  readonly mayShrink?: boolean
  /** Vulnrichment only: the CVEs to ask about, instead of all that findings were assessed for. */
  readonly cveIds?: readonly string[]
}

export type RefreshOutcome =
  | { readonly outcome: 'refreshed'; readonly woken: number; readonly because?: string }
  | { readonly outcome: 'unchanged' }
  | { readonly outcome: 'kept'; readonly because: string }

const writesAtOnce = 8

/**
 * Refreshes a feed. If the fetched one is bad, the last good copy stays in force, the feed's record gets the failure,
 * and the metric `FeedRefreshFailed` raises the alarm.
 *
 * @throws DrydockError DD1203 when every try met another writer.
 */
export async function refreshFeed(refresh: Refresh, ports: RefreshPorts): Promise<RefreshOutcome> {
  const what = `feed ${refresh.feed}`
  return retried({ code: 'DD1203', what, advice: 'the next refresh tries again', triesMax: 3 }, () =>
    tryOnce(refresh, ports),
  )
}

/** Refreshes one feed, from the given address or else from the deployed one. */
export const run = ({ feed, address, mayShrink = false }: RefreshFeed, ports: RefreshFeedPorts) =>
  refreshFeed({ feed, address: address ?? ports.addressOf(feed), mayShrink }, ports)

/** undefined: another writer came first. */
async function tryOnce(refresh: Refresh, ports: RefreshPorts): Promise<RefreshOutcome | undefined> {
  const known = await settled(refresh.feed, ports)
  if (known === 'conflict') return undefined
  const candidate = await fetchFeed(refresh, known?.value, ports)
  // No known CVE and never asked: Vulnrichment is not needed.
  if (refresh.feed === 'vulnrichment' && 'rows' in candidate && candidate.rows === 0) return { outcome: 'unchanged' }
  const now = isoInstant(ports.clock.nowMs())
  const verdict = judgeRefresh(candidate, known?.value, { now, mayShrink: refresh.mayShrink ?? false })
  if (verdict.verdict === 'unchanged') return confirm(known, now, ports)
  if (verdict.verdict === 'keep' || 'refused' in candidate)
    return keep(refresh.feed, known, 'because' in verdict ? verdict.because : 'refused', ports)
  const warning = candidate.warning ?? ageFault(refresh.feed, candidate.date, now)
  return accept(refresh, known, warning === undefined ? candidate : { ...candidate, warning }, ports)
}

async function fetchFeed(
  { feed, address, cveIds: asked }: Refresh,
  known: Feed | undefined,
  ports: RefreshPorts,
): Promise<Fetched> {
  if (feed === 'kev') return fetchKev(address, known, ports)
  if (feed === 'epss') return fetchEpss(address, ports)
  const cveIds = asked ?? (await knownCves(ports.ledger))
  const today = isoInstant(ports.clock.nowMs()).slice(0, 10)
  return fetchVulnrichment(address, known, { cveIds, today }, ports)
}

async function knownCves(ledger: Ledger): Promise<string[]> {
  const cveIds: string[] = []
  for await (const page of everyListed(ledger, KnownCveRecord, lists.cves))
    cveIds.push(...page.map(({ value }) => value.cveId))
  return cveIds
}

async function confirm(known: Stored<Feed> | undefined, now: string, ports: RefreshPorts) {
  if (known && isWorthConfirming(known.value, now)) {
    const { lastFailure: _, ...feed } = known.value
    const isWritten = await write(known, { ...feed, checkedAt: now, failures: 0 }, 'intel.feed-confirmed', ports)
    if (!isWritten) return undefined
  }
  return { outcome: 'unchanged' } as const
}

const never = (feed: FeedName, at: string): Feed => ({
  feed,
  version: '',
  date: '',
  rows: 0,
  sha256: '',
  copy: '',
  shards: [],
  fetchedAt: at,
  checkedAt: at,
  failures: 0,
  wakesByCve: true,
})

async function keep(feed: FeedName, known: Stored<Feed> | undefined, reason: string, ports: RefreshPorts) {
  const because = reason.slice(0, 1000)
  const before = known?.value ?? never(feed, isoInstant(ports.clock.nowMs()))
  ports.metrics.count('FeedRefreshFailed')
  const next = { ...before, failures: before.failures + 1, lastFailure: because }
  return (await write(known, next, 'intel.feed-kept', ports)) ? ({ outcome: 'kept', because } as const) : undefined
}

async function accept(
  { feed: name, cveIds }: Refresh,
  known: Stored<Feed> | undefined,
  candidate: Candidate,
  ports: RefreshPorts,
): Promise<RefreshOutcome | undefined> {
  const { version, date, rows, sha256, shards, warning } = candidate
  const at = isoInstant(ports.clock.nowMs())
  const copy = `${version.replaceAll('/', '-')}-${sha256.slice(0, 12)}`
  await inParallel([...shards], writesAtOnce, ([shard, text]) => ports.store.write(name, copy, shard, text))
  const before = known?.value ?? never(name, at)
  const next: Feed = {
    feed: name,
    version,
    date,
    rows,
    sha256,
    copy,
    shards: [...shards.keys()].sort(),
    fetchedAt: at,
    // A few CVEs do not confirm the rest.
    checkedAt: cveIds === undefined ? at : before.checkedAt,
    failures: 0,
    ...(warning === undefined ? {} : { lastFailure: warning }),
    ...(before.wakesByCve ? { wakesByCve: true } : {}),
    wakingFrom: { copy: before.copy, shards: before.shards },
  }
  if (warning !== undefined) ports.metrics.count('FeedRefreshFailed')
  if (!(await write(known, next, 'intel.feed-refreshed', ports))) return undefined
  const woken = await wake({ key: keys.feed(name), version: (known?.version ?? 0) + 1, value: next }, ports)
  return { outcome: 'refreshed', woken: woken.count, ...(warning === undefined ? {} : { because: warning }) }
}

/** The feed's record, after waking findings that an earlier refresh left asleep. */
async function settled(feed: FeedName, ports: RefreshPorts): Promise<Stored<Feed> | undefined | 'conflict'> {
  const known = await ports.ledger.read(FeedRecord, keys.feed(feed))
  if (known?.value.wakingFrom === undefined) return known
  return (await wake(known, ports)).settled
}

/** A crash leaves `wakingFrom`, and the next refresh wakes them all again: two nudges make one assessment. */
async function wake(known: Stored<Feed>, ports: RefreshPorts) {
  const { wakingFrom, ...kept } = known.value
  const rest = { ...kept, wakesByCve: true } as const
  const count = wakingFrom === undefined ? 0 : await wakeFindings(known.value, wakingFrom, ports)
  const isWritten = await write(known, rest, 'intel.findings-woken', ports, { woken: count })
  return { count, settled: isWritten ? { ...known, version: known.version + 1, value: rest } : ('conflict' as const) }
}

async function write(
  known: Stored<Feed> | undefined,
  value: Feed,
  type: string,
  ports: RefreshPorts,
  more: Readonly<Record<string, number>> = {},
): Promise<boolean> {
  const { feed, version, date, rows, sha256, failures, lastFailure } = value
  const body = {
    feed,
    version,
    date,
    rows,
    sha256,
    failures,
    ...(lastFailure === undefined ? {} : { lastFailure }),
    ...more,
  }
  const evidence = {
    ...evidenceBy(ports, isoInstant(ports.clock.nowMs())),
    type,
    changeId: 'none',
    body,
  }
  const list = { pk: lists.feeds, sk: feed }
  const move = { kind: FeedRecord.kind, key: keys.feed(feed), from: known?.version ?? 0, value, list }
  return 'committed' in (await ports.ledger.commit({ moves: [move], evidence: [evidence] }))
}
