import { describe, expect, it } from 'vitest'
import { hostFactsOf } from '../../../functions/rollout/budgets.ts'
import { nextOccupancies } from '../../../functions/rollout/next-occupancy.ts'
import { type Occupancies, type ServiceOccupancy, unoccupied } from '../../../functions/rollout/occupancy.ts'
import type { HostProgress, Ring } from '../../../functions/rollout/ring.ts'
import { openedRing } from '../../../functions/rollout/ring-opening.ts'
import { anyPlan } from '../planning/any-plan.ts'

const limits = anyPlan().limits.map((limit) => ({ ...limit, dependsOn: ['api'] }))
const plan = anyPlan({ limits })
const opened = openedRing(plan, 'a'.repeat(64), 'production', undefined, 'token', 'now')
const hostId = 'i-00000001'
const nowMs = 1_000_000
const occupiedMs = 60_000
const failedMs = 86_400_000
const other = '01J00000000000000000000999'

const ringWith = (host: HostProgress, more: Partial<Ring> = {}): Ring => ({
  ...opened,
  hosts: { ...opened.hosts, [hostId]: host },
  ...more,
})
const idle = ringWith({ step: 'install', state: 'waiting', attempt: 1 })
const installing = ringWith({ step: 'install', state: 'sent', attempt: 1 })
const failed = ringWith({ step: 'install', state: 'failed', attempt: 1 })
const records = (web: Partial<ServiceOccupancy> = {}, api: Partial<ServiceOccupancy> = {}): Occupancies =>
  new Map(
    Object.entries({ web, api }).map(([service, value]) => [
      service,
      { key: { pk: service, sk: '' }, version: 1, value: { ...unoccupied, ...value } },
    ]),
  )
const next = (ring: Ring, occupancies: Occupancies, waits: Parameters<typeof nextOccupancies>[0]['waits'] = []) =>
  Object.fromEntries(nextOccupancies({ ring, plan, occupancies, waits, nowMs, occupiedMs }))
const zoneOf = hostFactsOf(plan).get(hostId)?.zone ?? ''
const entry = (untilMs: number, isFailed = false, changeId = opened.changeId) => ({
  changeId,
  ring: 'production',
  zone: zoneOf,
  isFailed,
  untilMs,
  hosts: 1,
})
const busy = `${opened.changeId} production busy ${zoneOf}`

describe('I3 what a ring writes into the records of its services', () => {
  it('is nothing while it has no host down', () => {
    expect(next(idle, records())).toEqual({})
    expect(next(ringWith({ step: 'precheck', state: 'failed', attempt: 1 }), records())).toEqual({})
  })

  it('is a host that goes down, and that a dependent of the service below has hosts down', () => {
    expect(next(installing, records())).toEqual({
      web: { ...unoccupied, down: { [busy]: entry(nowMs + occupiedMs) } },
      api: { ...unoccupied, dependentsDown: { [opened.changeId]: nowMs + occupiedMs } },
    })
  })

  it('is nothing more until half of the time of an entry has gone, then its renewal', () => {
    const written = (untilMs: number) =>
      records({ down: { [busy]: entry(untilMs) } }, { dependentsDown: { [opened.changeId]: untilMs } })
    expect(next(installing, written(nowMs + occupiedMs / 2))).toEqual({})
    expect(Object.keys(next(installing, written(nowMs + occupiedMs / 2 - 1)))).toEqual(['web', 'api'])
  })

  it('is a failed host for a day, which blocks no dependency', () => {
    expect(next(failed, records())).toEqual({
      web: { ...unoccupied, down: { [busy.replace('busy', 'failed')]: entry(nowMs + failedMs, true) } },
    })
  })

  it('is the removal of a host that came up again, and of nobody else', () => {
    const elsewhere = { dev: { ...entry(nowMs + 1), ring: 'dev' }, other: entry(nowMs + 1, false, other) }
    const before = records({ down: { [busy]: entry(nowMs + occupiedMs), ...elsewhere } })
    const done = ringWith({ step: 'verify', state: 'done', attempt: 1 })
    expect(next(done, before)).toEqual({ web: { ...unoccupied, down: elsewhere } })
  })

  it('is the hosts of each zone counted, so that one that comes up for one that goes down writes nothing', () => {
    const rings = plan.rings.map((ring) => ({ ...ring, hosts: ring.hosts.map((host) => ({ ...host, zone: zoneOf })) }))
    const [first = '', second = ''] = Object.keys(opened.hosts)
    const at = (step: HostProgress['step'], state: HostProgress['state']) => ({ step, state, attempt: 1 }) as const
    const dependentsDown = { [opened.changeId]: nowMs + occupiedMs }
    const occupancies = records({ down: { [busy]: entry(nowMs + occupiedMs) } }, { dependentsDown })
    const webOf = (hosts: Ring['hosts']) => {
      const ring = { ...opened, hosts: { ...opened.hosts, ...hosts } }
      const facts = { ring, plan: { ...plan, rings }, occupancies, waits: [], nowMs, occupiedMs }
      return nextOccupancies(facts).get('web')?.down
    }
    const goesDown = at('install', 'sent')
    expect(webOf({ [first]: at('verify', 'done'), [second]: goesDown })).toBeUndefined()
    expect(webOf({ [first]: at('reboot', 'sent'), [second]: goesDown })).toEqual({
      [busy]: { ...entry(nowMs + occupiedMs), hosts: 2 },
    })
  })

  it('names the hosts that conflict with others, and takes the place of what an older Drydock wrote', () => {
    const conflicts: [string, string][] = [[hostId, 'i-000000ff']]
    const old = { changeId: opened.changeId, zone: zoneOf, isFailed: false, untilMs: nowMs + occupiedMs }
    const facts = { ring: installing, occupancies: records({ down: { [hostId]: old } }), waits: [], nowMs, occupiedMs }
    expect(nextOccupancies({ ...facts, plan: { ...plan, conflicts } }).get('web')?.down).toEqual({
      [busy]: { ...entry(nowMs + occupiedMs), rivals: [hostId] },
    })
  })

  it('drops what has run out of time whenever it writes', () => {
    const stale = { 'i-0000000a': entry(nowMs, false, other) }
    const before = records({ down: stale, dependentsDown: { [other]: nowMs } })
    expect(next(installing, before).web).toEqual({ ...unoccupied, down: { [busy]: entry(nowMs + occupiedMs) } })
  })

  it('is a mark where it waits, which goes once it waits no more or its ring has ended', () => {
    const wait = [{ service: 'api', side: 'forDependents' }] as const
    const mark = { [opened.changeId]: { isRollback: false, untilMs: nowMs + occupiedMs } }
    const marked = { waiting: { ...unoccupied.waiting, forDependents: mark } }
    expect(next(idle, records(), wait)).toEqual({ api: { ...unoccupied, ...marked } })
    expect(next(idle, records({}, marked), wait)).toEqual({})
    expect(next(idle, records({}, marked))).toEqual({ api: unoccupied })
    expect(next({ ...idle, state: 'stopped' }, records({}, marked), wait)).toEqual({ api: unoccupied })
    expect(next({ ...idle, mode: 'rollback' }, records(), wait).api?.waiting.forDependents).toMatchObject({
      [opened.changeId]: { isRollback: true },
    })
  })
})
