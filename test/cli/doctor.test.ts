import { beforeEach, describe, expect, it, vi } from 'vitest'
import { report } from '../../cli/commands/doctor.ts'
import { fail, ok, warn } from '../../cli/doctor/check.ts'
import { checkLedger } from '../../cli/doctor/ledger.ts'
import { PolicyRecord } from '../../functions/catalogue/policy.ts'
import { StopRecord } from '../../functions/changes/stop.ts'
import { EvidenceHeadRecord, emptyHead } from '../../functions/evidence/head.ts'
import { FindingPullRecord } from '../../functions/intake/pull-findings.ts'
import { type Feed, FeedRecord } from '../../functions/intel/refresh.ts'
import { keys } from '../../functions/kit/keys.ts'
import { migrations } from '../../functions/migrations/index.ts'
import { MigrationsRecord } from '../../functions/migrations/progress.ts'
import { anyDesk } from '../functions/changes/any-desk.ts'
import { anyPolicy } from '../functions/validation/builders.ts'

const nowMs = Date.parse('2026-11-24T10:00:00Z')
const hoursAgo = (hours: number) => new Date(nowMs - hours * 3_600_000).toISOString()
const feedOf = (feed: Feed['feed'], over: Partial<Feed> = {}): Feed => ({
  ...{ feed, version: '2026.11.24', date: '2026-11-24', rows: 1, sha256: '', copy: 'c', shards: [] },
  ...{ fetchedAt: hoursAgo(1), checkedAt: hoursAgo(1), failures: 0 },
  ...over,
})

const applied = migrations.map(({ id }) => id)

let desk = await anyDesk()
beforeEach(async () => {
  desk = await anyDesk()
  for (const feed of ['kev', 'epss', 'vulnrichment'] as const) await putFeed(feedOf(feed))
  await desk.put(MigrationsRecord, keys.migrations(), { schemaVersion: 1, applied, at: hoursAgo(1) })
  await desk.put(FindingPullRecord, keys.findingPull(), { doneUntil: hoursAgo(1), pulledAt: hoursAgo(1), failures: 0 })
})
const putFeed = (feed: Feed) => desk.put(FeedRecord, keys.feed(feed.feed), feed)
const checks = () => checkLedger(desk.ports.ledger, nowMs)
const verdictOf = async (name: string) => {
  const found = (await checks()).find((check) => check.name === name)
  return [found?.verdict, found?.found]
}

describe('10.4 doctor asks the ledger', () => {
  it('is content with a hub that is set up', async () => {
    const wrong = (await checks()).filter(({ verdict, name }) => verdict !== 'ok' && !name.startsWith('nodes'))
    expect(wrong).toEqual([])
  })

  it('says which migrations a table lacks, and that one was cut off', async () => {
    const known = { schemaVersion: 1, applied: applied.slice(1), at: hoursAgo(1) } as const
    await desk.put(MigrationsRecord, keys.migrations(), known)
    expect(await verdictOf('records')).toEqual(['warn', 'not migrated through 001-priority'])
    const run = { direction: 'up', ids: applied, moved: 3, startedAt: hoursAgo(1) } as const
    await desk.put(MigrationsRecord, keys.migrations(), { ...known, run })
    expect(await verdictOf('records')).toEqual(['fail', 'a migration (up) was interrupted'])
  })

  it.each([
    ['is old', feedOf('epss', { checkedAt: hoursAgo(100) }), 'fail', '100.0 h ago, more than 72 h'],
    [
      'failed last time',
      feedOf('epss', { failures: 2, lastFailure: 'answered 403' }),
      'warn',
      '2 failures: answered 403',
    ],
    ['never came', feedOf('epss', { version: '' }), 'warn', 'never loaded'],
    ['is KEV and never came', feedOf('kev', { version: '' }), 'fail', 'never loaded'],
  ])('3.6 tells a feed that %s', async (_, feed, verdict, found) => {
    await putFeed(feed)
    expect(await verdictOf(`feed ${feed.feed}`)).toEqual([verdict, expect.stringContaining(found)])
  })

  it('3.6 takes the age that the policy allows', async () => {
    const policy = anyPolicy()
    await desk.put(PolicyRecord, keys.policy(), { ...policy, risk: { ...policy.risk, feedAgeHoursMax: 0.5 } })
    expect((await verdictOf('feed kev'))[0]).toBe('fail')
  })

  it.each([
    [{ pulledAt: hoursAgo(1), failures: 3, lastFailure: 'throttled' }, 'fail', '3 failures: throttled'],
    [{ pulledAt: hoursAgo(8), failures: 0 }, 'fail', '8.0 h ago'],
  ])('I6 tells a pull that does not go on', async (pull, verdict, found) => {
    await desk.put(FindingPullRecord, keys.findingPull(), pull)
    expect(await verdictOf('pull from Inspector')).toEqual([verdict, expect.stringContaining(found)])
  })

  it('F42 tells why evidence is not filed', async () => {
    await desk.put(EvidenceHeadRecord, keys.evidenceHead(), { ...emptyHead, lastError: 'DD2103' })
    expect(await verdictOf('evidence log')).toEqual(['fail', 'DD2103'])
  })

  it('I18 tells that the kill switch stands', async () => {
    const stop = { all: true, changeIds: [], because: 'checkout is down', by: 'sven', at: hoursAgo(1) }
    await desk.put(StopRecord, keys.stop(), stop)
    expect(await verdictOf('kill switch')).toEqual(['warn', 'stops everything: checkout is down (sven)'])
  })
})

describe('10.3 drydock doctor', () => {
  const printed = (run: () => void) => {
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
    try {
      run()
      return { text: write.mock.calls.join(''), code: 0 }
    } catch (error) {
      return { text: write.mock.calls.join(''), code: Reflect.get(Object(error), 'code') }
    } finally {
      write.mockRestore()
    }
  }
  const good = [ok('Node', '24'), warn('mail sandbox', 'in it', 'ask for more')]

  it('exits 0 with warnings and 1 with a failure', () => {
    expect(printed(() => report(good, false)).code).toBe(0)
    expect(printed(() => report([...good, fail('hub', 'none', 'deploy')], false)).code).toBe(1)
  })

  it('prints what to do below what is wrong', () => {
    const lines = printed(() => report(good, false)).text.split('\n')
    expect(lines[2]).toMatch(/^warn +mail sandbox +in it$/)
    expect(lines[3]).toMatch(/^ +to do +ask for more$/)
  })

  it('prints one JSON document', () => {
    const { text, code } = printed(() => report([...good, fail('hub', 'none', 'deploy')], true))
    expect(code).toBe(1)
    expect(JSON.parse(text)).toMatchObject({ schemaVersion: 1, fails: 1, warnings: 1 })
    expect(JSON.parse(text).checks[2]).toEqual({ name: 'hub', verdict: 'fail', found: 'none', mend: 'deploy' })
  })
})
