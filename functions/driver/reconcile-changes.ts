/** On a schedule: restarts dead drivers, wakes open rings whose events went missing, and counts what is stuck or too old. */
import * as z from 'zod'
import { PolicyRecord } from '../catalogue/index.ts'
import type { ChangeDriver } from '../changes/index.ts'
import { ChangeRecord, terminalStates } from '../changes/index.ts'
import { FeedRecord, isTooOld } from '../intel/index.ts'
import { keys, lists } from '../kit/keys.ts'
import type { Ledger, RecordKind } from '../kit/ledger.ts'
import type { Clock, Metrics, Nudges } from '../kit/ports.ts'
import { isoInstant } from '../kit/time.ts'
import { isStuck, repairOf } from './reconcile.ts'

export const ReconcileChanges = z.looseObject({})

export interface Ports {
  readonly ledger: Ledger
  readonly driver: ChangeDriver
  readonly nudges: Nudges
  readonly clock: Clock
  readonly metrics: Metrics
}

/** Before a policy is loaded. */
const feedAgeHoursDefault = 72

const OpenRing: RecordKind<{ changeId: string; name: string; state: string }> = {
  kind: 'ring',
  schema: z.object({ changeId: z.string(), name: z.string(), state: z.string() }),
}

export async function run(_input: z.infer<typeof ReconcileChanges>, { ledger, driver, nudges, clock, metrics }: Ports) {
  const now = isoInstant(clock.nowMs())
  const policy = await ledger.read(PolicyRecord, keys.policy())
  const stuckAfterMinutes = policy?.value.reconcile.stuckAfterMinutes ?? 60
  const restarted: string[] = []
  let stuck = 0
  for (const { value: change, version } of await ledger.list(ChangeRecord, lists.changes)) {
    if (terminalStates.includes(change.state)) continue
    const facts = { change, isDriverRunning: await driver.isRunning(change.changeId), now, stuckAfterMinutes }
    if (isStuck(facts)) stuck++
    if (repairOf(facts) === 'none') continue
    await driver.restart(change.changeId, String(version))
    restarted.push(change.changeId)
  }
  for (const { value: ring } of await ledger.list(OpenRing, lists.rings)) {
    if (ring.state === 'open') await nudges.send('dispatch', { changeId: ring.changeId, ring: ring.name })
  }
  const feeds = await ledger.list(FeedRecord, lists.feeds)
  const ageHoursMax = policy?.value.risk.feedAgeHoursMax ?? feedAgeHoursDefault
  const oldFeeds = feeds.filter(({ value }) => isTooOld(value, now, ageHoursMax)).map(({ value }) => value.feed)
  metrics.count('FeedsTooOld', oldFeeds.length)
  metrics.count('ChangesStuck', stuck)
  metrics.count('DriversRestarted', restarted.length)
  return { restarted, stuck, oldFeeds }
}
