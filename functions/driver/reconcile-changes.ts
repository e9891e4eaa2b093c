/**
 * On a schedule and when an execution dies: starts drivers, rechecks held changes, wakes open rings, and counts what is
 * stuck or too old.
 */
import * as z from 'zod'
import { BallotRecord } from '../approvals/index.ts'
import { CatalogueRecord, PolicyRecord } from '../catalogue/index.ts'
import {
  type Change,
  type ChangeDriver,
  ChangeRecord,
  changeIdOfDriver,
  type HoldReason,
  moveRecordedChange,
  replanChange,
  type StartDriverPorts,
  startDriver,
  terminalStates,
} from '../changes/index.ts'
import { FeedRecord, isTooOld } from '../intel/index.ts'
import { inParallel } from '../kit/in-parallel.ts'
import { keys, lists } from '../kit/keys.ts'
import type { Ledger } from '../kit/ledger.ts'
import type { Metrics, Nudges } from '../kit/ports.ts'
import { isoInstant } from '../kit/time.ts'
import { PlanRecord } from '../planning/index.ts'
import { isUnsettled, RingSummaryRecord } from '../rollout/index.ts'
import { type HeldChange, heldChange } from './held-change.ts'
import { isCatalogueNew, noteCatalogue } from './last-catalogue.ts'
import { type HoldNews, isPastApproval, isStuck, repairOf } from './repair.ts'

/** `detail`: the execution of a Step Functions status change; absent: every open change is reconciled. */
export const ReconcileChanges = z.looseObject({ detail: z.looseObject({ name: z.string().min(26) }).optional() })
export type ReconcileChanges = z.infer<typeof ReconcileChanges>

export interface Ports extends StartDriverPorts {
  readonly nudges: Nudges
  readonly metrics: Metrics
  readonly log: { info(text: string, fields: Readonly<Record<string, unknown>>): void }
  /** The reasons that a ring's gates would hold it now; empty: it may open. Nothing is written. */
  readonly askGates: (changeId: string, ring: string) => Promise<readonly HoldReason[]>
}

/** What one run saw and did. */
export interface Reconciled {
  /** Changes whose driver was actually started. */
  readonly restarted: readonly string[]
  /** Changes released because nothing holds them any more. */
  readonly released: readonly string[]
  readonly held: readonly HeldChange[]
  readonly stuck: number
  readonly oldFeeds: readonly string[]
  /** Changes that could not be reconciled, with the reason; the others were. */
  readonly failed: readonly { readonly changeId: string; readonly because: string }[]
}

/** Before a policy is loaded. */
const feedAgeHoursDefault = 72
const stuckAfterMinutesDefault = 60

export async function run({ detail }: ReconcileChanges, ports: Ports): Promise<Reconciled> {
  return detail ? reconcileDead(detail.name, ports) : reconcileAll(ports)
}

/** A driver has died: its change gets another at once. */
async function reconcileDead(ended: string, ports: Ports): Promise<Reconciled> {
  const changeId = changeIdOfDriver(ended)
  const change = await ports.ledger.read(ChangeRecord, keys.change(changeId))
  const now = isoInstant(ports.clock.nowMs())
  const isOpen = change !== undefined && !terminalStates.includes(change.value.state)
  const mayDrive = isOpen && repairOf(change.value, { now, isCatalogueNew: false }) === 'ensure-driver'
  const news = { ended, because: `the driver ${ended} died` }
  const started = mayDrive ? await startDriver(changeId, news, ports) : 'ended'
  const restarted = started === 'started' ? [changeId] : []
  ports.metrics.count('DriversRestarted', restarted.length)
  return { restarted, released: [], held: [], stuck: 0, oldFeeds: [], failed: [] }
}

async function reconcileAll(ports: Ports): Promise<Reconciled> {
  const { ledger, clock, metrics, log } = ports
  const now = isoInstant(clock.nowMs())
  await wakeRings(ports)
  const policy = await ledger.read(PolicyRecord, keys.policy())
  const catalogue = await ledger.read(CatalogueRecord, keys.catalogue())
  const news = { now, isCatalogueNew: await isCatalogueNew(catalogue, ledger) }
  const stuckAfterMinutes = policy?.value.reconcile.stuckAfterMinutes ?? stuckAfterMinutesDefault
  const seen = { ...ports, driver: withRunning(ports.driver, await ports.driver.running()) }
  const listed = await ledger.list(ChangeRecord, lists.changes, openOnly)
  const open = listed.map(({ value }) => value).filter(({ state }) => !terminalStates.includes(state))
  const looks = await inParallel(open, changesAtOnceMax, (change) => look(change, news, stuckAfterMinutes, seen))
  const feeds = await ledger.list(FeedRecord, lists.feeds)
  const ageHoursMax = policy?.value.risk.feedAgeHoursMax ?? feedAgeHoursDefault
  const oldFeeds = feeds.filter(({ value }) => isTooOld(value, now, ageHoursMax)).map(({ value }) => value.feed)
  const reconciled = { ...gathered(looks), oldFeeds }
  if (reconciled.failed.length === 0) await noteCatalogue(catalogue, ports)
  countAll(reconciled, metrics)
  for (const held of reconciled.held) log.info('held', { ...held })
  for (const failed of reconciled.failed) log.info('not reconciled', { ...failed })
  return reconciled
}

/** First of all: it takes a moment, and hosts may be down. */
async function wakeRings({ ledger, nudges }: Ports): Promise<void> {
  for (const { value: ring } of await ledger.list(RingSummaryRecord, lists.rings, openOnly))
    if (isUnsettled(ring)) await nudges.send('dispatch', { changeId: ring.changeId, ring: ring.name })
}

/** Both lists have what ended before it: the work of a run does not grow with the years. */
const openOnly = { after: 'open#' } as const

/** Changes looked at side by side: each may wait for probes that do not answer, and none may keep the others from a look (I15). */
const changesAtOnceMax = 10

/** What one change came to. */
interface Look {
  readonly isStuck?: boolean
  readonly restarted?: string
  readonly released?: string
  readonly held?: HeldChange
  readonly failed?: Reconciled['failed'][number]
}

async function look(change: Change, news: HoldNews, stuckAfterMinutes: number, ports: Ports): Promise<Look> {
  const { changeId } = change
  let stands = false
  try {
    const ballotDeadlineAt = await ballotDeadline(change, ports.ledger)
    stands = isStuck({ change, ballotDeadlineAt, now: news.now, stuckAfterMinutes })
    return { isStuck: stands, ...(await reconcileChange(change, news, ports)) }
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error)
    return { isStuck: stands, failed: { changeId, because } }
  }
}

function gathered(looks: readonly Look[]): Omit<Reconciled, 'oldFeeds'> {
  const all = <Key extends 'restarted' | 'released' | 'held' | 'failed'>(key: Key) =>
    looks.flatMap((one) => {
      const value = one[key]
      return value === undefined ? [] : [value]
    })
  return {
    restarted: all('restarted'),
    released: all('released'),
    held: all('held'),
    stuck: looks.filter(({ isStuck: stands }) => stands).length,
    failed: all('failed'),
  }
}

async function reconcileChange(change: Change, news: HoldNews, ports: Ports): Promise<Look> {
  const { changeId } = change
  const repair = repairOf(change, news)
  if (repair === 'replan') return replan(change, ports)
  const goesOn = repair === 'ask-again' && (await mayGoOn(change, ports))
  const held = change.state === 'held' && !goesOn ? { held: heldChange(change, news.now) } : {}
  if (repair === 'none' || (repair === 'ask-again' && !goesOn)) return held
  if (goesOn && 'refused' in (await moveRecordedChange(changeId, { type: 'released' }, ports))) return {}
  // The driver of a change that was held may be waiting for a time that no longer applies.
  const started = await startDriver(changeId, { because: 'no driver ran', isReplaced: goesOn }, ports)
  return {
    ...held,
    ...(goesOn ? { released: changeId } : {}),
    ...(started === 'started' ? { restarted: changeId } : {}),
  }
}

/** The votes asked for then decide: a hold that only a new plan can end would otherwise wait for a person for ever. */
async function replan(change: Change, ports: Ports): Promise<Look> {
  const { changeId } = change
  const replanned = await replanChange(changeId, change.heldBecause ?? 'its plan cannot go on', ports)
  if ('refused' in replanned) return { held: heldChange(change, isoInstant(ports.clock.nowMs())) }
  const started = await startDriver(changeId, { because: 'planned again', isReplaced: true }, ports)
  return { released: changeId, ...(started === 'started' ? { restarted: changeId } : {}) }
}

/** Whether nothing holds a change any more; one without a plan is checked by its own step. */
async function mayGoOn(change: Change, { ledger, askGates }: Ports): Promise<boolean> {
  const { changeId, planHash, ring, ringsDone } = change
  if (!isPastApproval(change)) return true
  if (ring !== undefined && !ringsDone.includes(ring)) return (await askGates(changeId, ring)).length === 0
  const plan = planHash === undefined ? undefined : await ledger.read(PlanRecord, keys.plan(changeId, planHash))
  const next = plan?.value.rings.find(({ name }) => !ringsDone.includes(name))
  return next !== undefined && (await askGates(changeId, next.name)).length === 0
}

/** When the ballot of a change closes; read only for changes that await it. */
async function ballotDeadline({ changeId, state }: Change, ledger: Ledger): Promise<string | undefined> {
  if (state !== 'awaiting-approval') return undefined
  return (await ledger.read(BallotRecord, keys.ballot(changeId)))?.value.deadlineAt
}

/** One list of running executions, instead of one query per change. */
const withRunning = (driver: ChangeDriver, running: ReadonlySet<string>): ChangeDriver => ({
  ...driver,
  statusOf: async (name) => (running.has(name) ? 'running' : driver.statusOf(name)),
})

function countAll({ restarted, released, held, stuck, oldFeeds, failed }: Reconciled, metrics: Metrics) {
  const forPerson = held.filter(({ endedBy }) => endedBy === 'person')
  metrics.count('FeedsTooOld', oldFeeds.length)
  metrics.count('ChangesStuck', stuck)
  metrics.count('DriversRestarted', restarted.length)
  metrics.count('ChangesReleased', released.length)
  metrics.count('ChangesNotReconciled', failed.length)
  metrics.count('ChangesHeld', held.length)
  metrics.count('ChangesHeldForPerson', forPerson.length)
  metrics.count('HeldForPersonMinutesMax', Math.max(0, ...forPerson.map(({ heldMinutes }) => heldMinutes)))
}
