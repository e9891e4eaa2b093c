import { describe, expect, it } from 'vitest'
import { hostFactsOf } from '../../../functions/rollout/budgets.ts'
import { dispatchOrder } from '../../../functions/rollout/dispatch-order.ts'
import type { HostProgress } from '../../../functions/rollout/ring.ts'
import { anyPlan } from '../planning/any-plan.ts'

const waiting: HostProgress = { step: 'install', state: 'waiting', attempt: 1 }

interface Row {
  readonly id: string
  readonly zone?: string
  readonly services?: string[]
  readonly seconds?: number
  readonly host?: HostProgress
}

/** The order of hosts that stand in the plan as they are given. */
function orderOf(rows: readonly Row[], unavailableMaxByZone: Record<string, number> = { a: 2, b: 2 }) {
  const [ring] = anyPlan().rings
  const hosts = rows.map(({ id, zone = 'a', services = ['web'], seconds = 600 }, order) => ({
    hostId: id,
    services,
    zone,
    order,
    startSeconds: 0,
    durationSeconds: seconds,
  }))
  const limit = { hosts: 9, minimumHealthy: 7, unavailableMax: 2, unavailableMaxByZone, dependsOn: [] }
  const limits = ['web', 'api'].map((service) => ({ service, ...limit }))
  const plan = anyPlan({ limits, rings: ring ? [{ ...ring, hosts }] : [] })
  const facts = hostFactsOf(plan)
  const all = rows.flatMap(({ id, host = waiting }) => {
    const own = facts.get(id)
    return own ? [{ hostId: id, host, own }] : []
  })
  return dispatchOrder(all, plan).map(({ hostId }) => hostId)
}

describe('5.7 the order in which waiting hosts are looked at', () => {
  it('has hosts that are down first, so that they come up again', () => {
    const down: HostProgress = { step: 'reboot', state: 'waiting', attempt: 1 }
    expect(
      orderOf([
        { id: '1', seconds: 900 },
        { id: '2', host: down },
      ]),
    ).toEqual(['2', '1'])
  })

  it('has hosts of the service first that has most work left over what it may have down', () => {
    const rows = [{ id: '1' }, { id: '2', services: ['api'] }, { id: '3', services: ['api'] }]
    expect(orderOf(rows)).toEqual(['2', '3', '1'])
  })

  it('has hosts of the zone that is behind first, whatever their length', () => {
    const rows = [
      { id: '1', seconds: 900 },
      { id: '2', zone: 'b' },
      { id: '3', zone: 'b' },
    ]
    expect(orderOf(rows, { a: 2, b: 2 })).toEqual(['2', '3', '1'])
    expect(orderOf(rows, { a: 1, b: 2 })).toEqual(['1', '2', '3'])
  })

  it('has the longest first among hosts that are alike, then goes by the plan', () => {
    expect(orderOf([{ id: '1' }, { id: '2', seconds: 900 }, { id: '3' }])).toEqual(['2', '1', '3'])
  })

  it('leaves out hosts that are under way or over', () => {
    const rows = [
      { id: '1', host: { ...waiting, state: 'sent' as const } },
      { id: '2', host: { ...waiting, state: 'done' as const } },
    ]
    expect(orderOf([...rows, { id: '3' }])).toEqual(['3'])
  })
})
