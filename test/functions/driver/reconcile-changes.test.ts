import { beforeEach, describe, expect, it } from 'vitest'
import { BallotRecord } from '../../../functions/approvals/ballot.ts'
import { type Change, ChangeRecord } from '../../../functions/changes/change.ts'
import type { HoldReason } from '../../../functions/changes/hold.ts'
import { run } from '../../../functions/driver/reconcile-changes.ts'
import { type Feed, FeedRecord } from '../../../functions/intel/refresh.ts'
import { keys, lists } from '../../../functions/kit/keys.ts'
import { PlanRecord } from '../../../functions/planning/plan.ts'
import { ringMoves } from '../../../functions/rollout/ring-moves.ts'
import { anyBallot } from '../approvals/any-ballot.ts'
import { anyChange } from '../changes/any-change.ts'
import { anyDesk } from '../changes/any-desk.ts'
import { anyPlan, anyRing, anyService } from '../validation/builders.ts'

const nowMs = Date.parse('2026-03-02T10:00:00Z')
const hoursAgo = (hours: number) => new Date(nowMs - hours * 3_600_000).toISOString()
let desk = await anyDesk()
let counts = new Map<string, number>()
/** What the gates answer, by change, and which rings they were asked about. */
let gates = new Map<string, readonly HoldReason[]>()
let asked: string[] = []
let logged: unknown[] = []
beforeEach(async () => {
  desk = await anyDesk()
  counts = new Map()
  gates = new Map()
  asked = []
  logged = []
})
const portsNow = () => ({
  ...desk.ports,
  metrics: { count: (name: string, by = 1) => void counts.set(name, (counts.get(name) ?? 0) + by) },
  log: { info: (text: string, fields: object) => void logged.push([text, fields]) },
  askGates: async (changeId: string, ring: string) => {
    asked.push(ring)
    return gates.get(changeId) ?? []
  },
})
const reconcile = (input = {}) => run(input, portsNow())
const putFeed = (feed: Feed['feed'], checkedAt: string) => {
  const version = { version: 'v', date: '2026-03-01', rows: 1, sha256: '', copy: 'c', shards: [] }
  const value = { feed, ...version, fetchedAt: checkedAt, checkedAt, failures: 0 }
  return desk.put(FeedRecord, keys.feed(feed), value, { pk: lists.feeds, sk: feed })
}
const putChange = async (over: Parameters<typeof anyChange>[0]) => {
  const change = anyChange(over)
  const list = { pk: lists.changes, sk: `open#${change.changeId}` }
  await desk.put(ChangeRecord, keys.change(change.changeId), change, list)
  return change.changeId
}
const stateOf = async (changeId: string) =>
  (await desk.ports.ledger.read(ChangeRecord, keys.change(changeId)))?.value.state

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
    const names = [
      'FeedsTooOld',
      'ChangesStuck',
      'ChangesHeldForPerson',
      'HeldForPersonMinutesMax',
      'ChangesNotReconciled',
    ]
    expect(names.map((name) => counts.get(name))).toEqual([0, 0, 0, 0, 0])
  })

  it('I11 a change that has not moved, though it was reassessed a moment ago', async () => {
    await putChange({ state: 'in-progress', updatedAt: hoursAgo(48), reassessedAt: hoursAgo(0) })
    expect((await reconcile()).stuck).toBe(1)
    expect(counts.get('ChangesStuck')).toBe(1)
  })

  it('I11 a change whose ballot closed long ago, and none whose ballot is open', async () => {
    const changeId = await putChange({ state: 'awaiting-approval', updatedAt: hoursAgo(48) })
    await desk.put(BallotRecord, keys.ballot(changeId), anyBallot({ deadlineAt: hoursAgo(-1) }))
    expect((await reconcile()).stuck).toBe(0)
    await desk.put(BallotRecord, keys.ballot(changeId), anyBallot({ deadlineAt: hoursAgo(2) }))
    expect((await reconcile()).stuck).toBe(1)
  })

  it('2.2 how many changes wait for a person, and for how long the oldest does', async () => {
    const heldFor = [{ gate: 'stop', because: 'stopped', endedBy: { kind: 'person', role: 'operations' } as const }]
    await putChange({ changeId: '1'.repeat(26), state: 'held', updatedAt: hoursAgo(30), heldFor })
    await putChange({ changeId: '2'.repeat(26), state: 'held', updatedAt: hoursAgo(2), heldFor })
    const { held } = await reconcile()
    expect(held.map(({ heldMinutes, holds }) => [heldMinutes, holds[0]?.ends])).toEqual([
      [1800, 'by role operations'],
      [120, 'by role operations'],
    ])
    expect([counts.get('ChangesHeldForPerson'), counts.get('HeldForPersonMinutesMax')]).toEqual([2, 1800])
    expect(logged).toEqual(held.map((one) => ['held', one]))
  })
})

describe('I11 reconcile-changes and drivers', () => {
  it('gives every open change a driver, once, and an ended one none', async () => {
    const changeId = await putChange({ state: 'validating' })
    await putChange({ changeId: '2'.repeat(26), state: 'closed' })
    expect((await reconcile()).restarted).toEqual([changeId])
    expect((await reconcile()).restarted).toEqual([])
    expect(counts.get('DriversRestarted')).toBe(1)
  })

  it('a driver that dies again and again at one version of its change is followed by as many, each told of once', async () => {
    const changeId = await putChange({ state: 'validating' })
    for (let deaths = 0; deaths < 6; deaths++) {
      expect((await reconcile()).restarted).toEqual([changeId])
      expect((await reconcile()).restarted).toEqual([])
      desk.ports.driver.end(desk.ports.driver.started.at(-1)?.name ?? '')
      desk.ports.clock.advance(300_000)
    }
    expect(desk.ports.driver.started).toHaveLength(6)
    expect(counts.get('DriversRestarted')).toBe(6)
  })

  it('F22 a driver that dies after the one reconcile is followed at once, by its event', async () => {
    const changeId = await putChange({ state: 'validating' })
    await reconcile()
    const event = (name: string) => ({ source: 'aws.states', detail: { name, status: 'FAILED' } })
    expect((await reconcile(event(changeId))).restarted).toEqual([changeId])
    expect((await reconcile(event(`${changeId}-r1`))).restarted).toEqual([changeId])
    // The same event, delivered again.
    expect((await reconcile(event(`${changeId}-r1`))).restarted).toEqual([])
    expect(desk.ports.driver.started.map(({ name }) => name)).toEqual([changeId, `${changeId}-r1`, `${changeId}-r2`])
  })

  it.each([
    ['of a change that has ended', { state: 'closed' }],
    ['of a change that is held for a person', { state: 'held' }],
  ] as const)('an event about the driver %s starts nothing', async (_, over) => {
    const changeId = await putChange(over)
    expect((await reconcile({ detail: { name: changeId } })).restarted).toEqual([])
    expect(desk.ports.driver.started).toEqual([])
  })

  it('an event about an execution of no change starts nothing', async () => {
    expect((await reconcile({ detail: { name: 'f'.repeat(36) } })).restarted).toEqual([])
  })

  it('I15 one change that cannot be driven keeps no other from its driver, and is told of', async () => {
    const first = await putChange({ changeId: '1'.repeat(26), state: 'validating' })
    const second = await putChange({ changeId: '2'.repeat(26), state: 'validating' })
    const { driver } = desk.ports
    const refusing = {
      ...driver,
      start: (execution: Parameters<typeof driver.start>[0]) =>
        execution.changeId === first ? Promise.reject(new Error('throttled')) : driver.start(execution),
    }
    const seen = await run({}, { ...portsNow(), driver: refusing })
    expect(seen).toMatchObject({ restarted: [second], failed: [{ changeId: first, because: 'throttled' }] })
    expect(counts.get('ChangesNotReconciled')).toBe(1)
  })

  it('wakes every ring that is open, and every one that ended while its machine was not told', async () => {
    const ring = anyRing('canary', { state: 'open', endedAt: undefined })
    const by = { at: '', type: 'test', account: '', changeId: 'none', actor: 'test', body: {} }
    const untold = anyRing('production', { taskToken: 't' })
    await desk.ports.ledger.commit({
      moves: [ring, untold, anyRing('dev', { taskToken: undefined })].flatMap((one) => ringMoves(undefined, one).moves),
      evidence: [{ ...by, leafId: desk.ports.ids.next() }],
    })
    await reconcile()
    expect(desk.ports.nudges.sent.map(({ stage, message }) => [stage, message])).toEqual([
      ['dispatch', { changeId: ring.changeId, ring: 'canary' }],
      ['dispatch', { changeId: ring.changeId, ring: 'production' }],
    ])
  })

  it('I15 wakes rings before it looks at changes, so that a list that cannot be read leaves no host down', async () => {
    const { ledger } = desk.ports
    const ring = anyRing('canary', { state: 'open', endedAt: undefined })
    const by = { at: '', type: 'test', account: '', changeId: 'none', actor: 'test', body: {} }
    await ledger.commit({
      moves: [...ringMoves(undefined, ring).moves],
      evidence: [{ ...by, leafId: desk.ports.ids.next() }],
    })
    const list: typeof ledger.list = async (kind, pk, options) => {
      if (pk === lists.changes) throw new Error('throttled')
      return ledger.list(kind, pk, options)
    }
    await expect(run({}, { ...portsNow(), ledger: { ...ledger, list } })).rejects.toThrow('throttled')
    expect(desk.ports.nudges.sent).toHaveLength(1)
  })

  it('reads no change that has ended, however many there are', async () => {
    const { ledger } = desk.ports
    await desk.put(
      ChangeRecord,
      keys.change('3'.repeat(26)),
      anyChange({ changeId: '3'.repeat(26), state: 'closed' }),
      {
        pk: lists.changes,
        sk: `ended#${'3'.repeat(26)}`,
      },
    )
    const open = await putChange({ state: 'validating' })
    const read: string[] = []
    const list: typeof ledger.list = async (kind, pk, options) => {
      const found = await ledger.list(kind, pk, options)
      if (pk === lists.changes) read.push(...found.map(({ key }) => key.pk))
      return found
    }
    await run({}, { ...portsNow(), ledger: { ...ledger, list } })
    expect(read).toEqual([`CHANGE#${open}`])
  })
})

describe('2.2 reconcile-changes and holds', () => {
  const unhealthy = (more: Partial<HoldReason> = {}): HoldReason => ({
    gate: 'probes',
    because: 'front is down',
    endedBy: { kind: 'trigger', name: 'probes-healthy' },
    ...more,
  })
  const putHeld = (over: Partial<Change> = {}) =>
    putChange({ state: 'held', heldFrom: 'in-progress', ring: 'canary', heldFor: [unhealthy()], ...over })

  it('a hold whose time passed gets its driver, which releases it', async () => {
    const changeId = await putChange({ state: 'held', heldUntil: hoursAgo(1) })
    expect(await reconcile()).toMatchObject({ restarted: [changeId], released: [] })
    expect(await stateOf(changeId)).toBe('held')
  })

  it('one whose time is to come is told of with that time, and has no driver', async () => {
    const endedBy = { kind: 'time', at: hoursAgo(-1) } as const
    const changeId = await putHeld({ heldUntil: hoursAgo(-1), heldFor: [unhealthy({ endedBy })] })
    gates.set(changeId, [unhealthy({ endedBy })])
    const { restarted, held } = await reconcile()
    expect([restarted, held[0]?.endedBy, held[0]?.holds[0]?.ends]).toEqual([[], 'time', `at ${hoursAgo(-1)}`])
  })

  it('a trigger is asked for at the gates of the ring in work, and the change goes on once they let it', async () => {
    const changeId = await putHeld()
    gates.set(changeId, [unhealthy()])
    expect(await reconcile()).toMatchObject({ restarted: [], released: [], held: [{ changeId, endedBy: 'trigger' }] })
    expect([asked, await stateOf(changeId)]).toEqual([['canary'], 'held'])
    gates.delete(changeId)
    expect(await reconcile()).toMatchObject({ restarted: [changeId], released: [changeId], held: [] })
    expect(await stateOf(changeId)).toBe('in-progress')
  })

  it('I15 a service whose probes do not answer keeps no other change from being asked again', async () => {
    const slow = await putHeld({ changeId: '1'.repeat(26) })
    const other = await putHeld({ changeId: '2'.repeat(26) })
    const asking = Promise.withResolvers<void>()
    const askGates = async (changeId: string) => {
      if (changeId === slow) await asking.promise
      else asking.resolve()
      return []
    }
    expect((await run({}, { ...portsNow(), askGates })).released).toEqual([slow, other])
  })

  it('a freeze that is lifted before its end lets the change go on once the catalogue says so', async () => {
    await reconcile()
    const endedBy = { kind: 'time', at: hoursAgo(-72) } as const
    const changeId = await putHeld({ heldUntil: hoursAgo(-72), heldFor: [unhealthy({ gate: 'calendar', endedBy })] })
    expect((await reconcile()).released).toEqual([])
    await desk.putCatalogue(anyService({ exposure: 'internet' }))
    expect((await reconcile()).released).toEqual([changeId])
  })

  it('between two rings the gates of the next one are asked', async () => {
    const planHash = 'a'.repeat(64)
    const over: Partial<Change> = { heldFrom: 'validating', ring: 'dev', ringsDone: ['dev'], planHash }
    const changeId = await putHeld(over)
    await desk.put(PlanRecord, keys.plan(changeId, planHash), anyPlan())
    expect((await reconcile()).released).toEqual([changeId])
    expect(asked).toEqual(['canary'])
  })

  it('missing plan: a change of which no next ring is known stays held', async () => {
    await putHeld({ heldFrom: 'scheduled', ring: undefined })
    expect((await reconcile()).released).toEqual([])
    expect(asked).toEqual([])
  })

  it('a change of before its votes is asked again once, when another catalogue was loaded', async () => {
    await reconcile()
    const endedBy = { kind: 'trigger', name: 'catalogue-loaded' } as const
    const changeId = await putHeld({ heldFrom: 'in-review', heldFor: [unhealthy({ gate: 'approvers', endedBy })] })
    expect((await reconcile()).released).toEqual([])
    await desk.putCatalogue(anyService({ exposure: 'internet' }))
    expect((await reconcile()).released).toEqual([changeId])
    await putHeld({ heldFrom: 'in-review', heldFor: [unhealthy({ gate: 'approvers', endedBy })] })
    expect((await reconcile()).released).toEqual([])
    expect(asked).toEqual([])
  })

  it('the driver that waited for a time no longer counts once the change is released', async () => {
    const changeId = await putHeld()
    await desk.ports.driver.start({ changeId, name: changeId, seconds: 0 })
    expect((await reconcile()).restarted).toEqual([changeId])
    expect(desk.ports.driver.started.at(-1)?.name).toBe(`${changeId}-r1`)
  })

  it('a hold for a person stays, whatever the gates say', async () => {
    const endedBy = { kind: 'person', personId: 'chloe' } as const
    const changeId = await putHeld({ heldFor: [unhealthy({ endedBy })] })
    expect(await reconcile()).toMatchObject({ released: [], held: [{ changeId, holds: [{ ends: 'by chloe' }] }] })
    expect(asked).toEqual([])
  })
})
