/** The dispatcher of a ring: which waiting hosts continue now, within every budget at once. No barriers. */

import { transactionItemsMax } from '../kit/ledger.ts'
import { ownValue } from '../kit/table.ts'
import type { Plan } from '../planning/index.ts'
import { Down, downElsewhere, type HostFacts, hostFactsOf, isUnavailable } from './budgets.ts'
import { type Candidate, dispatchOrder } from './dispatch-order.ts'
import type { GateVerdict } from './gates/gates.ts'
import { admissionOf, type Occupancies, type WaitMark } from './occupancy.ts'
import { type CommandOut, type HostProgress, type Ring, type StepName, stepsOf } from './ring.ts'
import { failuresOf } from './ring-end.ts'

/**
 * SendCommand takes at most 50 instance ids,
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_SendCommand.html
 */
export const hostsPerCommandMax = 50

/** Most commands per pass: all their ids are recorded in one transaction, with the ring and its leaf. */
export const intentsMax = transactionItemsMax - 10

export interface DispatchInput {
  readonly ring: Ring
  readonly plan: Plan
  /** Hosts leased by another change. */
  readonly heldByOthers: ReadonlySet<string>
  /** Occupancy of the plan's services and of their dependencies. */
  readonly occupancies: Occupancies
  readonly gates: GateVerdict
  readonly timeoutSeconds: Readonly<Record<StepName, number>>
  readonly nowMs: number
  /**
   * Most hosts that may begin in this pass, to stay under the transaction limit; `isStrict`: most hosts that may move
   * at all.
   */
  readonly movesMax: number
  readonly isStrict: boolean
  readonly nextIntentId: () => string
}

export interface Dispatched {
  readonly ring: Ring
  /** Intents to send once the ring is committed. */
  readonly intentIds: readonly string[]
  /** False when no host can go, and none is in flight or backing off. */
  readonly canStart: boolean
  /** Whether more hosts could have gone than one transaction holds. */
  readonly isFull: boolean
  /** Services occupied by other changes, if only that keeps a host back. */
  readonly waits: readonly WaitMark[]
}

/** State of a pass, which grows with every admitted host. */
interface Pass {
  readonly input: DispatchInput
  readonly facts: ReadonlyMap<string, HostFacts>
  /** Hosts down, by this ring or otherwise. */
  readonly down: Down
  /** The same without others' hosts that will come up again. */
  readonly downForGood: Down
  readonly waits: WaitMark[]
  /** Commands in flight that take hosts down, and those that only prepare. */
  disrupting: number
  preparing: number
  rebooting: number
  /** Whether the ring's failure budget is used up: nothing new starts then. */
  readonly isSpent: boolean
}

type Decision = 'go' | 'wait' | 'never'

const preparing: readonly StepName[] = ['precheck', 'restore-point', 'collect']

/** Chooses the hosts to send now; a stopped ring sends nothing, a ring over its failure budget starts nothing new. */
export function dispatch(input: DispatchInput): Dispatched {
  const { ring, plan } = input
  if (ring.state !== 'open' || (input.gates.verdict === 'hold' && input.gates.leaves === 'nothing'))
    return { ring, intentIds: [], canStart: false, isFull: false, waits: [] }
  const pass = passOf(input)
  const hosts = hostsOf(ring, pass.facts)
  const chosen: Candidate[] = []
  let [waiting, counted] = [0, 0]
  for (const one of dispatchOrder(hosts, plan)) {
    const isCounted = input.isStrict || one.host.step === stepsOf[ring.mode][0]
    const decision = isCounted && counted >= input.movesMax ? 'wait' : decide(one, pass)
    if (decision === 'wait') waiting++
    if (decision !== 'go') continue
    const { hostId, host, own } = one
    if (isCounted) counted++
    if (preparing.includes(host.step)) pass.preparing++
    else pass.disrupting++
    if (host.step === 'reboot') pass.rebooting++
    if (goesDown(host)) {
      pass.down.add(hostId, own)
      pass.downForGood.add(hostId, own)
    }
    chosen.push(one)
  }
  const inFlight = hosts.some(({ host }) => host.state === 'sent')
  const recorded = recordIntents(input, gathered(chosen, hosts, ring))
  return {
    ring: recorded.ring,
    intentIds: recorded.intentIds,
    isFull: counted >= input.movesMax || recorded.isFull,
    canStart: inFlight || chosen.length > 0 || waiting > 0,
    waits: chosen.some(({ host }) => goesDown(host)) ? [] : pass.waits,
  }
}

function hostsOf({ hosts }: Ring, facts: ReadonlyMap<string, HostFacts>): Candidate[] {
  return Object.entries(hosts).flatMap(([hostId, host]) => {
    const own = facts.get(hostId)
    return own ? [{ hostId, host, own }] : []
  })
}

/** Number of prepared hosts at which preparing more can wait. */
const readyEnough = 2 * hostsPerCommandMax

/**
 * Delays hosts of a preparing step while their command is not full, more may join it, and enough others are ready:
 * nothing waits for them, and a command costs the same for one host as for fifty. Those in flight wake the dispatcher
 * again.
 */
function gathered(chosen: readonly Candidate[], hosts: readonly Candidate[], { mode }: Ring): readonly Candidate[] {
  if (mode === 'rollback') return chosen
  const ready = hosts.filter(({ host }) => goesDown(host) && host.state === 'waiting').length
  if (ready - chosen.filter(({ host }) => goesDown(host)).length < readyEnough) return chosen
  if (!hosts.some(({ host }) => host.state === 'sent' && preparing.includes(host.step))) return chosen
  const groups = Map.groupBy(
    chosen.filter(({ host }) => preparing.includes(host.step)),
    ({ host }) => host.step,
  )
  const left = new Set(
    [...groups.values()].flatMap((group) => group.slice(group.length - (group.length % hostsPerCommandMax))),
  )
  return chosen.filter((one) => !left.has(one))
}

const goesDown = ({ step }: HostProgress) => step === 'install' || step === 'rollback'

function passOf(input: DispatchInput): Pass {
  const { ring, plan, occupancies, nowMs } = input
  const facts = hostFactsOf(plan)
  const [down, downForGood] = [new Down(plan), new Down(plan)]
  const count = { disrupting: 0, preparing: 0, rebooting: 0 }
  for (const [hostId, host] of Object.entries(ring.hosts)) {
    const own = facts.get(hostId)
    if (own && isUnavailable(host)) for (const one of [down, downForGood]) one.add(hostId, own)
    if (host.state !== 'sent') continue
    count[preparing.includes(host.step) ? 'preparing' : 'disrupting']++
    if (host.step === 'reboot') count.rebooting++
  }
  for (const other of downElsewhere(occupancies, ring, nowMs)) {
    down.addOthers(other)
    if (other.isFailed) downForGood.addOthers(other)
  }
  const isSpent = ring.mode === 'patch' && failuresOf(ring) > ring.failureBudget
  return { input, facts, down, downForGood, waits: [], isSpent, ...count }
}

function decide({ hostId, host, own }: Candidate, pass: Pass): Decision {
  const { input, down } = pass
  const { ring, plan, nowMs } = input
  if ((pass.isSpent || input.gates.verdict === 'hold') && !isUnavailable(host)) return 'never'
  if ((host.notBeforeMs ?? 0) > nowMs || input.heldByOthers.has(hostId)) return 'wait'
  if (preparing.includes(host.step)) return pass.preparing < plan.concurrencyMax ? 'go' : 'wait'
  if (pass.disrupting >= plan.concurrencyMax) return 'wait'
  if (host.step === 'reboot' && pass.rebooting >= plan.rebootsMax) return 'wait'
  if (!goesDown(host)) return 'go'
  // A rollback may be the only way to bring hosts up again, so one host at a time goes whatever else is down.
  const isOnlyChance = ring.mode === 'rollback' && pass.disrupting === 0
  if (!isOnlyChance && !down.mayAdd(hostId, own)) return pass.downForGood.mayAdd(hostId, own) ? 'wait' : 'never'
  const contender = { changeId: ring.changeId, isRollback: ring.mode === 'rollback' }
  const admission = admissionOf(own.services, plan, input.occupancies, contender, nowMs)
  if (admission.kind === 'admit') return 'go'
  if (admission.kind === 'blocked') pass.waits.push(...admission.waits)
  return 'wait'
}

interface Recorded {
  readonly ring: Ring
  readonly intentIds: readonly string[]
  /** Whether more commands were due than one pass may send; their hosts still wait. */
  readonly isFull: boolean
}

/** Makes an intent for each group of hosts that share a command; nothing is sent before the ring is committed. */
function recordIntents(input: DispatchInput, chosen: readonly Candidate[]): Recorded {
  const { ring } = input
  if (chosen.length === 0) return { ring, intentIds: [], isFull: false }
  const groups = commandGroups(ring, chosen)
  const hosts = { ...ring.hosts }
  const commands = { ...ring.commands }
  const intentIds: string[] = []
  for (const members of groups.slice(0, intentsMax)) {
    const intentId = input.nextIntentId()
    commands[intentId] = commandOf(members, input)
    intentIds.push(intentId)
    for (const { hostId, host } of members) {
      const { notBeforeMs: _, ...rest } = host
      hosts[hostId] = { ...rest, state: 'sent', intentId }
    }
  }
  return { ring: { ...ring, hosts, commands }, intentIds, isFull: groups.length > intentsMax }
}

type Members = readonly [Candidate, ...Candidate[]]

/** Hosts of one step, place and package list together, at most 50 a command; one refused by SSM before goes alone. */
function commandGroups(ring: Ring, chosen: readonly Candidate[]): Members[] {
  const groups = Map.groupBy(chosen, ({ hostId, host, own }) => {
    const { account = '', region = '' } = own.place ?? {}
    return [host.step, account, region, ownValue(ring.packagesByHost, hostId) ?? '', host.isAlone ? hostId : ''].join(
      '\n',
    )
  })
  return [...groups.values()].flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / hostsPerCommandMax) }, (_, index) => {
      const [first, ...others] = group.slice(index * hostsPerCommandMax, (index + 1) * hostsPerCommandMax)
      return first ? [[first, ...others] as const] : []
    }).flat(),
  )
}

function commandOf(members: Members, { ring, timeoutSeconds, nowMs }: DispatchInput): CommandOut {
  const [{ hostId, host, own }] = members
  return {
    step: host.step,
    hostIds: members.map((member) => member.hostId),
    packages: ownValue(ring.packagesByHost, hostId) ?? '',
    ...(own.place ? { place: own.place } : {}),
    intendedAtMs: nowMs,
    deadlineMs: nowMs + 2 * timeoutSeconds[host.step] * 1000 + 30_000,
  }
}
