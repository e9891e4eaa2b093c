/** Whether a fetched feed replaces the last good copy. */
import * as z from 'zod'
import type { RecordKind } from '../kit/ledger.ts'
import { msBetween } from '../kit/time.ts'
import type { Kev } from './parse.ts'

const Copy = z.strictObject({ copy: z.string(), shards: z.array(z.string()) })

/** A feed in the ledger: which stored copy is in force, and how the last refreshes went. */
export const Feed = z.strictObject({
  feed: z.enum(['kev', 'epss', 'vulnrichment']),
  /** The publisher's version; empty before the first good copy. */
  version: z.string(),
  /** The publisher's ISO instant or date of the copy. */
  date: z.string(),
  rows: z.number().int().min(0),
  /** SHA-256 of the text fetched, as hex. */
  sha256: z.string(),
  /** Name of the stored copy in force, and its shards. */
  ...Copy.shape,
  fetchedAt: z.string(),
  /** When the publisher last confirmed the copy in force; accurate to `confirmHours`. */
  checkedAt: z.string(),
  /** Failed refreshes in a row; the last good copy stays in force. */
  failures: z.number().int().min(0),
  lastFailure: z.string().max(1000).optional(),
  /**
   * Whether findings are woken by their CVEs. A feed of an older Drydock, which listed none, wakes them all once, and
   * they are listed as they are assessed.
   */
  wakesByCve: z.literal(true).optional(),
  /** The previous copy, while findings that its replacement concerns are still to be woken. */
  wakingFrom: Copy.optional(),
})
export type Feed = z.infer<typeof Feed>
/** A feed's current copy, in the ledger: one record each. */
export const FeedRecord: RecordKind<Feed> = { kind: 'feed', schema: Feed }

/** A fetched feed, ready to be stored. */
export interface Candidate {
  readonly version: string
  readonly date: string
  /** Rows in the publisher's file. */
  readonly rows: number
  readonly sha256: string
  readonly shards: ReadonlyMap<string, string>
  /** What was wrong with a part of it, which keeps its old value. */
  readonly warning?: string
}

export type RefreshVerdict =
  | { readonly verdict: 'accept' }
  | { readonly verdict: 'unchanged' }
  | { readonly verdict: 'keep'; readonly because: string }

/** A feed that loses more than a tenth of its rows counts as damaged. */
const shrinkMax = 0.1
/** A feed dated further ahead would make every later one look old. */
const aheadHoursMax = 48
/** EPSS is published daily and KEV every few days; an older one means a mirror or publisher that stopped. */
const dateAgeDaysMax: Readonly<Partial<Record<Feed['feed'], number>>> = { epss: 7, kev: 30 }
/** Hours between recorded confirmations of an unchanged feed. */
const confirmHours = 12

const hoursBetween = (from: string, to: string) => msBetween(from, to) / 3_600_000
const asInstant = (date: string) => (date.includes('T') ? date : `${date}T00:00:00Z`)

/** Why a feed is too old to be current; undefined if it is not. */
export function ageFault(feed: Feed['feed'], date: string, now: string): string | undefined {
  const daysMax = dateAgeDaysMax[feed]
  const days = hoursBetween(asInstant(date), now) / 24
  if (daysMax === undefined || days <= daysMax) return undefined
  return `the feed is of ${date}, ${Math.floor(days)} days ago: its address gives nothing newer`
}

/**
 * Accepts a newer, whole feed; keeps the last good copy if the new one is broken, empty, shrunken, older, dated ahead,
 * or has been unchanged for too long.
 *
 * @param options `now` as ISO instant; `mayShrink`: a person has checked and accepts the smaller feed.
 */
export function judgeRefresh(
  candidate: Candidate | { readonly refused: string },
  current: Feed | undefined,
  { now, mayShrink = false }: { readonly now: string; readonly mayShrink?: boolean },
): RefreshVerdict {
  if ('refused' in candidate) return { verdict: 'keep', because: candidate.refused }
  const { date, rows, sha256 } = candidate
  if (rows === 0) return { verdict: 'keep', because: 'the feed has no rows' }
  if (hoursBetween(now, asInstant(date)) > aheadHoursMax)
    return { verdict: 'keep', because: `the feed is dated ${date}, more than ${aheadHoursMax} hours ahead` }
  if (!current || current.version === '') return { verdict: 'accept' }
  if (sha256 === current.sha256) {
    const because = ageFault(current.feed, date, now)
    return because === undefined ? { verdict: 'unchanged' } : { verdict: 'keep', because }
  }
  if (date < current.date)
    return { verdict: 'keep', because: `the feed is of ${date}, older than the copy of ${current.date}` }
  if (date === current.date && current.feed !== 'vulnrichment')
    return { verdict: 'keep', because: `the feed is of ${date} like the copy in force, with other content` }
  if (rows < current.rows * (1 - shrinkMax) && !mayShrink)
    return { verdict: 'keep', because: `the feed shrank from ${current.rows} to ${rows} rows` }
  return { verdict: 'accept' }
}

/** Whether an unchanged feed needs a write: it had failed, or was confirmed long ago. */
export const isWorthConfirming = ({ failures, checkedAt }: Feed, now: string) =>
  failures > 0 || hoursBetween(checkedAt, now) >= confirmHours

/** Whether the copy in force was last confirmed longer ago than the policy allows. */
export const isTooOld = ({ checkedAt }: Feed, now: string, ageHoursMax: number) =>
  hoursBetween(checkedAt, now) > ageHoursMax

/** Keeps KEV rows that have vanished, flagged: a vanished row must not silently lower a priority. */
export function keptKev(rows: ReadonlyMap<string, Kev>, before: ReadonlyMap<string, Kev>): Map<string, Kev> {
  const vanished = [...before].filter(([cveId]) => !rows.has(cveId))
  return new Map([...vanished.map(([cveId, row]) => [cveId, { ...row, isVanished: true }] as const), ...rows])
}
