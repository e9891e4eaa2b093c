import { beforeEach, describe, expect, it } from 'vitest'
import { ChangeRecord } from '../../../functions/changes/index.ts'
import { run } from '../../../functions/driver/handlers/reconcile-changes.ts'
import { type Feed, FeedRecord } from '../../../functions/intel/index.ts'
import { keys, lists } from '../../../functions/kit/keys.ts'
import { anyChange } from '../changes/any-change.ts'
import { anyDesk } from '../changes/any-desk.ts'

const nowMs = Date.parse('2026-03-02T10:00:00Z')
const hoursAgo = (hours: number) => new Date(nowMs - hours * 3_600_000).toISOString()
let desk = await anyDesk()
let counts = new Map<string, number>()
beforeEach(async () => {
  desk = await anyDesk()
  counts = new Map()
})
const reconcile = () =>
  run({}, { ...desk.ports, metrics: { count: (name, by = 1) => void counts.set(name, (counts.get(name) ?? 0) + by) } })
const putFeed = (feed: Feed['feed'], checkedAt: string) => {
  const version = { version: 'v', date: '2026-03-01', rows: 1, sha256: '', copy: 'c', shards: [] }
  const value = { feed, ...version, fetchedAt: checkedAt, checkedAt, failures: 0 }
  return desk.put(FeedRecord, keys.feed(feed), value, { pk: lists.feeds, sk: feed })
}
const putChange = (over: Parameters<typeof anyChange>[0]) => {
  const change = anyChange(over)
  const list = { pk: lists.changes, sk: `open#${change.changeId}` }
  return desk.put(ChangeRecord, keys.change(change.changeId), change, list)
}

describe('10.4 reconcile-changes counts', () => {
  it('feeds that nobody confirmed for longer than the policy allows', async () => {
    await putFeed('kev', hoursAgo(71))
    await putFeed('epss', hoursAgo(73))
    expect((await reconcile()).oldFeeds).toEqual(['epss'])
    expect(counts.get('FeedsTooOld')).toBe(1)
  })

  it('nothing where nothing is wrong, so that the metric is heard of', async () => {
    await putFeed('kev', hoursAgo(1))
    await reconcile()
    expect([counts.get('FeedsTooOld'), counts.get('ChangesStuck')]).toEqual([0, 0])
  })

  it('I11 a change that has not moved, though it was reassessed a moment ago', async () => {
    await putChange({ state: 'in-progress', updatedAt: hoursAgo(48), reassessedAt: hoursAgo(0) })
    expect((await reconcile()).stuck).toBe(1)
    expect(counts.get('ChangesStuck')).toBe(1)
  })
})
