import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { documentNames, stepOfDocument } from '../../../documents/index.ts'
import { parseResult } from '../../../functions/rollout/invocation-outcome.ts'
import { StepName } from '../../../functions/rollout/ring.ts'
import { commandStatus, type SendInput } from '../../../simulator/fleet/commands.ts'
import { anyNode, defaultFleet, zones } from '../../../simulator/fleet/default-fleet.ts'
import type { Fault } from '../../../simulator/fleet/faults.ts'
import type { Fleet } from '../../../simulator/fleet/fleet.ts'

const startMs = 1_790_000_000_000
const fix = 'snapd=2.63+22.04ubuntu0.1'
const changeId = '01J0000000000000000000CHNG'
const host = (fleet: Fleet, index = 5) => fleet.describeNodes()[index]?.hostId ?? ''

let intents = 0
function anySend(fleet: Fleet, changes: Partial<SendInput> & { readonly intentId?: string } = {}): SendInput {
  const { intentId = `01J0000ZZZ${String(intents++).padStart(16, '0')}`, ...rest } = changes
  return {
    documentName: 'Drydock-Install',
    documentVersion: '1',
    comment: `drydock:${intentId}`,
    parameters: { changeId: [changeId], intentId: [intentId], packages: [fix] },
    hostIds: [host(fleet)],
    timeoutSeconds: 60,
    ...rest,
  }
}

/** Sends and lets time pass in steps of 100 ms; gives the command and every event. */
function ran(fleet: Fleet, changes: Parameters<typeof anySend>[1] = {}, seconds = 10, fromMs = startMs) {
  const answer = fleet.send(anySend(fleet, changes), fromMs)
  if ('error' in answer) throw new Error(answer.message)
  const events = Array.from({ length: seconds * 10 }, (_, count) => fleet.tick(fromMs + (count + 1) * 100)).flat()
  return { command: answer.command, events, statuses: answer.command.invocations.map(({ status }) => status) }
}

const withFault = (fault: Fault['fault'], more: Partial<Fault> = {}) => {
  const fleet = defaultFleet(7)
  fleet.script({ hostId: host(fleet), step: 'install', fault, ...more })
  return fleet
}
const snapdOn = (fleet: Fleet) => fleet.nodes.get(host(fleet))?.packages.snapd
const resultOf = ({ command }: ReturnType<typeof ran>, index = 0) =>
  JSON.parse(command.invocations[index]?.output || '{}')

describe('the fleet of the scenario', () => {
  it('is the same for the same seed', () => {
    expect(defaultFleet(7).describeNodes()).toEqual(defaultFleet(7).describeNodes())
    expect(defaultFleet(8).describeNodes()).not.toEqual(defaultFleet(7).describeNodes())
  })

  it('has 60 nodes, five services, balanced zones and every stage in each service', () => {
    const nodes = defaultFleet(7).describeNodes()
    expect(nodes).toHaveLength(60)
    for (const zone of zones) expect(nodes.filter((node) => node.zone === zone).length).toBeGreaterThan(18)
    for (const service of ['web', 'api', 'orders', 'db', 'batch']) {
      const stages = nodes
        .filter((node) => node.tags['patch-service'] === service)
        .map((node) => node.tags['patch-stage'])
      expect(new Set(stages)).toEqual(new Set(['dev', 'staging', 'canary', 'production']))
    }
    expect(nodes.filter((node) => node.tags['patch-service'] === 'api,batch')).toHaveLength(2)
    expect(new Set(nodes.map((node) => node.platformName))).toEqual(new Set(['Ubuntu', 'Amazon Linux']))
  })
})

describe('5.1 a step on a node', () => {
  it.each(documentNames)('%s prints a result that the rollout understands', (documentName) => {
    const fleet = defaultFleet(7)
    const { command } = ran(fleet, { documentName })
    const step = StepName.parse(stepOfDocument(documentName))
    expect(parseResult(command.invocations[0]?.output ?? '', step)).toMatchObject({ ok: true, changeId })
  })

  it('installs, waits for the reboot, and runs the new kernel after it', () => {
    const fleet = defaultFleet(7)
    const packages = ['linux-image-aws=6.8.0-1016.18']
    const send = (documentName: string, at: number) =>
      ran(fleet, { documentName, parameters: { ...anySend(fleet).parameters, packages } }, 5, startMs + at)
    expect(resultOf(send('Drydock-Install', 0))).toMatchObject({ rebootRequired: true, runningKernel: '6.8.0-1015.17' })
    const reboot = resultOf(send('Drydock-Reboot', 10_000))
    expect(reboot.bootId).not.toBe(reboot.bootIdBefore)
    expect(reboot).toMatchObject({ runningKernel: '6.8.0-1016.18', rebootPending: false })
  })

  it('I1 a second delivery of an intent changes nothing and prints the first result', () => {
    const fleet = defaultFleet(7)
    const intentId = '01J0000000000000000000SAME'
    const first = ran(fleet, { intentId })
    const node = fleet.nodes.get(host(fleet))
    if (node) node.packages.snapd = '9'
    const second = ran(fleet, { intentId }, 10, startMs + 60_000)
    expect(resultOf(second)).toEqual(resultOf(first))
    expect(snapdOn(fleet)).toBe('9')
  })

  it('F32 two runs on one host go one after the other', () => {
    const fleet = defaultFleet(7, 2_000)
    const commands = [fleet.send(anySend(fleet), startMs), fleet.send(anySend(fleet), startMs)]
    for (let at = 0; at < 20_000; at += 100) fleet.tick(startMs + at)
    const ends = commands.flatMap((answer) => ('command' in answer ? answer.command.invocations : []))
    const [first, second] = ends.map(({ endedAtMs = 0 }) => endedAtMs).sort((left, right) => left - right)
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(1_000)
  })

  it('F33 an agent older than 3.3.2746.0 gets no parameters', () => {
    const fleet = defaultFleet(7)
    fleet.nodes.set('i-00000001', anyNode({ hostId: 'i-00000001', agentVersion: '3.3.2745.9' }))
    const done = ran(fleet, { hostIds: ['i-00000001'] })
    expect([done.statuses, resultOf(done).reason]).toEqual([['Failed'], 'parameters-missing'])
  })
})

describe('faults', () => {
  it.each<[string, Fault['fault'], string, boolean]>([
    ['5.4', 'transient-failure', 'Failed', false],
    ['5.4', 'permanent-failure', 'Failed', false],
    ['F25', 'delivery-timeout', 'DeliveryTimedOut', false],
    ['F27', 'lying-failure', 'Failed', true],
    ['F28', 'lying-success', 'Success', false],
    ['F33', 'access-denied', 'AccessDenied', false],
  ])('%s %s ends as %s, patched: %s', (_, fault, status, isPatched) => {
    const fleet = withFault(fault)
    expect(ran(fleet).statuses).toEqual([status])
    expect(snapdOn(fleet) !== '2.63').toBe(isPatched)
  })

  it('F26 the node finishes after SSM has given up, once', () => {
    const fleet = withFault('execution-timeout', { times: 1 })
    const intentId = '01J0000000000000000000ATER'
    const answer = fleet.send(anySend(fleet, { intentId, timeoutSeconds: 2 }), startMs)
    if ('error' in answer) throw new Error(answer.message)
    fleet.tick(startMs + 50)
    fleet.tick(startMs + 2_200)
    expect([answer.command.invocations[0]?.status, snapdOn(fleet)]).toEqual(['ExecutionTimedOut', '2.63'])
    fleet.tick(startMs + 5_000)
    expect([answer.command.invocations[0]?.status, snapdOn(fleet)]).toEqual([
      'ExecutionTimedOut',
      '2.63+22.04ubuntu0.1',
    ])
    expect(ran(fleet, { intentId }, 10, startMs + 20_000).statuses).toEqual(['Success'])
  })

  it('F26 a step that is sent meanwhile waits for the late one and sees its work', () => {
    const fleet = withFault('execution-timeout', { times: 1 })
    fleet.send(anySend(fleet, { timeoutSeconds: 2 }), startMs)
    fleet.tick(startMs + 50)
    fleet.tick(startMs + 2_100)
    const verify = ran(fleet, { documentName: 'Drydock-Verify' }, 10, startMs + 2_200)
    expect(resultOf(verify).installed).toEqual({ snapd: '2.63+22.04ubuntu0.1' })
  })

  it('F29 an instance that goes away in the middle is gone for every call', () => {
    const fleet = withFault('terminated')
    const hostId = host(fleet)
    expect(ran(fleet).statuses).toEqual(['Undeliverable'])
    expect(fleet.describeNodes().some((node) => node.hostId === hostId)).toBe(false)
    expect(fleet.send(anySend(fleet, { hostIds: [hostId] }), startMs)).toMatchObject({ error: 'InvalidInstanceId' })
  })

  it('F31 a node that never returns is offline from then on, and its next command waits its timeout out', () => {
    const fleet = defaultFleet(7)
    const hostIds = [host(fleet)]
    fleet.script({ hostId: host(fleet), step: 'reboot', fault: 'never-returns-from-reboot' })
    expect(ran(fleet, { documentName: 'Drydock-Reboot', timeoutSeconds: 3 }).statuses).toEqual(['ExecutionTimedOut'])
    expect(fleet.nodes.get(host(fleet))?.isOnline).toBe(false)
    expect(ran(fleet, { hostIds, timeoutSeconds: 60 }, 59, startMs + 20_000).statuses).toEqual(['Delayed'])
    expect(ran(fleet, { hostIds, timeoutSeconds: 30 }, 40, startMs + 90_000).statuses).toEqual(['DeliveryTimedOut'])
  })

  it('F33 an agent that comes back takes the command that waited', () => {
    const fleet = defaultFleet(7)
    const node = fleet.nodes.get(host(fleet))
    if (!node) throw new Error('no node')
    node.isOnline = false
    const { command } = ran(fleet, {}, 5)
    node.isOnline = true
    for (let at = 5_000; at < 8_000; at += 100) fleet.tick(startMs + at)
    expect(command.invocations[0]?.status).toBe('Success')
  })

  it('7.3 a service that does not come up shows in verify, probes and metrics, until the rollback', () => {
    const fleet = withFault('service-down')
    ran(fleet)
    const service = fleet.nodes.get(host(fleet))?.tags['patch-service'] ?? ''
    expect(resultOf(ran(fleet, { documentName: 'Drydock-Verify' }, 5, startMs + 20_000)).serviceHealthy).toBe(false)
    expect(fleet.healthyShare(service)).toBeLessThan(1)
    expect(fleet.metric(host(fleet), 'ErrorRate', startMs)).toBeGreaterThan(5)
    ran(fleet, { documentName: 'Drydock-Rollback' }, 5, startMs + 40_000)
    expect(fleet.healthyShare(service)).toBe(1)
  })

  it('F35 a bad version hurts after its time, and only where it is installed', () => {
    const fleet = defaultFleet(7)
    const version = '2.63+22.04ubuntu0.1'
    fleet.script({ fault: 'bad-patch', packageName: 'snapd', version, afterSeconds: 1_200 })
    ran(fleet)
    const rate = (seconds: number, index = 5) => fleet.metric(host(fleet, index), 'ErrorRate', startMs + seconds * 1000)
    expect(rate(600)).toBeLessThan(2)
    expect(rate(1_300)).toBeGreaterThan(5)
    expect(rate(1_300, 6)).toBeLessThan(2)
  })

  it.each([
    ['missing-events', 0],
    ['doubled-events', 2],
  ] as const)('%s: the share that is asked for', (fault, times) => {
    const fleet = defaultFleet(7)
    fleet.script({ fault, share: 1 })
    expect(ran(fleet).events).toHaveLength(times)
  })
})

describe('Run Command sums up as AWS does', () => {
  const three = (fleet: Fleet) => [5, 6, 7].map((index) => host(fleet, index))

  it('F25 does not count what was never delivered: the parent is not failed', () => {
    const fleet = withFault('delivery-timeout')
    const { command } = ran(fleet, { hostIds: three(fleet), errorsMax: '0' })
    expect(commandStatus(command)).toEqual({ status: 'Success', details: 'Incomplete' })
  })

  it('stops what has not begun when more fail than MaxErrors allows', () => {
    const fleet = withFault('transient-failure')
    const { command, statuses } = ran(fleet, { hostIds: three(fleet), errorsMax: '0', concurrencyMax: '1' })
    expect(statuses).toEqual(['Failed', 'Terminated', 'Terminated'])
    expect(commandStatus(command).status).toBe('Failed')
  })

  it('keeps to MaxConcurrency', () => {
    const fleet = defaultFleet(7, 2_000)
    const answer = fleet.send(anySend(fleet, { hostIds: three(fleet), concurrencyMax: '2' }), startMs)
    for (let at = 0; at < 12_000; at += 100) {
      fleet.tick(startMs + at)
      const invocations = 'command' in answer ? answer.command.invocations : []
      expect(invocations.filter(({ status }) => status === 'InProgress').length).toBeLessThanOrEqual(2)
    }
  })

  it('gives a node of another platform InvalidPlatform', () => {
    const fleet = defaultFleet(7)
    fleet.nodes.set('i-00000002', anyNode({ hostId: 'i-00000002', platformType: 'Windows' }))
    expect(ran(fleet, { hostIds: ['i-00000002'] }).statuses).toEqual(['InvalidPlatform'])
  })

  it('I11 every invocation ends, whatever is scripted', () => {
    const faults = ['delivery-timeout', 'execution-timeout', 'terminated', 'agent-offline', 'lying-failure'] as const
    fc.assert(
      fc.property(
        fc.integer(),
        fc.array(fc.record({ at: fc.nat(59), fault: fc.constantFrom(...faults) }), { maxLength: 20 }),
        (seed, scripted) => {
          const fleet = defaultFleet(seed)
          for (const { at, fault } of scripted) fleet.script({ hostId: host(fleet, at), step: 'install', fault })
          const hostIds = fleet
            .describeNodes()
            .slice(0, 50)
            .map(({ hostId }) => hostId)
          const { statuses, events } = ran(fleet, { hostIds, timeoutSeconds: 30 }, 70)
          expect(statuses.filter((status) => ['Pending', 'Delayed', 'InProgress'].includes(status))).toEqual([])
          expect(events.map(({ hostId }) => hostId).sort()).toEqual(hostIds)
        },
      ),
      { numRuns: 25 },
    )
  })
})
