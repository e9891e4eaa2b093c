import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FleetEvent } from '../../../simulator/fleet/commands.ts'
import { defaultFleet } from '../../../simulator/fleet/default-fleet.ts'
import type { Fault } from '../../../simulator/fleet/faults.ts'
import type { Fleet } from '../../../simulator/fleet/fleet.ts'
import { fleetPump } from '../../../simulator/fleet/pump.ts'
import { Scheduler } from '../../../simulator/scheduler.ts'

const startMs = Date.parse('2026-01-01T00:00:00.000Z')
const hostsOf = (fleet: Fleet, count: number) =>
  fleet
    .describeNodes()
    .slice(0, count)
    .map(({ hostId }) => hostId)
const precheck = (hostIds: readonly string[], concurrencyMax = '100%') => ({
  documentName: 'Drydock-Precheck',
  documentVersion: '1',
  comment: 'drydock:x',
  parameters: {
    packages: ['curl=8.0'],
    changeId: ['01J00000000000000000000001'],
    intentId: ['01J00000000000000000000002'],
    timeoutSeconds: ['60'],
  },
  hostIds,
  timeoutSeconds: 60,
  concurrencyMax,
  errorsMax: '100%',
})
const sendTo = (fleet: Fleet, hostIds: readonly string[], concurrencyMax?: string) => {
  const document = fleet.documents.get('Drydock-Precheck')
  const input = precheck(hostIds, concurrencyMax)
  const parameters = Object.fromEntries(
    Object.keys(document?.parameters ?? {}).map((name) => [
      name,
      Object.entries(input.parameters).find(([own]) => own === name)?.[1] ?? [''],
    ]),
  )
  const answer = fleet.send({ ...input, parameters }, startMs)
  if ('error' in answer) throw new Error(`${answer.error}: ${answer.message}`)
  return answer.command
}
function pumped(fleet: Fleet) {
  const scheduler = new Scheduler({ startMs })
  const events: FleetEvent[] = []
  let looks = 0
  const pump = fleetPump({ fleet, scheduler, onEvent: (event) => events.push(event), onMove: () => looks++ })
  return { scheduler, pump, events, looks: () => looks }
}

describe('the fleet on virtual time', () => {
  it('ends up as a fleet does that is looked at ten times a second', () => {
    const kinds = ['transient-failure', 'delivery-timeout', 'execution-timeout', 'terminated', 'agent-offline'] as const
    const faults = fc.array(fc.tuple(fc.nat({ max: 5 }), fc.constantFrom(...kinds)), { maxLength: 4 })
    return fc.assert(
      fc.asyncProperty(
        fc.nat({ max: 1_000 }),
        faults,
        fc.constantFrom('1', '2', '100%'),
        async (seed, struck, width) => {
          const make = () => {
            const fleet = defaultFleet(seed)
            const hostIds = hostsOf(fleet, 6)
            for (const [index, fault] of struck) {
              const script: Fault = { hostId: hostIds[index] ?? '', step: 'precheck', fault }
              fleet.script(script)
            }
            return { fleet, command: sendTo(fleet, hostIds, width) }
          }
          const [looked, ticked] = [make(), make()]
          const { scheduler, pump } = pumped(looked.fleet)
          pump.look()
          await scheduler.runTo(startMs + 240_000)
          for (let atMs = startMs; atMs <= startMs + 240_000; atMs += 100) ticked.fleet.tick(atMs)
          const statuses = ({ command }: typeof looked) =>
            command.invocations.map(({ hostId, status }) => [hostId, status])
          expect(statuses(looked)).toEqual(statuses(ticked))
          expect(looked.fleet.nextAtMs()).toBeUndefined()
        },
      ),
      { numRuns: 25 },
    )
  })

  it('is looked at when something happens and at no other instant', async () => {
    const fleet = defaultFleet(3)
    const { scheduler, pump, events, looks } = pumped(fleet)
    const { invocations } = sendTo(fleet, hostsOf(fleet, 2))
    pump.look()
    await scheduler.runTo(startMs + 3_600_000)
    expect(events).toHaveLength(2)
    expect(invocations.map(({ status }) => status)).toEqual(['Success', 'Success'])
    // Once when it was told, once for both starts, once for each end.
    expect(looks()).toBe(4)
  })

  it('hands a command on to the next node in the moment that the one before it has ended', async () => {
    const fleet = defaultFleet(3)
    const scheduler = new Scheduler({ startMs })
    const toldAtMs: number[] = []
    const onEvent = () => toldAtMs.push(scheduler.clock.nowMs())
    const pump = fleetPump({ fleet, scheduler, onEvent, onMove: () => undefined })
    sendTo(fleet, hostsOf(fleet, 3), '1')
    pump.look()
    await scheduler.runTo(startMs + 20_000)
    expect(toldAtMs).toHaveLength(3)
    // A step takes a third of a second at most; looking again takes a whole one.
    expect((toldAtMs.at(-1) ?? 0) - startMs).toBeLessThan(1_000)
  })

  it('delivers to a node that comes back as soon as it is told to look', async () => {
    const fleet = defaultFleet(3)
    const { scheduler, pump, events } = pumped(fleet)
    const [hostId = ''] = hostsOf(fleet, 1)
    const node = fleet.nodes.get(hostId)
    if (node) node.isOnline = false
    sendTo(fleet, [hostId])
    pump.look()
    await scheduler.runTo(startMs + 20_000)
    expect(events).toEqual([])
    if (node) node.isOnline = true
    pump.look()
    await scheduler.runTo(startMs + 21_000)
    expect(events.map(({ status }) => status)).toEqual(['Success'])
  })
})
