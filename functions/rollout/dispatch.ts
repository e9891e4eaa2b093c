/** The dispatcher of a ring: which waiting hosts go on now, under every budget at once. No barriers. */
import type { Plan } from '../planning/index.ts'
import { failuresOf } from './apply.ts'
import type { CommandOut, HostProgress, Ring, StepName } from './ring.ts'

/** SendCommand takes at most 50 instance ids, https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_SendCommand.html */
export const hostsPerCommandMax = 50

export interface DispatchInput {
  readonly ring: Ring
  readonly plan: Plan
  /** Hosts that another change holds. */
  readonly heldByOthers: ReadonlySet<string>
  /** Services that other changes have in work, for the exclusion of dependencies. */
  readonly servicesInWorkElsewhere: ReadonlySet<string>
  readonly isStopped: boolean
  readonly timeoutSeconds: Readonly<Record<StepName, number>>
  readonly nowMs: number
  /** New hosts that may move in this pass, so that the transaction stays under its limit. */
  readonly movesMax: number
  readonly nextIntentId: () => string
}

export interface Dispatched {
  readonly ring: Ring
  /** Intents to send once the ring is committed. */
  readonly intentIds: readonly string[]
  /** False when no host can go although none is in flight or backing off. */
  readonly canStart: boolean
}

const disruptive: readonly StepName[] = ['install', 'rollback', 'reboot', 'verify']
/** Down from the start of the install to the end of the proof; a host that failed stays down for the budget. */
export function isUnavailable({ step, state }: HostProgress): boolean {
  if (state === 'failed' || state === 'quarantined') return true
  if (!disruptive.includes(step)) return false
  return state === 'sent' || (state === 'waiting' && step !== 'install' && step !== 'rollback')
}

interface HostFacts {
  readonly services: readonly string[]
  readonly zone: string
  readonly order: number
}

function factsOf(plan: Plan): Map<string, HostFacts> {
  return new Map(
    plan.rings
      .flatMap(({ hosts }) => hosts)
      .map(({ hostId, services, zone, order }) => [hostId, { services, zone, order }]),
  )
}

/** Whether one more host may go down, and the first limit that says no. */
function mayGoDown(
  hostId: string,
  facts: HostFacts,
  input: DispatchInput,
  down: ReadonlyMap<string, HostFacts>,
): boolean {
  const { plan } = input
  for (const name of facts.services) {
    const limit = plan.limits.find(({ service }) => service === name)
    if (!limit) return false
    const sameService = [...down.values()].filter(({ services }) => services.includes(name))
    if (sameService.length + 1 > limit.unavailableMax) return false
    if (
      sameService.filter(({ zone }) => zone === facts.zone).length + 1 >
      (limit.unavailableMaxByZone[facts.zone] ?? 0)
    )
      return false
  }
  if (
    plan.conflicts.some(([left, right]) => (left === hostId && down.has(right)) || (right === hostId && down.has(left)))
  )
    return false
  return !dependsOnWork(facts.services, plan, input.servicesInWorkElsewhere, down)
}

/** I3: a service and what it depends on are never in work together. */
function dependsOnWork(
  services: readonly string[],
  plan: Plan,
  elsewhere: ReadonlySet<string>,
  down: ReadonlyMap<string, HostFacts>,
): boolean {
  const dependencies = new Map(plan.limits.map(({ service, dependsOn }) => [service, dependsOn]))
  const related = (left: string, right: string) =>
    left !== right &&
    (dependencies.get(left)?.includes(right) === true || dependencies.get(right)?.includes(left) === true)
  if ([...elsewhere].some((busy) => services.some((own) => related(own, busy)))) return true
  const shares = (other: HostFacts) => other.services.some((name) => services.includes(name))
  return [...down.values()].some(
    (other) => !shares(other) && other.services.some((busy) => services.some((own) => related(own, busy))),
  )
}

/** Chooses the hosts to send now; a stopped ring sends nothing, a ring over its failure budget starts nothing new. */
export function dispatch(input: DispatchInput): Dispatched {
  const { ring, plan, nowMs } = input
  if (ring.state !== 'open' || (input.isStopped && ring.mode === 'patch'))
    return { ring, intentIds: [], canStart: false }
  const facts = factsOf(plan)
  const hosts = Object.entries(ring.hosts)
  const down = new Map(
    hosts.flatMap(([hostId, host]) =>
      isUnavailable(host) ? [[hostId, facts.get(hostId) ?? { services: [], zone: '', order: 0 }] as const] : [],
    ),
  )
  let sent = hosts.filter(([, { state }]) => state === 'sent').length
  let rebooting = hosts.filter(([, { state, step }]) => state === 'sent' && step === 'reboot').length
  const isSpent = ring.mode === 'patch' && failuresOf(ring) > ring.failureBudget
  const chosen: [string, HostProgress][] = []
  let waiting = 0
  for (const [hostId, host] of hosts
    .filter(([, { state }]) => state === 'waiting')
    .sort((left, right) => byTurn(left, right, facts))) {
    const own = facts.get(hostId)
    if (!own) continue
    if ((host.notBeforeMs ?? 0) > nowMs || input.heldByOthers.has(hostId)) {
      waiting++
      continue
    }
    const goesDown = host.step === 'install' || host.step === 'rollback'
    if (isSpent && !down.has(hostId)) continue
    if (
      sent >= plan.concurrencyMax ||
      chosen.length >= input.movesMax ||
      (host.step === 'reboot' && rebooting >= plan.rebootsMax)
    ) {
      waiting++
      continue
    }
    const isOnlyChance = ring.mode === 'rollback' && sent === 0
    if (goesDown && !isOnlyChance && !mayGoDown(hostId, own, input, down)) {
      if (dependsOnWork(own.services, plan, input.servicesInWorkElsewhere, new Map())) waiting++
      continue
    }
    if (goesDown) down.set(hostId, own)
    if (host.step === 'reboot') rebooting++
    sent++
    chosen.push([hostId, host])
  }
  return { ...send(input, chosen), canStart: sent > 0 || waiting > 0 }
}

/** Hosts that are down come first, so that they come up again; then the plan's order. */
function byTurn(
  [leftId, left]: [string, HostProgress],
  [rightId, right]: [string, HostProgress],
  facts: Map<string, HostFacts>,
): number {
  const rank = (host: HostProgress) => (isUnavailable(host) ? 0 : 1)
  return (
    rank(left) - rank(right) ||
    (facts.get(leftId)?.order ?? 0) - (facts.get(rightId)?.order ?? 0) ||
    (leftId < rightId ? -1 : 1)
  )
}

function send(
  input: DispatchInput,
  chosen: readonly (readonly [string, HostProgress])[],
): { ring: Ring; intentIds: string[] } {
  const { ring, nowMs } = input
  if (chosen.length === 0) return { ring, intentIds: [] }
  const groups = Map.groupBy(chosen, ([hostId, { step }]) => `${step}\n${ring.packagesByHost[hostId] ?? ''}`)
  const hosts = { ...ring.hosts }
  const commands = { ...ring.commands }
  const intentIds: string[] = []
  for (const group of groups.values()) {
    for (let start = 0; start < group.length; start += hostsPerCommandMax) {
      const members = group.slice(start, start + hostsPerCommandMax)
      const [first] = members
      if (!first) continue
      const intentId = input.nextIntentId()
      const timeoutMs = input.timeoutSeconds[first[1].step] * 1000
      const command: CommandOut = {
        step: first[1].step,
        hostIds: members.map(([hostId]) => hostId),
        packages: ring.packagesByHost[first[0]] ?? '',
        intendedAtMs: nowMs,
        deadlineMs: nowMs + 2 * timeoutMs + 30_000,
      }
      commands[intentId] = command
      intentIds.push(intentId)
      for (const [hostId, host] of members) {
        const { notBeforeMs: _, ...rest } = host
        hosts[hostId] = { ...rest, state: 'sent', intentId }
      }
    }
  }
  return { ring: { ...ring, hosts, commands }, intentIds }
}
