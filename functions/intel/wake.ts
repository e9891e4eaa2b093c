/** Wakes the open findings that a new copy of a feed concerns (3.6). */
import * as z from 'zod'
import { type Finding, FindingRecord } from '../finding/index.ts'
import { DrydockError } from '../kit/errors.ts'
import { inParallel } from '../kit/in-parallel.ts'
import { keys, lists } from '../kit/keys.ts'
import type { Ledger } from '../kit/ledger.ts'
import { everyListed } from '../kit/listed.ts'
import type { Nudges } from '../kit/ports.ts'
import { cveIdsOf, storedShard } from './fetch-feed.ts'
import { KnownCveRecord } from './known-cve.ts'
import type { FeedName, FeedStore } from './ports.ts'
import type { Feed } from './refresh.ts'
import { epssIn, kevIn, shardOf, vulnrichmentIn } from './shards.ts'

export interface WakePorts {
  readonly ledger: Ledger
  readonly store: FeedStore
  readonly nudges: Nudges
}

/** Probabilities move a little every day; less than this changes no priority by more than a sixth of a point. */
const probabilityStep = 0.01
const nudgesAtOnce = 20

const sameValue = (left: unknown, right: unknown) => JSON.stringify(left) === JSON.stringify(right)

/** Whether two copies differ about a CVE. A damaged copy counts as different. */
function isChanged(feed: FeedName, cveId: string, before: string | undefined, after: string | undefined): boolean {
  try {
    return isDifferent(feed, cveId, before, after)
  } catch (error) {
    if (error instanceof DrydockError) return true
    throw error
  }
}

function isDifferent(feed: FeedName, cveId: string, before: string | undefined, after: string | undefined) {
  if (feed === 'kev') return !sameValue(kevIn(before, cveId), kevIn(after, cveId))
  if (feed === 'vulnrichment') return !sameValue(vulnrichmentIn(before, cveId), vulnrichmentIn(after, cveId))
  const [then, now] = [epssIn(before, cveId)?.probability ?? 0, epssIn(after, cveId)?.probability ?? 0]
  return Math.abs(now - then) >= probabilityStep
}

/**
 * Nudges the assessment of every open finding about which the copy in force differs from `before`; after the first copy
 * of KEV, of every finding with a CVE, because none could be decided before; and so once by a feed of an older Drydock.
 *
 * It compares the known CVEs page by page, and reads the findings only of those that differ.
 *
 * @returns how many findings were woken.
 */
export async function wakeFindings(feed: Feed, before: Pick<Feed, 'copy' | 'shards'>, ports: WakePorts) {
  if ((feed.feed === 'kev' && before.copy === '') || feed.wakesByCve !== true) return wakeAll(ports)
  const texts = new Map<string, Promise<string | undefined>>()
  const shard = (copy: Pick<Feed, 'copy' | 'shards'>, name: string) => {
    const key = `${copy.copy}/${name}`
    const text = texts.get(key) ?? storedShard(feed.feed, copy, name, ports)
    texts.set(key, text)
    return text
  }
  const isConcerned = async (cveId: string) => {
    const name = shardOf(feed.feed, cveId)
    return isChanged(feed.feed, cveId, await shard(before, name), await shard(feed, name))
  }
  let woken = 0
  for await (const page of everyListed(ports.ledger, KnownCveRecord, lists.cves))
    for (const { value } of page)
      if (await isConcerned(value.cveId))
        woken += await wakeListed(lists.findingsOfCve(value.cveId), async () => true, ports)
  const isAnyConcerned = async (finding: Finding) =>
    (await Promise.all(cveIdsOf(finding).map(isConcerned))).includes(true)
  return woken + (await wakeListed(lists.findingsOfManyCves, isAnyConcerned, ports))
}

/** Records of several kinds are in the list; their place in it is the finding's id. */
const AnyRecord = { kind: 'assessment or finding-entry', schema: z.unknown() }

/** Wakes the open findings of a list that are concerned. */
async function wakeListed(listPk: string, isConcerned: (finding: Finding) => Promise<boolean>, ports: WakePorts) {
  let woken = 0
  for await (const page of everyListed(ports.ledger, AnyRecord, listPk))
    await inParallel(page, nudgesAtOnce, async ({ listSk: findingId = '' }) => {
      const finding = (await ports.ledger.read(FindingRecord, keys.finding(findingId)))?.value
      if (finding?.status !== 'active' || !(await isConcerned(finding))) return
      await ports.nudges.send('assess', { findingId })
      woken++
    })
  return woken
}

async function wakeAll({ ledger, nudges }: WakePorts): Promise<number> {
  let woken = 0
  for await (const page of everyListed(ledger, FindingRecord, lists.findings)) {
    const concerned = page.filter(({ value }) => value.status === 'active' && cveIdsOf(value).length > 0)
    await inParallel(concerned, nudgesAtOnce, ({ value }) => nudges.send('assess', { findingId: value.findingId }))
    woken += concerned.length
  }
  return woken
}
