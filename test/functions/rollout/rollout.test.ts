import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Fault } from '../../../simulator/fleet/faults.ts'
import { runs } from '../../runs.ts'
import { hostIdOf, type SimulationOptions, simulate } from './simulation.ts'

const anyRun = (options: Partial<SimulationOptions> = {}): SimulationOptions => ({
  hosts: 6,
  unavailableMax: 2,
  failureBudget: 1,
  faults: [],
  seed: 1,
  ...options,
})
const statesOf = async (options: Partial<SimulationOptions>) => {
  const { ring } = await simulate(anyRun(options))
  return {
    state: ring.state,
    hosts: Object.entries(ring.hosts)
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([, { state, step }]) => (state === 'done' ? 'done' : `${state} at ${step}`)),
  }
}

describe('11.6 a ring', () => {
  it('4.1 proves every host and answers the waiting machine', async () => {
    const { ring, tokens, mostDown } = await simulate(anyRun())
    expect(ring.state).toBe('succeeded')
    expect(Object.values(ring.hosts).every(({ state }) => state === 'done')).toBe(true)
    expect(new Set(tokens)).toEqual(new Set(['token']))
    expect(mostDown).toBe(2)
  })

  it.each<readonly [string, Fault, string, string]>([
    [
      '5.4 tries a transient failure again',
      { fault: 'transient-failure', hostId: hostIdOf(0), step: 'install', times: 1 },
      'done',
      'succeeded',
    ],
    [
      'F25 tries a command again that was not delivered',
      { fault: 'delivery-timeout', hostId: hostIdOf(0), step: 'precheck', times: 1 },
      'done',
      'succeeded',
    ],
    [
      'F25 counts a host that never gets its command as failed',
      { fault: 'delivery-timeout', hostId: hostIdOf(0), step: 'precheck' },
      'failed at precheck',
      'succeeded',
    ],
    [
      'F26 reads back a node that finished late, and does not run it again',
      { fault: 'execution-timeout', hostId: hostIdOf(0), step: 'install', times: 1 },
      'done',
      'succeeded',
    ],
    [
      'F27 believes the state read back and not a Failed status',
      { fault: 'lying-failure', hostId: hostIdOf(0), step: 'install', times: 1 },
      'done',
      'succeeded',
    ],
    [
      'F28 does not believe a Success status without the patch',
      { fault: 'lying-success', hostId: hostIdOf(0), step: 'install' },
      'failed at verify',
      'succeeded',
    ],
    [
      'F31 quarantines a node that does not return from reboot',
      { fault: 'never-returns-from-reboot', hostId: hostIdOf(0), step: 'reboot' },
      'quarantined at reboot',
      'succeeded',
    ],
    [
      '5.3 skips a host whose precheck fails for good',
      { fault: 'permanent-failure', hostId: hostIdOf(0), step: 'precheck' },
      'skipped at precheck',
      'succeeded',
    ],
  ])('%s', async (_, fault, first, state) => {
    const { state: ended, hosts } = await statesOf({ faults: [fault] })
    expect(hosts[0]).toBe(first)
    expect(hosts.slice(1).every((host) => host === 'done')).toBe(true)
    expect(ended).toBe(state)
  })

  it.each([
    ['skip', 'skipped at restore-point', 'succeeded'],
    ['halt', 'failed at restore-point', 'halted'],
    ['go', 'done', 'succeeded'],
  ] as const)(
    '7.2 does as the policy says (%s) with a host that cannot be rolled back',
    async (withoutRestorePoint, first, state) => {
      const { ring, fleet } = await simulate(anyRun({ withoutRestorePoint, goneFrom: hostIdOf(0) }))
      const host = ring.hosts[hostIdOf(0)]
      expect(host?.state === 'done' ? 'done' : `${host?.state} at ${host?.step}`).toBe(first)
      expect(ring.state).toBe(state)
      expect(fleet.nodes.get(hostIdOf(0))?.packages.snapd).toBe(withoutRestorePoint === 'go' ? '2' : '1')
      if (withoutRestorePoint !== 'go')
        expect(host?.because).toContain('no rollback: the installed version of snapd is no longer available')
    },
  )

  it('11.6 halts when more hosts fail than its own budget allows, and starts nothing new', async () => {
    const faults = [0, 1, 2].map(
      (index): Fault => ({ fault: 'permanent-failure', hostId: hostIdOf(index), step: 'install' }),
    )
    const { state, hosts } = await statesOf({ hosts: 20, unavailableMax: 4, failureBudget: 1, faults })
    expect(state).toBe('halted')
    expect(hosts.filter((host) => host.startsWith('waiting')).length).toBeGreaterThan(0)
  })

  it('keeps every transaction under its limit when a hundred hosts end and start at once', async () => {
    const { ring, mostDown } = await simulate(anyRun({ hosts: 150, unavailableMax: 100, failureBudget: 0 }))
    expect(ring.state).toBe('succeeded')
    expect(mostDown).toBeGreaterThan(50)
  })

  it('F32 I1 installs once on a host, whatever is told twice', async () => {
    const { installsByHost } = await simulate(
      anyRun({ isByEvents: true, faults: [{ fault: 'doubled-events', share: 1 }] }),
    )
    expect(Math.max(...installsByHost.values())).toBe(1)
  })

  it('I18 sends nothing after the stop, and ends as stopped', async () => {
    const { ring, commandsAfterStop } = await simulate(anyRun({ hosts: 12, stopAtSeconds: 5 }))
    expect(commandsAfterStop).toBe(0)
    expect(ring).toMatchObject({ state: 'stopped', because: 'stopped by sven: test' })
  })

  it('F7 F8 F9 ends the same wherever the dispatcher dies, and sends no intent twice', async () => {
    for (let dieAt = 0; dieAt < 40; dieAt++) {
      const { ring, installsByHost } = await simulate(
        anyRun({
          hosts: 3,
          onPortCall: (_name, count) => {
            if (count === dieAt) throw new Error('killed')
          },
        }),
      )
      expect(ring.state, `killed at call ${dieAt}`).toBe('succeeded')
      expect(Math.max(...installsByHost.values()), `killed at call ${dieAt}`).toBe(1)
    }
  })

  it('I2 I11 keeps minimum healthy and ends, whatever fails', async () => {
    const fault = fc.record({
      fault: fc.constantFrom<Fault['fault']>(
        'transient-failure',
        'permanent-failure',
        'delivery-timeout',
        'execution-timeout',
        'never-returns-from-reboot',
        'lying-success',
        'lying-failure',
      ),
      hostId: fc.integer({ min: 0, max: 9 }).map(hostIdOf),
      step: fc.constantFrom('precheck', 'restore-point', 'install', 'reboot', 'verify'),
      times: fc.integer({ min: 1, max: 4 }),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(fault, { maxLength: 6 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 0, max: 3 }),
        fc.nat(1000),
        async (faults, unavailableMax, failureBudget, seed) => {
          const { ring, mostDown, tokens } = await simulate({ hosts: 10, unavailableMax, failureBudget, faults, seed })
          expect(mostDown).toBeLessThanOrEqual(unavailableMax)
          expect(ring.state).not.toBe('open')
          expect(tokens.length).toBeGreaterThan(0)
        },
      ),
      { numRuns: runs(40) },
    )
  }, 60_000)
})
