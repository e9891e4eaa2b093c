/** The simulated fleet: nodes with packages, kernels and boot ids, and Run Command over them with AWS's semantics. Time is given to it. */
import { applyStep, type StepRun } from './apply-step.ts'
import type { FleetDocument } from './documents.ts'
import { type Fault, faultFor } from './faults.ts'

export interface FleetNode {
  readonly hostId: string
  readonly platformName: string
  readonly agentVersion: string
  readonly tags: Readonly<Record<string, string>>
  packages: Record<string, string>
  runningKernel: string
  installedKernel: string
  bootId: string
  isOnline: boolean
  rebootPending: boolean
  /** When the node last changed what it runs, for metrics that turn bad later. */
  changedAtMs: number
  /** Results by intent, so that a second delivery is a no-op. */
  readonly results: Map<string, StepRun>
}

export type SimulatedStatus =
  | 'Pending'
  | 'InProgress'
  | 'Success'
  | 'Failed'
  | 'DeliveryTimedOut'
  | 'ExecutionTimedOut'
  | 'Undeliverable'
  | 'Cancelled'

export interface SimulatedInvocation {
  readonly hostId: string
  status: SimulatedStatus
  exitCode: number
  output: string
  readonly startsAtMs: number
  readonly endsAtMs: number
  startedAtMs?: number
  endedAtMs?: number
  readonly fault: Fault | undefined
}

export interface SimulatedCommand {
  readonly commandId: string
  readonly documentName: string
  readonly documentVersion: string
  readonly comment: string
  readonly parameters: Readonly<Record<string, readonly string[]>>
  readonly requestedAtMs: number
  readonly timeoutSeconds: number
  readonly invocations: SimulatedInvocation[]
}

export interface FleetEvent {
  readonly commandId: string
  readonly documentName: string
  readonly hostId: string
  readonly status: SimulatedStatus
  readonly atMs: number
}

export interface SendInput {
  readonly documentName: string
  readonly documentVersion: string
  readonly documentHash?: string
  readonly comment: string
  readonly parameters: Readonly<Record<string, readonly string[]>>
  readonly hostIds: readonly string[]
  readonly timeoutSeconds: number
}

export type SendAnswer = { readonly command: SimulatedCommand } | { readonly error: string; readonly message: string }

/** Run Command takes at most 50 instance ids. */
const hostsMax = 50

export class Fleet {
  readonly nodes = new Map<string, FleetNode>()
  readonly commands = new Map<string, SimulatedCommand>()
  readonly documents = new Map<string, FleetDocument>()
  readonly faults: Fault[] = []
  sendCommandCount = 0
  private readonly stepMs: number
  private counter = 0
  private readonly seed: number

  constructor({ seed, stepMs }: { readonly seed: number; readonly stepMs: number }) {
    this.seed = seed
    this.stepMs = stepMs
  }

  get size() {
    return this.nodes.size
  }

  script(fault: Fault) {
    this.faults.push({ ...fault })
  }

  describeNodes() {
    return [...this.nodes.values()].toSorted((left, right) => (left.hostId < right.hostId ? -1 : 1))
  }

  /** Takes a command on, or refuses it as SSM would. */
  send(input: SendInput, nowMs: number): SendAnswer {
    this.sendCommandCount++
    const document = this.documents.get(input.documentName)
    const refusal = this.refusalOf(input, document)
    if (refusal) return refusal
    const commandId = this.uuid('command')
    const command: SimulatedCommand = {
      commandId,
      documentName: input.documentName,
      documentVersion: document?.version ?? '1',
      comment: input.comment,
      parameters: input.parameters,
      requestedAtMs: nowMs,
      timeoutSeconds: input.timeoutSeconds,
      invocations: input.hostIds.map((hostId) =>
        this.plan(hostId, document?.step ?? 'precheck', nowMs, input.timeoutSeconds),
      ),
    }
    this.commands.set(commandId, command)
    return { command }
  }

  private refusalOf(
    input: SendInput,
    document: FleetDocument | undefined,
  ): Extract<SendAnswer, { error: string }> | undefined {
    if (!document) return { error: 'InvalidDocument', message: `Document ${input.documentName} does not exist.` }
    if (input.documentHash !== undefined && input.documentHash !== document.hash)
      return { error: 'InvalidDocument', message: 'The document hash does not match.' }
    if (input.hostIds.length === 0 || input.hostIds.length > hostsMax)
      return {
        error: 'ValidationException',
        message: `InstanceIds: 1 to ${hostsMax} items, got ${input.hostIds.length}`,
      }
    if (input.comment.length > 100) return { error: 'ValidationException', message: 'Comment: at most 100 characters' }
    const unknown = input.hostIds.find((hostId) => !this.nodes.has(hostId))
    if (unknown)
      return { error: 'InvalidInstanceId', message: `Instances [[${unknown}]] not in a valid state for account` }
    for (const [name, values] of Object.entries(input.parameters)) {
      const pattern = document.parameters[name]
      if (pattern === undefined) return { error: 'InvalidParameters', message: `The document has no parameter ${name}` }
      if (values.some((value) => !new RegExp(pattern).test(value)))
        return { error: 'InvalidParameters', message: `Parameter "${name}" does not match ${pattern}` }
    }
    return undefined
  }

  private plan(hostId: string, step: string, nowMs: number, timeoutSeconds: number): SimulatedInvocation {
    const fault = faultFor(this.faults, hostId, step)
    const lengthMs = this.stepMs * (0.6 + 0.8 * this.chance(`${hostId}${step}${this.counter}`))
    const kind = fault?.fault
    const delay =
      kind === 'delivery-timeout'
        ? 2 * this.stepMs
        : kind === 'never-returns-from-reboot' || kind === 'execution-timeout'
          ? timeoutSeconds * 1000
          : lengthMs
    return {
      hostId,
      status: 'Pending',
      exitCode: -1,
      output: '',
      startsAtMs: nowMs + this.stepMs * 0.1,
      endsAtMs: nowMs + delay,
      fault,
    }
  }

  /** Lets time pass: invocations start and end, nodes change, events come out (missing or doubled where scripted). */
  tick(nowMs: number): FleetEvent[] {
    const events: FleetEvent[] = []
    for (const command of this.commands.values()) {
      for (const invocation of command.invocations) {
        if (invocation.status === 'Pending' && nowMs >= invocation.startsAtMs) {
          invocation.status = 'InProgress'
          invocation.startedAtMs = nowMs
        }
        if (invocation.status !== 'InProgress' || nowMs < invocation.endsAtMs) continue
        this.end(command, invocation, nowMs)
        const event = {
          commandId: command.commandId,
          documentName: command.documentName,
          hostId: invocation.hostId,
          status: invocation.status,
          atMs: nowMs,
        }
        const times = this.eventCount(invocation)
        for (let count = 0; count < times; count++) events.push(event)
      }
    }
    return events
  }

  private eventCount({ hostId }: SimulatedInvocation): number {
    const scripted = this.faults.find(({ fault }) => fault === 'missing-events' || fault === 'doubled-events')
    if (!scripted) return 1
    const isHit = this.chance(`event${hostId}${this.counter++}`) < (scripted.share ?? 0.2)
    return isHit ? (scripted.fault === 'missing-events' ? 0 : 2) : 1
  }

  private end(command: SimulatedCommand, invocation: SimulatedInvocation, nowMs: number) {
    const node = this.nodes.get(invocation.hostId)
    invocation.endedAtMs = nowMs
    const kind = invocation.fault?.fault
    if (!node?.isOnline) return this.close(invocation, 'Undeliverable')
    if (kind === 'delivery-timeout') return this.close(invocation, 'DeliveryTimedOut')
    const step = this.documents.get(command.documentName)?.step ?? 'precheck'
    if (kind === 'never-returns-from-reboot') {
      node.isOnline = false
      return this.close(invocation, 'ExecutionTimedOut')
    }
    const intentId = command.parameters.intentId?.[0] ?? command.commandId
    const known = node.results.get(intentId)
    const run =
      known ??
      applyStep(node, step, {
        packages: command.parameters.packages?.[0] ?? '',
        changeId: command.parameters.changeId?.[0] ?? '',
        fault: kind,
        nowMs,
        newBootId: () => this.uuid('boot'),
      })
    node.results.set(intentId, run)
    // The work is done although the agent no longer says so.
    if (kind === 'execution-timeout') return this.close(invocation, 'ExecutionTimedOut')
    invocation.exitCode = run.exitCode
    invocation.output = `${JSON.stringify(run.result)}\n`
    this.close(
      invocation,
      kind === 'lying-failure' ? 'Failed' : kind === 'lying-success' || run.exitCode === 0 ? 'Success' : 'Failed',
    )
  }

  private close(invocation: SimulatedInvocation, status: SimulatedStatus) {
    invocation.status = status
  }

  cancel(commandId: string) {
    for (const invocation of this.commands.get(commandId)?.invocations ?? [])
      if (invocation.status === 'Pending') invocation.status = 'Cancelled'
  }

  /** The share of a service's nodes that answer: online and not running a bad patch. */
  healthyShare(service: string): number {
    const own = this.describeNodes().filter((node) => node.tags['patch-service']?.split(',').includes(service))
    return own.length === 0 ? 0 : own.filter((node) => node.isOnline).length / own.length
  }

  /** Current error rate and latency of every online node, for its first service; a bad patch makes both worse. */
  metricsAt(nowMs: number): { hostId: string; service: string; name: string; value: number }[] {
    const second = Math.floor(nowMs / 1000)
    return this.describeNodes().flatMap((node) => {
      if (!node.isOnline) return []
      const isBad = this.faults.some(
        (fault) =>
          fault.fault === 'bad-patch' &&
          fault.packageName !== undefined &&
          node.packages[fault.packageName] === fault.version &&
          nowMs - node.changedAtMs >= (fault.afterSeconds ?? 0) * 1000,
      )
      const noise = (name: string) =>
        this.chance(`${node.hostId}${name}${second}`) + this.chance(`${node.hostId}${name}${second}b`)
      return (node.tags['patch-service'] ?? '').split(',').flatMap((service) => [
        { hostId: node.hostId, service, name: 'ErrorRate', value: (isBad ? 8 : 0.5) + 0.4 * noise('e') },
        { hostId: node.hostId, service, name: 'Latency', value: (isBad ? 220 : 80) + 12 * noise('l') },
      ])
    })
  }

  /** 0 to 1, the same for the same text and seed. */
  chance(text: string): number {
    let hash = this.seed >>> 0
    for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 2654435761) >>> 0
    hash ^= hash >>> 15
    hash = Math.imul(hash, 2246822519) >>> 0
    return ((hash ^ (hash >>> 13)) >>> 0) / 4294967296
  }

  uuid(kind: string): string {
    const hex = Array.from({ length: 4 }, (_, part) =>
      Math.floor(this.chance(`${kind}${this.counter}${part}`) * 4294967296)
        .toString(16)
        .padStart(8, '0'),
    ).join('')
    this.counter++
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
  }
}
