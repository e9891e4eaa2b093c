/** The simulated fleet: its nodes, its documents, and Run Command over them with AWS's semantics. Time is given to it. */
import { byTextOf } from '../../functions/kit/by-text.ts'
import { applyStep } from './apply-step.ts'
import {
  close,
  countOf,
  errorsOf,
  type FleetEvent,
  isRunning,
  type SendAnswer,
  type SendInput,
  type SimulatedCommand,
  type SimulatedInvocation,
  type StoredOutput,
  storedOutput,
} from './commands.ts'
import { DocumentStore, type FleetDocument } from './documents.ts'
import { eventCountOf, type Fault, faultFor } from './faults.ts'
import {
  accountOf,
  type FleetNode,
  healthyShareOf,
  hubAccount,
  type MetricName,
  type MetricValue,
  metricOf,
  metricsOf,
  sampleOf,
} from './model.ts'
import { nextAtMs } from './next-at.ts'
import { Noise } from './noise.ts'
import { noDocument, refusalOf } from './refusals.ts'
import { Sessions } from './sessions.ts'
import type { StepRun } from './step-run.ts'
import { type Limit, Throttle } from './throttle.ts'

export interface FleetOptions {
  readonly seed: number
  /** How long a step takes on average. */
  readonly stepMs: number
  /** How long a step takes on a host, where that is no matter of chance. */
  readonly lengthMsOf?: (hostId: string, step: string) => number
  /** Requests that AWS would take, by operation; absent: all. F24 */
  readonly limits?: Readonly<Record<string, Limit>>
}

/** How long a second run waits for our lock on the host, as documents/scripts/common.sh does. */
const lockWaitMs = 120_000

export class Fleet {
  readonly nodes = new Map<string, FleetNode>()
  readonly commands = new Map<string, SimulatedCommand>()
  readonly documents = new DocumentStore()
  readonly faults: Fault[] = []
  readonly throttle: Throttle
  readonly sessions = new Sessions()
  /** Whole outputs that agents have put into buckets since somebody looked. */
  readonly outputs: StoredOutput[] = []
  sendCommandCount = 0
  /** How long a second of a command's timeout takes: SSM's least timeout is 30 of them, which a rehearsal need not sit out. */
  timeoutSecondMs = 1_000
  private readonly stepMs: number
  private readonly lengthMsOf: (hostId: string, step: string) => number
  private readonly noise: Noise
  /** Commands that have something left to do. */
  private readonly open = new Set<SimulatedCommand>()

  constructor({ seed, stepMs, lengthMsOf, limits = {} }: FleetOptions) {
    this.noise = new Noise(seed)
    this.stepMs = stepMs
    this.lengthMsOf = lengthMsOf ?? ((hostId, step) => stepMs * (0.5 + 0.8 * this.noise.next(`${hostId}${step}`)))
    this.throttle = new Throttle(limits)
  }

  get size() {
    return this.nodes.size
  }

  script(fault: Fault) {
    this.faults.push({ ...fault })
  }

  /** Every node, or those of one account, by name. */
  describeNodes(account?: string) {
    const nodes = [...this.nodes.values()].filter((node) => account === undefined || accountOf(node) === account)
    return nodes.toSorted(byTextOf(({ hostId }) => hostId))
  }

  uuid(kind: string) {
    return this.noise.uuid(kind)
  }

  /** Takes a command on, or refuses it as SSM would. */
  send(input: SendInput, nowMs: number): SendAnswer {
    this.sendCommandCount++
    if (!this.throttle.take('SendCommand', nowMs)) return { error: 'ThrottlingException', message: 'Rate exceeded' }
    const document = this.documents.get(input.documentName, input.documentVersion)
    if (!document) return noDocument(input, this.documents.get(input.documentName) !== undefined)
    const account = input.account ?? hubAccount
    const isKnown = (hostId: string) => {
      const node = this.nodes.get(hostId)
      return node !== undefined && accountOf(node) === account
    }
    const refusal = refusalOf(input, document, isKnown)
    if (refusal) return refusal
    const command: SimulatedCommand = {
      commandId: this.uuid('command'),
      account,
      documentName: input.documentName,
      documentVersion: document.version,
      comment: input.comment,
      parameters: input.parameters,
      requestedAtMs: nowMs,
      timeoutSeconds: input.timeoutSeconds,
      concurrencyMax: input.concurrencyMax ?? '100%',
      errorsMax: input.errorsMax ?? '100%',
      ...(input.output ? { output: input.output } : {}),
      invocations: input.hostIds.map((hostId) => this.plan(hostId, document, nowMs)),
    }
    this.commands.set(command.commandId, command)
    this.open.add(command)
    return { command }
  }

  /** Commands that an account has sent, oldest first. */
  commandsOf(account: string): SimulatedCommand[] {
    return [...this.commands.values()].filter((command) => command.account === account)
  }

  private plan(hostId: string, { step }: FleetDocument, nowMs: number): SimulatedInvocation {
    return {
      hostId,
      status: 'Pending',
      exitCode: -1,
      output: '',
      startsAtMs: nowMs + this.stepMs * 0.1,
      lengthMs: this.lengthMsOf(hostId, step),
      endsAtMs: Number.POSITIVE_INFINITY,
      fault: faultFor(this.faults, hostId, step),
    }
  }

  /** When something will happen by itself, as far as is known now; undefined while nothing is under way. */
  nextAtMs(): number | undefined {
    return nextAtMs(this.open, this.nodes, (command) => this.lostAfterMs(command))
  }

  /** Lets time pass: invocations start and end, nodes change, events come out (missing or doubled where scripted). */
  tick(nowMs: number): FleetEvent[] {
    const events: FleetEvent[] = []
    for (const command of this.open) {
      for (const invocation of command.invocations) {
        if (invocation.lateRun) this.finishLate(command, invocation, nowMs)
        if (!isRunning(invocation)) continue
        if (invocation.status !== 'InProgress') this.deliver(command, invocation, nowMs)
        if (invocation.status === 'InProgress' && nowMs >= invocation.endsAtMs) this.end(command, invocation)
        if (isRunning(invocation)) continue
        invocation.endedAtMs ??= nowMs
        const { commandId, documentName, requestedAtMs } = command
        const { hostId, status, endedAtMs: atMs } = invocation
        for (let count = eventCountOf(this.faults, () => this.noise.next(`event${hostId}`)); count > 0; count--)
          events.push({ commandId, documentName, hostId, status, requestedAtMs, atMs })
      }
      if (!command.invocations.some((one) => isRunning(one) || (one.lateRun && !one.lateRun.result)))
        this.open.delete(command)
    }
    return events
  }

  /** Hands a waiting command to the agent, or gives delivery up. */
  private deliver(command: SimulatedCommand, invocation: SimulatedInvocation, nowMs: number) {
    const node = this.nodes.get(invocation.hostId)
    const kind = invocation.fault?.fault
    const document = this.documents.get(command.documentName, command.documentVersion)
    if (errorsOf(command) > countOf(command.errorsMax, command.invocations.length, 0))
      return close(invocation, 'Terminated')
    if (nowMs < invocation.startsAtMs) return
    if (!node) return close(invocation, 'Undeliverable')
    if (kind === 'access-denied') return close(invocation, 'AccessDenied')
    if ((node.platformType ?? 'Linux') !== document?.platformType) return close(invocation, 'InvalidPlatform')
    if (kind === 'agent-offline') node.isOnline = false
    const lostAtMs =
      command.requestedAtMs + this.lostAfterMs(command)[kind === 'delivery-timeout' ? 'scripted' : 'offline']
    if (!node.isOnline || kind === 'delivery-timeout') {
      invocation.status = 'Delayed'
      if (nowMs >= lostAtMs) close(invocation, 'DeliveryTimedOut', lostAtMs)
      return
    }
    const inWork = command.invocations.filter(({ status }) => status === 'InProgress').length
    if (inWork < countOf(command.concurrencyMax, command.invocations.length, 1))
      this.begin(command, invocation, node, nowMs)
  }

  private begin(command: SimulatedCommand, invocation: SimulatedInvocation, node: FleetNode, nowMs: number) {
    const startedAtMs = invocation.status === 'Delayed' ? nowMs : invocation.startsAtMs
    const timeoutMs = this.timeoutMs(command)
    const kind = invocation.fault?.fault
    invocation.status = 'InProgress'
    invocation.startedAtMs = startedAtMs
    if (kind === 'never-returns-from-reboot' || kind === 'execution-timeout') {
      invocation.endsAtMs = startedAtMs + timeoutMs
      const atMs = invocation.endsAtMs + 2 * this.stepMs
      if (kind === 'execution-timeout') invocation.lateRun = { atMs }
      node.busyUntilMs = atMs
      return
    }
    // F32: our lock on the host lets one run work at a time.
    const freeAtMs = Math.min(node.busyUntilMs ?? 0, startedAtMs + lockWaitMs)
    invocation.endsAtMs = Math.max(startedAtMs, freeAtMs) + invocation.lengthMs
    node.busyUntilMs = Math.max(node.busyUntilMs ?? 0, invocation.endsAtMs)
  }

  private end(command: SimulatedCommand, invocation: SimulatedInvocation) {
    const kind = invocation.fault?.fault
    if (kind === 'terminated') this.nodes.delete(invocation.hostId)
    const node = this.nodes.get(invocation.hostId)
    if (!node) return close(invocation, 'Undeliverable', invocation.endsAtMs)
    if (kind === 'execution-timeout') return close(invocation, 'ExecutionTimedOut', invocation.endsAtMs)
    if (kind === 'never-returns-from-reboot') {
      node.isOnline = false
      return close(invocation, 'ExecutionTimedOut', invocation.endsAtMs)
    }
    const timeoutAtMs = (invocation.startedAtMs ?? 0) + this.timeoutMs(command)
    if (!node.isOnline) {
      // Whatever it did, nobody tells: SSM waits the timeout out.
      if (invocation.endsAtMs >= timeoutAtMs) close(invocation, 'ExecutionTimedOut', timeoutAtMs)
      invocation.endsAtMs = timeoutAtMs
      return
    }
    const run = this.runOn(node, command, invocation.endsAtMs, kind)
    const isGood = kind !== 'lying-failure' && (kind === 'lying-success' || run.exitCode === 0)
    invocation.exitCode = kind === 'lying-failure' ? 1 : run.exitCode
    invocation.output = `${JSON.stringify(run.result)}\n${run.attachment ?? ''}`
    this.outputs.push(...storedOutput(command, node.hostId, invocation.output))
    close(invocation, isGood ? 'Success' : 'Failed', invocation.endsAtMs)
  }

  /** A rehearsal does not sit out the whole timeout of a scripted loss. */
  private lostAfterMs(command: SimulatedCommand) {
    const offline = this.timeoutMs(command)
    return { offline, scripted: Math.min(offline, 2 * this.stepMs) }
  }

  private timeoutMs({ timeoutSeconds }: SimulatedCommand) {
    return timeoutSeconds * this.timeoutSecondMs
  }

  private runOn(node: FleetNode, command: SimulatedCommand, nowMs: number, fault: Fault['fault'] | undefined): StepRun {
    const intentId = command.parameters.intentId?.[0] ?? command.commandId
    const document = this.documents.get(command.documentName, command.documentVersion)
    const run =
      node.results.get(intentId) ??
      applyStep(node, document?.step ?? 'unknown', {
        packages: command.parameters.packages?.[0] ?? '',
        changeId: command.parameters.changeId?.[0] ?? '',
        fault,
        nowMs,
        newBootId: () => this.uuid('boot'),
        listed: this.documents.overrideLists.updatesIn(command.parameters.overrideKey?.[0] ?? ''),
      })
    node.results.set(intentId, run)
    return run
  }

  private finishLate(command: SimulatedCommand, invocation: SimulatedInvocation, nowMs: number) {
    const { lateRun } = invocation
    const node = this.nodes.get(invocation.hostId)
    if (!lateRun || lateRun.result || nowMs < lateRun.atMs) return
    if (node) lateRun.result = this.runOn(node, command, lateRun.atMs, undefined)
    else invocation.lateRun = undefined
  }

  /** What is not yet with an agent goes nowhere; what runs, runs on, as at AWS. */
  cancel(commandId: string) {
    for (const invocation of this.commands.get(commandId)?.invocations ?? [])
      if (invocation.status === 'Pending' || invocation.status === 'Delayed') invocation.status = 'Cancelled'
  }

  /** The share of a service's nodes that answer. */
  healthyShare(service: string): number {
    return healthyShareOf(this.describeNodes(), service)
  }

  /** One sample of one node's metric; undefined where nobody reports. */
  metric(hostId: string, name: MetricName, atMs: number): number | undefined {
    const node = this.nodes.get(hostId)
    return node?.isOnline ? metricOf(node, name, atMs, this.faults, this.noise) : undefined
  }

  /** A sample of a host's metric at an instant at which it was well or not, for whoever keeps how it was. */
  sampleAt(hostId: string, name: MetricName, atMs: number, isBad: boolean): number {
    return sampleOf(hostId, name, atMs, isBad, this.noise)
  }

  /** Current error rate and latency of every online node, once for each of its services; a bad patch makes both worse. */
  metricsAt(nowMs: number): MetricValue[] {
    return metricsOf(this.describeNodes(), (hostId, name) => this.metric(hostId, name, nowMs))
  }
}
