import { beforeEach, describe, expect, it } from 'vitest'
import type { FeedName } from '../../../functions/intel/ports.ts'
import type { Feed } from '../../../functions/intel/refresh.ts'
import { wakeFindings } from '../../../functions/intel/wake.ts'
import { anyFinding } from '../finding/any-finding.ts'
import { recordFindings, refreshPorts } from './any-feeds.ts'

const none = { copy: '', shards: [] }
const id = (digit: number) => `F${String(digit).repeat(25)}`
const cve = 'CVE-2026-1111'

let ports = refreshPorts()
beforeEach(() => {
  ports = refreshPorts()
})

const feedOf = (feed: FeedName, copy: string, shards: readonly string[]): Feed => ({
  feed,
  version: '1',
  date: '2026-10-01',
  rows: 1,
  sha256: '',
  copy,
  shards: [...shards],
  fetchedAt: '2026-10-01T00:00:00.000Z',
  checkedAt: '2026-10-01T00:00:00.000Z',
  failures: 0,
  wakesByCve: true,
})

/** Wakes what the copy `after` concerns once `before` is no longer in force. */
async function woken(feed: FeedName, shard: string, before: string | undefined, after: string | undefined) {
  if (before !== undefined) await ports.store.write(feed, 'before', shard, before)
  if (after !== undefined) await ports.store.write(feed, 'after', shard, after)
  const old = { copy: 'before', shards: before === undefined ? [] : [shard] }
  return wakeFindings(feedOf(feed, 'after', after === undefined ? [] : [shard]), old, ports)
}

describe('3.6 which findings are open', () => {
  it('those that are active, whatever they were when they were listed', async () => {
    const closed = anyFinding({ findingId: id(2), vulnerabilityId: cve, status: 'closed' })
    await recordFindings(ports.ledger, [anyFinding({ findingId: id(1), vulnerabilityId: cve }), closed])
    expect(await woken('kev', 'all', '', `${cve},2026-10-01,0,0,0`)).toBe(1)
    expect(await wakeFindings(feedOf('kev', 'after', []), none, ports)).toBe(1)
    expect(ports.nudges.sent.map(({ message }) => message.findingId)).toEqual([id(1), id(1)])
  })

  it('one with more CVEs than it is listed by, if any of them is concerned', async () => {
    const relatedVulnerabilityIds = [...Array.from({ length: 30 }, (_, index) => `CVE-2026-${5000 + index}`), cve]
    const many = anyFinding({ findingId: id(1), vulnerabilityId: 'KB5034127', relatedVulnerabilityIds })
    await recordFindings(ports.ledger, [many])
    expect(await woken('kev', 'all', '', 'CVE-2026-9999,2026-10-01,0,0,0')).toBe(0)
    expect(await woken('kev', 'all', '', `${cve},2026-10-01,0,0,0`)).toBe(1)
  })
})

describe('3.6 which findings a new copy of a feed wakes', () => {
  const listed = `${cve},2026-10-01,0,0,0`

  it.each<[string, FeedName, string, string | undefined, string | undefined, number]>([
    ['a CVE that KEV lists now', 'kev', 'all', '', listed, 1],
    ['a CVE that KEV lists otherwise', 'kev', 'all', listed, `${cve},2026-10-01,0,1,0`, 1],
    ['a CVE that KEV lists as before', 'kev', 'all', listed, listed, 0],
    ['a CVE that left KEV', 'kev', 'all', listed, '', 1],
    ['another CVE that KEV lists', 'kev', 'all', '', 'CVE-2026-11111,2026-10-01,0,0,0', 0],
    ['a probability that moved by a hundredth', 'epss', '2026', '1111,0.01,0.5', '1111,0.02,0.5', 1],
    ['a probability that moved by less', 'epss', '2026', '1111,0.5,0.5', '1111,0.509,0.5', 0],
    ['a probability that fell', 'epss', '2026', '1111,0.5,0.5', '1111,0.25,0.5', 1],
    ['a percentile that moved alone', 'epss', '2026', '1111,0.5,0.5', '1111,0.5,0.9', 0],
    ['a first probability', 'epss', '2026', undefined, '1111,0.5,0.5', 1],
    ['a first probability that is next to none', 'epss', '2026', undefined, '1111,0.009,0.5', 0],
    ['values that Vulnrichment gave', 'vulnrichment', '2026', '1111,-,-,-,2026-10-01', '1111,yes,-,-,2026-10-01', 1],
    [
      'the day on which it was asked, alone',
      'vulnrichment',
      '2026',
      '1111,yes,-,-,2026-10-01',
      '1111,yes,-,-,2026-10-02',
      0,
    ],
    ['a stored copy that is damaged', 'epss', '2026', '1111,odd,0.5', '1111,0.5,0.5', 1],
    ['a new copy that is damaged', 'kev', 'all', '', `${cve},odd`, 1],
  ])('%s', async (_, feed, shard, before, after, count) => {
    await recordFindings(ports.ledger, [anyFinding({ findingId: id(1), vulnerabilityId: cve })])
    expect(await woken(feed, shard, before, after)).toBe(count)
    expect(ports.nudges.sent.map(({ message }) => message.findingId)).toEqual(count === 1 ? [id(1)] : [])
  })

  it('by the related CVEs where the finding is known by another scheme', async () => {
    const related = { vulnerabilityId: 'GHSA-xxxx-xxxx-xxxx', relatedVulnerabilityIds: ['CVE-2026-2222', cve] }
    await recordFindings(ports.ledger, [anyFinding({ findingId: id(1), ...related })])
    expect(await woken('kev', 'all', '', listed)).toBe(1)
  })

  it('by the first copy of KEV, every finding with a CVE: none could be decided before', async () => {
    const withCve = anyFinding({ findingId: id(1), vulnerabilityId: 'CVE-2020-1111' })
    const withNone = anyFinding({ findingId: id(2), vulnerabilityId: 'ALAS-2026-1' })
    await recordFindings(ports.ledger, [withCve, withNone])
    expect(await wakeFindings(feedOf('kev', 'after', []), none, ports)).toBe(1)
    expect(await wakeFindings(feedOf('epss', 'after', []), none, ports)).toBe(0)
  })

  it('by the first change of a feed that an older Drydock kept, all that are open: it listed none by CVE', async () => {
    await recordFindings(ports.ledger, [anyFinding({ findingId: id(1), vulnerabilityId: 'CVE-2020-1111' })])
    const { wakesByCve: _, ...older } = feedOf('epss', 'after', [])
    expect(await wakeFindings(older, { copy: 'before', shards: [] }, ports)).toBe(1)
  })

  it('a store that cannot be read is no reason to wake anybody: it fails', async () => {
    await recordFindings(ports.ledger, [anyFinding({ findingId: id(1), vulnerabilityId: cve })])
    ports.store.read = async () => {
      throw new Error('no connection')
    }
    await expect(woken('kev', 'all', '', listed)).rejects.toThrow('no connection')
  })

  it('reads each shard once, however many findings it concerns', async () => {
    await recordFindings(
      ports.ledger,
      [1, 2, 3].map((digit) => anyFinding({ findingId: id(digit), vulnerabilityId: cve })),
    )
    const { read } = ports.store
    const asked: string[] = []
    ports.store.read = (feed, copy, shard) => {
      asked.push(copy)
      return read(feed, copy, shard)
    }
    expect(await woken('kev', 'all', '', listed)).toBe(3)
    expect(asked).toEqual(['before', 'after'])
  })
})
