import { beforeEach, describe, expect, it } from 'vitest'
import { storedIntel } from '../../../functions/intel/lookup.ts'
import { FeedRecord } from '../../../functions/intel/refresh.ts'
import { run } from '../../../functions/intel/refresh-feed.ts'
import { keys } from '../../../functions/kit/keys.ts'
import { anyFinding } from '../finding/any-finding.ts'
import { anyCveRecord, anyEpss, anyKev, anyKevRow, recordFindings, refreshPorts } from './any-feeds.ts'

let ports = refreshPorts()
beforeEach(() => {
  ports = refreshPorts()
})

const id = (digit: number) => `F${String(digit).repeat(25)}`
const refresh = (feed: 'kev' | 'epss' | 'vulnrichment', text?: string | number) => {
  if (text !== undefined) ports.answers.set(feed, text)
  return run({ feed }, ports)
}
const recordOf = async (feed: 'kev' | 'epss' | 'vulnrichment') =>
  (await ports.ledger.read(FeedRecord, keys.feed(feed)))?.value
const lookup = (cveId: string) => storedIntel(ports.ledger, ports.store).lookup(cveId)
const woken = () => ports.nudges.sent.map(({ message }) => message.findingId)
const later = (day: number, time = 'T17:00:00Z') => ({
  catalogVersion: `2026.10.0${day}`,
  dateReleased: `2026-10-0${day}${time}`,
})

describe('3.6 refreshFeed', () => {
  it('stores a feed so that a look-up finds the facts and the versions', async () => {
    expect(await refresh('kev', anyKev([anyKevRow({ forensicTriage: 'Yes' })]))).toEqual({
      outcome: 'refreshed',
      woken: 0,
    })
    await refresh('epss', anyEpss({ 'CVE-2026-1111': 0.94, 'CVE-2026-11112': 0.1, 'CVE-1999-1111': 0.2 }))
    expect(await lookup('CVE-2026-1111')).toEqual({
      kev: { dateAdded: '2026-10-01', forensicTriage: true, ransomware: false },
      epss: { probability: 0.94, percentile: 0.5 },
      feeds: {
        kev: { version: '2026.10.01', date: '2026-10-01T17:00:06.901Z', checkedAt: '2026-10-02T00:00:00.000Z' },
        epss: {
          version: 'v2026.06.15/2026-10-01',
          date: '2026-10-01T12:00:26.000Z',
          checkedAt: '2026-10-02T00:00:00.000Z',
        },
      },
    })
    expect((await lookup('CVE-2026-11112')).epss?.probability).toBe(0.1)
    expect((await lookup('CVE-1999-1111')).epss?.probability).toBe(0.2)
    expect(await lookup('CVE-2020-1111')).not.toHaveProperty('epss')
    expect(ports.ledger.outbox().map(({ type }) => type)).toContain('intel.feed-refreshed')
  })

  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => anyKevRow({ cveID: `CVE-2026-${1111 + index}` }))
  it.each([
    ['broken', '<html>', 'not a complete KEV'],
    ['truncated', anyKev(many(20), { ...later(2), count: 21 }), 'truncated'],
    ['shrunken', anyKev(many(17), later(2)), 'shrank from 20 to 17'],
    ['empty', anyKev([], later(2)), 'no row'],
    ['older', anyKev(many(20), { catalogVersion: '2026.09.30', dateReleased: '2026-09-30T00:00:00Z' }), 'older'],
    ['as old with other content', anyKev(many(19)), 'with other content'],
    ['dated ahead', anyKev(many(20), { catalogVersion: '2099', dateReleased: '2099-01-01T00:00:00Z' }), 'ahead'],
    ['refused by the server', 403, 'answered 403'],
    ['not to be had', 'down', 'no connection'],
  ])('I20 keeps the last good copy of a feed that is %s, counts the failure and says why', async (_, text, because) => {
    await refresh('kev', anyKev(many(20)))
    const good = await lookup('CVE-2026-1130')
    expect(await refresh('kev', text)).toEqual({ outcome: 'kept', because: expect.stringContaining(because) })
    expect(await lookup('CVE-2026-1130')).toEqual(good)
    expect(good.kev).toBeDefined()
    expect(await recordOf('kev')).toMatchObject({
      failures: 1,
      lastFailure: expect.stringContaining(because),
      rows: 20,
    })
    expect(ports.counted).toEqual(['FeedRefreshFailed'])
  })

  it('counts failures in a row, and the next good answer ends them', async () => {
    const good = anyKev()
    await refresh('kev', good)
    await refresh('kev', 500)
    await refresh('kev', 500)
    expect((await recordOf('kev'))?.failures).toBe(2)
    expect(await refresh('kev', good)).toEqual({ outcome: 'unchanged' })
    expect(await recordOf('kev')).not.toHaveProperty('lastFailure')
    expect((await recordOf('kev'))?.failures).toBe(0)
  })

  it('I20 a feed that never came is no empty feed', async () => {
    expect(await refresh('kev', 500)).toMatchObject({ outcome: 'kept' })
    expect((await lookup('CVE-2026-1111')).feeds).toEqual({})
  })

  it('an unchanged feed writes nothing, and is confirmed again after half a day', async () => {
    await refresh('kev', anyKev())
    const leaves = ports.ledger.outbox().length
    expect(await refresh('kev')).toEqual({ outcome: 'unchanged' })
    expect(ports.ledger.outbox()).toHaveLength(leaves)
    ports.clock.advance(12 * 3_600_000)
    await refresh('kev')
    expect((await recordOf('kev'))?.checkedAt).toBe('2026-10-02T12:00:00.000Z')
  })

  it.each([
    ['kev', 30, () => anyKev()],
    ['epss', 7, () => anyEpss({ 'CVE-2026-1111': 0.2 }, '2026-10-01T12:00:00Z')],
  ] as const)(
    'I20 %s that stays the same for more than %d days raises the alarm, and is confirmed no more',
    async (feed, days, text) => {
      await refresh(feed, text())
      ports.clock.set(Date.parse('2026-10-01T12:00:00Z') + days * 86_400_000)
      expect(await refresh(feed)).toEqual({ outcome: 'unchanged' })
      const confirmed = (await recordOf(feed))?.checkedAt
      ports.clock.advance(7 * 3_600_000)
      expect(await refresh(feed)).toMatchObject({ outcome: 'kept', because: expect.stringContaining('nothing newer') })
      expect(ports.counted).toEqual(['FeedRefreshFailed'])
      expect(await recordOf(feed)).toMatchObject({ checkedAt: confirmed, failures: 1 })
    },
  )

  it('I20 a first copy that is old is better than none, and raises the alarm', async () => {
    ports.clock.set(Date.parse('2027-02-01T00:00:00Z'))
    expect(await refresh('kev', anyKev())).toMatchObject({
      outcome: 'refreshed',
      because: expect.stringContaining('nothing newer'),
    })
    expect(ports.counted).toEqual(['FeedRefreshFailed'])
    expect(await lookup('CVE-2026-1111')).toHaveProperty('kev')
  })

  it('a person may take a shrunken feed for right', async () => {
    await refresh('kev', anyKev(many(20)))
    ports.answers.set('kev', anyKev(many(2), later(2)))
    expect(await run({ feed: 'kev', mayShrink: true }, ports)).toMatchObject({ outcome: 'refreshed' })
  })

  it('I20 a row that vanished from KEV stays, flagged, until it is listed again', async () => {
    await refresh('kev', anyKev(many(20)))
    await refresh('kev', anyKev(many(19), later(2)))
    expect((await lookup('CVE-2026-1130')).kev).toMatchObject({ dateAdded: '2026-10-01', isVanished: true })
    await refresh('kev', anyKev(many(18), later(3)))
    expect((await lookup('CVE-2026-1130')).kev).toHaveProperty('isVanished')
    await refresh('kev', anyKev(many(20), later(3, 'T18:00:00Z')))
    expect((await lookup('CVE-2026-1130')).kev).not.toHaveProperty('isVanished')
  })

  it('I20 a stored copy that is gone is a fault, and the next refresh mends it', async () => {
    await refresh('kev', anyKev())
    ports.store.write('kev', (await recordOf('kev'))?.copy ?? '', 'all', 'CVE-2026-1111,garbage')
    await expect(lookup('CVE-2026-1111')).rejects.toMatchObject({ code: 'DD1201' })
    expect(await refresh('kev', anyKev([anyKevRow()], later(2)))).toMatchObject({ outcome: 'refreshed' })
    expect(await lookup('CVE-2026-1111')).toHaveProperty('kev')
    const elsewhere = storedIntel(ports.ledger, { read: async () => undefined, write: async () => undefined })
    await expect(elsewhere.lookup('CVE-2026-1111')).rejects.toMatchObject({ code: 'DD1201' })
  })

  it('F11 two refreshes at once end with one copy in force', async () => {
    ports.answers.set('kev', anyKev())
    const outcomes = await Promise.all([run({ feed: 'kev' }, ports), run({ feed: 'kev' }, ports)])
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['refreshed', 'unchanged'])
    expect(await recordOf('kev')).toMatchObject({ failures: 0, version: '2026.10.01' })
  })
})

describe('3.6 waking findings', () => {
  beforeEach(() =>
    recordFindings(ports.ledger, [
      anyFinding({ findingId: id(1), vulnerabilityId: 'CVE-2026-1111' }),
      anyFinding({ findingId: id(2), vulnerabilityId: 'CVE-2026-2222' }),
      anyFinding({ findingId: id(3), vulnerabilityId: 'CVE-2026-2222', status: 'closed' }),
      anyFinding({
        findingId: id(4),
        vulnerabilityId: 'GHSA-aaaa-bbbb-cccc',
        relatedVulnerabilityIds: ['CVE-2026-2222'],
      }),
      anyFinding({ findingId: id(5), vulnerabilityId: 'ALAS-2026-1' }),
    ]),
  )

  it('the first catalogue wakes every open finding that has a CVE, because none could be decided', async () => {
    expect(await refresh('kev', anyKev())).toMatchObject({ woken: 3 })
    expect(woken()).toEqual([id(1), id(2), id(4)])
  })

  it('a new KEV row wakes the open findings of its CVE within the refresh, and no other', async () => {
    await refresh('kev', anyKev())
    ports.nudges.sent.length = 0
    await refresh('kev', anyKev([anyKevRow(), anyKevRow({ cveID: 'CVE-2026-2222' })], later(2)))
    expect(woken()).toEqual([id(2), id(4)])
  })

  it('a score wakes findings when it moved by a hundredth or more', async () => {
    await refresh('epss', anyEpss({ 'CVE-2026-1111': 0.2, 'CVE-2026-2222': 0.5 }))
    ports.nudges.sent.length = 0
    await refresh('epss', anyEpss({ 'CVE-2026-1111': 0.205, 'CVE-2026-2222': 0.6 }, '2026-10-02T12:00:00Z'))
    expect(woken()).toEqual([id(2), id(4)])
  })

  it('F7 findings that a crash left asleep are woken by the next refresh, though the feed is unchanged', async () => {
    const lost = { send: async () => Promise.reject(new Error('killed')) }
    ports.answers.set('kev', anyKev())
    await expect(run({ feed: 'kev' }, { ...ports, nudges: lost })).rejects.toThrow('killed')
    expect(await refresh('kev')).toEqual({ outcome: 'unchanged' })
    expect(woken()).toEqual([id(1), id(2), id(4)])
    expect(await recordOf('kev')).not.toHaveProperty('wakingFrom')
  })
})

describe('3.1 3.6 Vulnrichment', () => {
  const address = (number: number) => `vulnrichment/2026/${Math.floor(number / 1000)}xxx/CVE-2026-${number}.json`
  const records = (...numbers: readonly number[]) => {
    for (const number of numbers)
      ports.answers.set(
        address(number),
        anyCveRecord(`CVE-2026-${number}`, { Automatable: 'Yes', 'Technical Impact': 'Total' }),
      )
  }
  beforeEach(() =>
    recordFindings(ports.ledger, [
      anyFinding({ findingId: id(1), vulnerabilityId: 'CVE-2026-1111' }),
      anyFinding({ findingId: id(2), vulnerabilityId: 'CVE-2026-2222' }),
      anyFinding({ findingId: id(3), vulnerabilityId: 'CVE-2026-3333', status: 'closed' }),
    ]),
  )

  it('asks for the CVEs of open findings only, and wakes the findings whose values are new', async () => {
    records(2222)
    expect(await refresh('vulnrichment')).toEqual({ outcome: 'refreshed', woken: 1 })
    expect(ports.source.asked).toEqual([address(1111), address(2222)])
    expect((await lookup('CVE-2026-2222')).vulnrichment).toEqual({ automatable: 'yes', technicalImpact: 'total' })
    expect(await lookup('CVE-2026-1111')).not.toHaveProperty('vulnrichment')
    expect(woken()).toEqual([id(2)])
  })

  it.each([
    ['gone', 404],
    ['broken', '{'],
    ['of another CVE', anyCveRecord('CVE-2026-9999', { Automatable: 'no' })],
    ['without a judgement', JSON.stringify({ cveMetadata: { cveId: 'CVE-2026-2222' }, containers: {} })],
  ])('I20 values stay when the record is %s', async (_, answer) => {
    records(1111, 2222)
    await refresh('vulnrichment')
    const before = await lookup('CVE-2026-2222')
    ports.answers.set(address(2222), answer)
    ports.clock.advance(86_400_000)
    await refresh('vulnrichment')
    expect((await lookup('CVE-2026-2222')).vulnrichment).toEqual(before.vulnrichment)
    expect(before.vulnrichment).toBeDefined()
    expect(await lookup('CVE-2026-9999')).not.toHaveProperty('vulnrichment')
  })

  it('raises no alarm while no finding is open', async () => {
    const empty = refreshPorts()
    expect(await run({ feed: 'vulnrichment' }, empty)).toEqual({ outcome: 'unchanged' })
    expect(empty.counted).toEqual([])
  })

  it('one record that cannot be read raises the alarm and hurts no neighbour', async () => {
    records(1111)
    ports.answers.set(address(2222), 500)
    expect(await refresh('vulnrichment')).toMatchObject({
      outcome: 'refreshed',
      because: expect.stringContaining('1 of 2'),
    })
    expect(ports.counted).toEqual(['FeedRefreshFailed'])
    expect((await lookup('CVE-2026-1111')).vulnrichment?.automatable).toBe('yes')
  })

  it('I20 keeps the copy in force when no record can be read', async () => {
    records(1111, 2222)
    await refresh('vulnrichment')
    for (const number of [1111, 2222]) ports.answers.set(address(number), 'down')
    expect(await refresh('vulnrichment')).toMatchObject({ outcome: 'kept' })
    expect((await lookup('CVE-2026-1111')).vulnrichment?.automatable).toBe('yes')
  })

  it('I16 asks for 400 records at most in one refresh, those asked longest ago first', async () => {
    const findings = Array.from({ length: 500 }, (_, index) =>
      anyFinding({ findingId: `F9${String(index).padStart(24, '0')}`, vulnerabilityId: `CVE-2025-${1000 + index}` }),
    )
    await recordFindings(ports.ledger, findings)
    await refresh('vulnrichment')
    expect(ports.source.asked).toHaveLength(400)
    ports.clock.advance(86_400_000)
    await refresh('vulnrichment')
    expect(new Set(ports.source.asked).size).toBe(502)
  })
})
