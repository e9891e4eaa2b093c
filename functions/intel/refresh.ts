/** Whether a fetched feed replaces the last good copy. */
import * as z from 'zod'
import type { RecordKind } from '../kit/ledger.ts'
import { msBetween } from '../kit/time.ts'
import type { Kev } from './parse.ts'

const Copy = z.strictObject({ copy: z.string(), shards: z.array(z.string()) })

/** A feed as the ledger knows it: which stored copy is in force, and how the last refreshes went. */
export const Feed = z.strictObject({
  feed: z.enum(['kev', 'epss', 'vulnrichment']),
  /** The publisher's; empty as long as no good copy ever came. */
  version: z.string(),
  /** ISO instant or date that the publisher gives the copy. */
  date: z.string(),
  rows: z.number().int().min(0),
  /** SHA-256 of the text fetched, as hex. */
  sha256: z.string(),
  /** Name of the stored copy in force, and the shards that it has. */
  ...Copy.shape,
  fetchedAt: z.string(),
  /** When the publisher last confirmed the copy in force; accurate to `confirmHours`. */
  checkedAt: z.string(),
  /** Failed refreshes in a row; the last good copy stays in force. */
  failures: z.number().int().min(0),
  lastFailure: z.string().max(1000).optional(),
  /** The copy that stood before; the findings that its replacement concerns are not all woken yet. */
  wakingFrom: Copy.optional(),
})
export type Feed = z.infer<typeof Feed>
/** A feed's current copy, in the ledger: one record each. */
export const FeedRecord: RecordKind<Feed> = { kind: 'feed', schema: Feed }

/** A fetched feed, ready to be stored. */
export interface Candidate {
  readonly version: string
  readonly date: string
  /** Rows that the publisher gave. */
  readonly rows: number
  readonly sha256: string
  readonly shards: ReadonlyMap<string, string>
  /** What was wrong with a part of it; that part stays as it was. */
  readonly warning?: string
}

export type RefreshVerdict =
  | { readonly verdict: 'accept' }
  | { readonly verdict: 'unchanged' }
  | { readonly verdict: 'keep'; readonly because: string }

/** A feed may lose up to a tenth of its rows before that is taken for damage. */
const shrinkMax = 0.1
/** A feed dated further ahead would make every later one look old. */
const aheadHoursMax = 48
/** EPSS is written every day and KEV every few; one that is older comes from a mirror or a publisher that stopped. */
const dateAgeDaysMax: Readonly<Partial<Record<Feed['feed'], number>>> = { epss: 7, kev: 30 }
/** How often an unchanged feed is noted as confirmed. */
const confirmHours = 12

const hoursBetween = (from: string, to: string) => msBetween(from, to) / 3_600_000
const asInstant = (date: string) => (date.includes('T') ? date : `${date}T00:00:00Z`)

/** Why a feed is too old to be taken for what its publisher knows today; undefined: it is not. */
export function ageFault(feed: Feed['feed'], date: string, now: string): string | undefined {
  const daysMax = dateAgeDaysMax[feed]
  const days = hoursBetween(asInstant(date), now) / 24
  if (daysMax === undefined || days <= daysMax) return undefined
  return `the feed is of ${date}, ${Math.floor(days)} days ago: its address gives nothing newer`
}

/**
 * Accepts a newer, whole feed; keeps the last good copy of one that is broken, empty, shrunken, older or dated ahead, and
 * of one that has been unchanged for too long to be in the middle of a write.
 *
 * @param options `now` as ISO instant; `mayShrink`: a person has looked and takes the smaller feed for right.
 */
export function judgeRefresh(
  candidate: Candidate | { readonly refused: string },
  current: Feed | undefined,
  { now, mayShrink = false }: { readonly now: string; readonly mayShrink?: boolean },
): RefreshVerdict {
  if ('refused' in candidate) return { verdict: 'keep', because: candidate.refused }
  const { date, rows, sha256 } = candidate
  if (rows === 0) return { verdict: 'keep', because: 'the feed holds no row' }
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

/** Whether an unchanged feed is worth a record: it had failed, or was confirmed long ago. */
export const isWorthConfirming = ({ failures, checkedAt }: Feed, now: string) =>
  failures > 0 || hoursBetween(checkedAt, now) >= confirmHours

/** Whether decisions rest on a copy that nobody confirmed for longer than the policy allows. */
export const isTooOld = ({ checkedAt }: Feed, now: string, ageHoursMax: number) =>
  hoursBetween(checkedAt, now) > ageHoursMax

/** KEV rows that vanished since the last copy stay, flagged: a vanished row must not silently lower a priority. */
export function keptKev(rows: ReadonlyMap<string, Kev>, before: ReadonlyMap<string, Kev>): Map<string, Kev> {
  const vanished = [...before].filter(([cveId]) => !rows.has(cveId))
  return new Map([...vanished.map(([cveId, row]) => [cveId, { ...row, isVanished: true }] as const), ...rows])
}
