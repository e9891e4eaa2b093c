/** Wakes the open findings that a new copy of a feed concerns (3.6). */
import { type Finding, FindingRecord } from '../finding/index.ts'
import { DrydockError } from '../kit/errors.ts'
import { inParallel } from '../kit/in-parallel.ts'
import { lists } from '../kit/keys.ts'
import type { Ledger } from '../kit/ledger.ts'
import type { Nudges } from '../kit/ports.ts'
import { cveIdsOf, storedShard } from './fetch-feed.ts'
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

export async function openFindings(ledger: Ledger): Promise<Finding[]> {
  const findings = await ledger.list(FindingRecord, lists.findings)
  return findings.map(({ value }) => value).filter(({ status }) => status === 'active')
}

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
 * of KEV, of every finding with a CVE, because none could be decided before.
 *
 * @returns how many findings were woken.
 */
export async function wakeFindings(feed: Feed, before: Pick<Feed, 'copy' | 'shards'>, ports: WakePorts) {
  const texts = new Map<string, Promise<string | undefined>>()
  const shard = (copy: Pick<Feed, 'copy' | 'shards'>, name: string) => {
    const key = `${copy.copy}/${name}`
    const text = texts.get(key) ?? storedShard(feed.feed, copy, name, ports)
    texts.set(key, text)
    return text
  }
  const isFirst = feed.feed === 'kev' && before.copy === ''
  const isConcerned = async (cveId: string) => {
    const name = shardOf(feed.feed, cveId)
    return isFirst || isChanged(feed.feed, cveId, await shard(before, name), await shard(feed, name))
  }
  const concerned: string[] = []
  for (const finding of await openFindings(ports.ledger)) {
    const changes = await Promise.all(cveIdsOf(finding).map(isConcerned))
    if (changes.includes(true)) concerned.push(finding.findingId)
  }
  await inParallel(concerned, nudgesAtOnce, (findingId) => ports.nudges.send('assess', { findingId }))
  return concerned.length
}
