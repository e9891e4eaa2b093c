/** Pulls findings from Inspector, because its events are best effort (I6). */

import * as z from 'zod'
import { FindingRecord } from '../finding/index.ts'
import { evidenceBy } from '../kit/evidence-by.ts'
import type { Json } from '../kit/json.ts'
import { keys } from '../kit/keys.ts'
import type { Ledger, RecordKind, Stored } from '../kit/ledger.ts'
import type { Clock, Ids, Metrics } from '../kit/ports.ts'
import { instantAfter, isoInstant } from '../kit/time.ts'
import type { NormaliseContext } from './finish-draft.ts'
import { importDetails, importDetailType, importSource } from './import-event.ts'
import { normaliseDocument } from './normalise.ts'
import type { FindingQueue, FindingSource } from './ports.ts'

/** How far the ledger is known to be complete. */
export const FindingPull = z.strictObject({
  /** Everything that Inspector updated before this instant was pulled; absent before the first complete pull. */
  doneUntil: z.string().optional(),
  /** The unfinished window of earlier runs; without `from`, all active findings. */
  open: z.strictObject({ from: z.string().optional(), until: z.string(), token: z.string().optional() }).optional(),
  pulledAt: z.string(),
  /** Consecutive runs that Inspector did not let finish. */
  failures: z.number().int().min(0),
  lastFailure: z.string().max(1000).optional(),
})
export type FindingPull = z.infer<typeof FindingPull>
/** How far findings were pulled, in the ledger: one record. */
export const FindingPullRecord: RecordKind<FindingPull> = { kind: 'finding-pull', schema: FindingPull }

/** The schedule's input, which is ignored. */
export const PullFindings = z.looseObject({})
export type PullFindings = z.infer<typeof PullFindings>

export interface PullPorts {
  readonly ledger: Ledger
  readonly source: FindingSource
  readonly queue: FindingQueue
  readonly clock: Clock
  readonly ids: Ids
  readonly metrics: Metrics
  readonly digest: NormaliseContext['digest']
  readonly account: string
  readonly region: string
}

export interface Pulled {
  /** `more`: the run's time was up, and the next continues from there. */
  readonly outcome: 'done' | 'more' | 'failed'
  readonly seen: number
  /** Findings that were missing or older in the ledger, now on the findings queue. */
  readonly missed: number
  readonly because?: string
}

/** Overlap with the last window, because an update may appear late in the list. */
const overlapMinutes = 30
/** Recent updates may still arrive as events. */
const settleMinutes = 2
/** A run stops before Lambda's timeout. */
const runMinutesMax = 4
/** How often a pull without news is recorded. */
const restHours = 6
/** Inspector's tokens may have a million characters; one longer than this is not kept, and the window starts again. */
const tokenCharactersMax = 50_000

type Window = NonNullable<FindingPull['open']>

const shifted = (iso: string, minutes: number) => instantAfter(iso, minutes * 60_000)

/**
 * Pulls what Inspector updated since the last good pull. A refusal by the source ends the run and is returned, never
 * thrown.
 */
export async function pullFindings(ports: PullPorts): Promise<Pulled> {
  const { ledger, clock, metrics } = ports
  const startedMs = clock.nowMs()
  const now = isoInstant(startedMs)
  const read = await ledger.read(FindingPullRecord, keys.findingPull())
  const window = read?.value.open ?? nextWindow(read?.value.doneUntil, now)
  const run = await readWindow(window, startedMs, ports)
  metrics.count('FindingsPulled', run.seen)
  metrics.count('FindingsMissed', run.missed)
  metrics.count(run.outcome === 'failed' ? 'FindingsPullFailed' : 'FindingsPullAlive')
  await note(read, window, run, now, ports)
  const { outcome, seen, missed, because } = run
  return { outcome, seen, missed, ...(because === undefined ? {} : { because }) }
}

function nextWindow(doneUntil: string | undefined, now: string): Window {
  const until = shifted(now, -settleMinutes)
  return doneUntil === undefined ? { until } : { from: shifted(doneUntil, -overlapMinutes), until }
}

interface Run extends Pulled {
  readonly token?: string | undefined
}

async function readWindow({ token: start, ...window }: Window, startedMs: number, ports: PullPorts): Promise<Run> {
  let [token, seen, missed] = [start, 0, 0]
  let mayStartAgain = start !== undefined
  for (;;) {
    const page = await ports.source.page({ ...window, ...(token === undefined ? {} : { token }) })
    if ('refused' in page) {
      const isStale = page.refused === 'bad-token' && mayStartAgain
      if (!isStale) return { outcome: 'failed', seen, missed, because: `${page.refused}: ${page.detail}`, token }
      mayStartAgain = false
      token = undefined
      continue
    }
    seen += page.findings.length
    missed += await sendMissed(page.findings, ports)
    token = page.token
    if (token === undefined) return { outcome: 'done', seen, missed }
    if (ports.clock.nowMs() - startedMs > runMinutesMax * 60_000) return { outcome: 'more', seen, missed, token }
  }
}

/** Sends whatever is missing or older in the ledger; unreadable records go too, so that intake refuses them. */
async function sendMissed(findings: readonly Json[], ports: PullPorts): Promise<number> {
  const { queue, clock, ids, account, region } = ports
  const known = await Promise.all(findings.map((finding) => isKnown(finding, ports)))
  const missed = findings.filter((_, index) => !known[index])
  const { details, tooLarge } = importDetails(missed)
  if (tooLarge.length > 0) ports.metrics.count('FindingsRefused', tooLarge.length)
  for (const detail of details) {
    const head = { version: '0', id: ids.next(), source: importSource, 'detail-type': importDetailType }
    const event = { ...head, account, region, time: isoInstant(clock.nowMs()), detail: JSON.parse(detail) }
    await queue.send(JSON.stringify(event))
  }
  return missed.length
}

async function isKnown(record: Json, { ledger, clock, digest }: PullPorts): Promise<boolean> {
  const items = normaliseDocument(record, { nowMs: clock.nowMs(), digest })
  for (const item of items) {
    if ('refused' in item) return false
    const stored = await ledger.read(FindingRecord, keys.finding(item.finding.findingId))
    if (!stored || stored.value.updatedAt < item.finding.updatedAt) return false
  }
  return true
}

/**
 * Records the progress, unless nothing happened. If another run wrote first, its record stays: duplicates are recorded
 * once.
 */
async function note(
  read: Stored<FindingPull> | undefined,
  { from, until }: Window,
  { outcome, seen, missed, because, token }: Run,
  now: string,
  ports: PullPorts,
) {
  const before = read?.value
  const isDone = outcome === 'done'
  const isQuiet = isDone && missed === 0 && before?.failures === 0 && before.open === undefined
  if (isQuiet && shifted(before.pulledAt, restHours * 60) > now) return
  const kept = token === undefined || token.length > tokenCharactersMax ? {} : { token }
  const doneUntil = isDone ? until : before?.doneUntil
  const value: FindingPull = {
    ...(doneUntil === undefined ? {} : { doneUntil }),
    ...(isDone ? {} : { open: { ...(from === undefined ? {} : { from }), until, ...kept } }),
    pulledAt: now,
    failures: outcome === 'failed' ? (before?.failures ?? 0) + 1 : 0,
    ...(because === undefined ? {} : { lastFailure: because.slice(0, 1000) }),
  }
  const body = { from: from ?? null, until, outcome, seen, missed, ...(because === undefined ? {} : { because }) }
  const by = { ...evidenceBy(ports, now), changeId: 'none' }
  await ports.ledger.commit({
    moves: [{ kind: FindingPullRecord.kind, key: keys.findingPull(), from: read?.version ?? 0, value }],
    evidence: [{ ...by, type: 'intake.findings-pulled', body }],
  })
}

/** One run of the schedule. */
export const run = (_input: PullFindings, ports: PullPorts): Promise<Pulled> => pullFindings(ports)
