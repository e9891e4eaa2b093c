import { describe, expect, it } from 'vitest'
import { transactionItemsMax } from '../../../functions/kit/ledger.ts'
import type { Plan } from '../../../functions/planning/plan.ts'
import { type DispatchInput, dispatch, intentsMax } from '../../../functions/rollout/dispatch.ts'
import type { HostProgress, Ring } from '../../../functions/rollout/ring.ts'
import { openedRing } from '../../../functions/rollout/ring-opening.ts'
import { sequentialIds } from '../../../simulator/ports/time.ts'
import { anyPlan } from '../planning/any-plan.ts'

const idOf = (index: number) => `i-${index.toString(16).padStart(8, '0')}`
const ready: HostProgress = { step: 'install', state: 'waiting', attempt: 1 }
const timeoutSeconds = {
  precheck: 60,
  'restore-point': 60,
  install: 600,
  reboot: 300,
  verify: 60,
  collect: 60,
  rollback: 600,
}

/** So many hosts of one service, in the zones given in turn. */
function planOf(hosts: number, zones: readonly string[], limit: { service: number; zone: number }): Plan {
  const [ring] = anyPlan().rings
  const planned = Array.from({ length: hosts }, (_, order) => ({
    hostId: idOf(order),
    services: ['web'],
    zone: zones[order % zones.length] ?? '',
    order,
    startSeconds: 0,
    durationSeconds: 600,
  }))
  return anyPlan({
    rings: ring ? [{ ...ring, hosts: planned }] : [],
    concurrencyMax: 1_000,
    limits: [
      {
        service: 'web',
        hosts,
        minimumHealthy: hosts - limit.service,
        unavailableMax: limit.service,
        unavailableMaxByZone: Object.fromEntries(zones.map((zone) => [zone, limit.zone])),
        dependsOn: [],
      },
    ],
  })
}

function pass(plan: Plan, progress: Readonly<Record<string, HostProgress>>, more: Partial<DispatchInput> = {}) {
  const opened = openedRing(plan, 'a'.repeat(64), 'production', undefined, 'token', 'now')
  const hosts = Object.fromEntries(Object.keys(opened.hosts).map((hostId) => [hostId, progress[hostId] ?? ready]))
  const ids = sequentialIds()
  return dispatch({
    ring: { ...opened, hosts },
    plan,
    heldByOthers: new Set(),
    occupancies: new Map(),
    gates: { verdict: 'go' },
    timeoutSeconds,
    nowMs: 0,
    movesMax: 90,
    isStrict: false,
    nextIntentId: () => ids.next(),
    ...more,
  })
}
const sentOf = ({ ring }: { readonly ring: Ring }) =>
  Object.entries(ring.hosts).flatMap(([hostId, { state }]) => (state === 'sent' ? [hostId] : []))

describe('I2 the dispatcher', () => {
  it('takes down no more hosts of a zone than the zone may miss', () => {
    const plan = planOf(6, ['a', 'b'], { service: 4, zone: 1 })
    expect(sentOf(pass(plan, {}))).toHaveLength(2)
  })

  it.each(['failed', 'quarantined', 'gone'] as const)(
    'takes down none where one is %s and one may be down',
    (state) => {
      const plan = planOf(3, ['a', 'b', 'c'], { service: 1, zone: 1 })
      const result = pass(plan, { [idOf(0)]: { step: 'install', state, attempt: 1 } })
      expect(sentOf(result)).toEqual([])
      expect(result.canStart).toBe(false)
    },
  )

  it('11.6 starts nothing new once more hosts failed than the budget of the ring', () => {
    const plan = planOf(6, ['a'], { service: 6, zone: 6 })
    const failed: HostProgress = { step: 'precheck', state: 'failed', attempt: 1 }
    expect(sentOf(pass(plan, { [idOf(0)]: failed }))).toHaveLength(5)
    expect(sentOf(pass(plan, { [idOf(0)]: failed, [idOf(1)]: failed }))).toEqual([])
  })
})

describe('a gate that holds', () => {
  const holds = [{ gate: 'stop', because: 'smoke', endedBy: { kind: 'person', role: 'change-manager' } }] as const
  const plan = planOf(4, ['a'], { service: 4, zone: 4 })
  const down: HostProgress = { step: 'reboot', state: 'waiting', attempt: 1 }

  it('leaves a ring the hosts that are down, and no other', () => {
    const gates = { verdict: 'hold', leaves: 'hosts-down', holds } as const
    expect(sentOf(pass(plan, { [idOf(1)]: down }, { gates }))).toEqual([idOf(1)])
  })

  it('leaves it nothing at all where it is the kill switch', () => {
    const gates = { verdict: 'hold', leaves: 'nothing', holds } as const
    expect(pass(plan, { [idOf(1)]: down }, { gates })).toMatchObject({ intentIds: [], canStart: false })
  })
})

describe('11.2 the commands of one pass', () => {
  it('hold fifty hosts at most, and hosts of one step, place and package list alone', () => {
    const plan = planOf(120, ['a'], { service: 120, zone: 120 })
    const { ring, intentIds, isFull } = pass(plan, { [idOf(0)]: { ...ready, isAlone: true } })
    const sizes = intentIds.map((intentId) => ring.commands[intentId]?.hostIds.length)
    expect(sizes.toSorted()).toEqual([1, 19, 50, 50])
    expect(isFull).toBe(false)
  })

  it('are no more than one transaction can note, and their hosts go on in the next', () => {
    const plan = planOf(150, ['a'], { service: 150, zone: 150 })
    const alone = Object.fromEntries(Array.from({ length: 150 }, (_, i) => [idOf(i), { ...ready, isAlone: true }]))
    const { ring, intentIds, isFull, canStart } = pass(plan, alone)
    expect(intentIds).toHaveLength(intentsMax)
    expect(intentsMax + 2).toBeLessThan(transactionItemsMax)
    expect(sentOf({ ring })).toHaveLength(intentsMax)
    expect({ isFull, canStart }).toEqual({ isFull: true, canStart: true })
  })
})
