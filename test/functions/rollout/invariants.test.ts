import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Fault } from '../../../simulator/fleet/faults.ts'
import { runs } from '../../runs.ts'
import { changeId, hostIdOf, type SimulationOptions, simulate } from './simulation.ts'

const anyRun = (options: Partial<SimulationOptions>): SimulationOptions => ({
  hosts: 8,
  unavailableMax: 2,
  failureBudget: 8,
  faults: [],
  seed: 1,
  ...options,
})
const hostFault = fc.record({
  fault: fc.constantFrom<Fault['fault']>(
    'transient-failure',
    'delivery-timeout',
    'execution-timeout',
    'never-returns-from-reboot',
    'lying-success',
    'lying-failure',
    'terminated',
  ),
  hostId: fc.integer({ min: 0, max: 7 }).map(hostIdOf),
  step: fc.constantFrom('precheck', 'restore-point', 'install', 'reboot', 'verify'),
  times: fc.integer({ min: 1, max: 3 }),
})
const eventFault = fc.record({
  fault: fc.constantFrom<Fault['fault']>('missing-events', 'doubled-events'),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
})

/** Installs that a host was sent at the same time or after one that it was not known to have failed. */
async function installsOf(options: Partial<SimulationOptions>) {
  const result = await simulate(anyRun(options))
  const installs = [...result.fleet.commands.values()].filter(({ documentName }) => documentName === 'Drydock-Install')
  const touched = new Set(installs.flatMap(({ invocations }) => invocations.map(({ hostId }) => hostId)))
  return { ...result, installs, touched }
}

describe('what holds for every ring', () => {
  it('I1 I11 woken by events alone it ends, and sends nothing twice, whatever events are lost or doubled and wherever it dies', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.constant([]), fc.array(hostFault, { maxLength: 4 })),
        fc.option(eventFault, { nil: undefined }),
        fc.integer({ min: 0, max: 120 }),
        fc.nat(1000),
        async (faults, events, dieAt, seed) => {
          const { ring, installsByHost, mostDown } = await simulate(
            anyRun({
              seed,
              isByEvents: true,
              faults: events ? [events, ...faults] : faults,
              onPortCall: (_name, count) => {
                if (count === dieAt) throw new Error('killed')
              },
            }),
          )
          expect(ring.state).not.toBe('open')
          // Where nothing failed on a host, nothing is sent to it again.
          if (faults.length === 0) expect(Math.max(0, ...installsByHost.values())).toBeLessThanOrEqual(1)
          expect(mostDown).toBeLessThanOrEqual(2)
        },
      ),
      { numRuns: runs(60), seed: 20261125 },
    )
  }, 120_000)

  it('I1 never has two installs on a host at once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(hostFault, { maxLength: 4 }), fc.nat(1000), async (faults, seed) => {
        const { installs } = await installsOf({ faults, seed, isByEvents: true })
        const byHost = Map.groupBy(
          installs.flatMap(({ requestedAtMs, invocations }) =>
            invocations.map(({ hostId, endedAtMs = Number.POSITIVE_INFINITY }) => ({
              hostId,
              requestedAtMs,
              endedAtMs,
            })),
          ),
          ({ hostId }) => hostId,
        )
        for (const runs of byHost.values())
          for (const [index, { requestedAtMs }] of runs.entries())
            for (const earlier of runs.slice(0, index)) expect(requestedAtMs).toBeGreaterThanOrEqual(earlier.endedAtMs)
      }),
      { numRuns: runs(40), seed: 20261125 },
    )
  }, 60_000)

  it('I12 a patch that fails on every host touches no more than the failure budget and what is in flight', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 0, max: 6 }),
        fc.constantFrom<Fault['fault']>('permanent-failure', 'lying-success', 'service-down'),
        fc.nat(1000),
        async (concurrencyMax, failureBudget, fault, seed) => {
          const faults = Array.from({ length: 24 }, (_, index) => ({ fault, hostId: hostIdOf(index), step: 'install' }))
          const options = { hosts: 24, unavailableMax: 20, concurrencyMax, failureBudget, faults, seed }
          const { ring, touched } = await installsOf(options)
          expect(touched.size).toBeLessThanOrEqual(failureBudget + concurrencyMax)
          expect(ring.state).toBe('halted')
        },
      ),
      { numRuns: runs(40), seed: 20261125 },
    )
  }, 60_000)

  it('I8 every move of the ring has its evidence, and each command that was sent stands in it', async () => {
    const { fleet, evidence } = await simulate(anyRun({ isByEvents: true }))
    const told = JSON.stringify(evidence)
    const sent = [...fleet.commands.keys()]
    expect(sent.length).toBeGreaterThan(5)
    expect(sent.filter((commandId) => !told.includes(commandId))).toEqual([])
    expect(new Set(evidence.map((record) => record.leafId)).size).toBe(evidence.length)
    expect(evidence.every((record) => record.changeId === changeId)).toBe(true)
  })
})
