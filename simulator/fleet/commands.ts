/** What Run Command keeps of a command, and how AWS sums its invocations up. */
import type { Fault } from './faults.ts'
import type { StepRun } from './step-run.ts'

export type SimulatedStatus =
  | 'Pending'
  | 'InProgress'
  | 'Delayed'
  | 'Success'
  | 'Failed'
  | 'DeliveryTimedOut'
  | 'ExecutionTimedOut'
  | 'Undeliverable'
  | 'Terminated'
  | 'InvalidPlatform'
  | 'AccessDenied'
  | 'Cancelled'

export interface SimulatedInvocation {
  readonly hostId: string
  status: SimulatedStatus
  exitCode: number
  output: string
  /** When the agent picks the command up, if it can. */
  startsAtMs: number
  /** How long the step takes on this node. */
  readonly lengthMs: number
  endsAtMs: number
  startedAtMs?: number
  endedAtMs?: number
  readonly fault: Fault | undefined
  /** F26: work that goes on after SSM has given up. */
  lateRun?: { readonly atMs: number; result?: StepRun } | undefined
}

/** Ends an invocation, without an end where the agent never had it. */
export function close(invocation: SimulatedInvocation, status: SimulatedStatus, atMs?: number): void {
  invocation.status = status
  if (atMs !== undefined) invocation.endedAtMs = atMs
}

export interface OutputPlace {
  readonly bucket: string
  readonly prefix: string
}

/** The key under which SSM Agent puts what our one step printed. */
export const outputKeyOf = (commandId: string, hostId: string, { prefix }: OutputPlace) =>
  `${prefix}/${commandId}/${hostId}/awsrunShellScript/run/stdout`

export interface SimulatedCommand {
  readonly commandId: string
  readonly account: string
  readonly documentName: string
  readonly documentVersion: string
  readonly comment: string
  readonly parameters: Readonly<Record<string, readonly string[]>>
  readonly requestedAtMs: number
  /** Delivery timeout of SendCommand; also how long a simulated step may run, as a rehearsal has no hour to spend. */
  readonly timeoutSeconds: number
  readonly concurrencyMax: string
  readonly errorsMax: string
  /** Where agents put whole outputs. */
  readonly output?: OutputPlace
  readonly invocations: SimulatedInvocation[]
}

export interface StoredOutput {
  readonly bucket: string
  readonly key: string
  readonly text: string
}

/** What an agent puts into the bucket that the command names, if it names one. */
export const storedOutput = ({ commandId, output }: SimulatedCommand, hostId: string, text: string): StoredOutput[] =>
  output ? [{ bucket: output.bucket, key: outputKeyOf(commandId, hostId, output), text }] : []

export interface FleetEvent {
  readonly commandId: string
  readonly documentName: string
  readonly hostId: string
  readonly status: SimulatedStatus
  readonly requestedAtMs: number
  readonly atMs: number
}

export interface SendInput {
  /** Whose credentials ask; absent: the hub's. */
  readonly account?: string
  readonly documentName: string
  readonly documentVersion: string
  readonly documentHash?: string
  readonly comment: string
  readonly parameters: Readonly<Record<string, readonly string[]>>
  readonly hostIds: readonly string[]
  readonly timeoutSeconds: number
  readonly concurrencyMax?: string
  readonly errorsMax?: string
  readonly output?: OutputPlace
}

export type SendAnswer = { readonly command: SimulatedCommand } | { readonly error: string; readonly message: string }

export const isRunning = ({ status }: SimulatedInvocation) =>
  status === 'Pending' || status === 'InProgress' || status === 'Delayed'

/** `5` or `10%` of the targets; at least `floor`. */
export function countOf(limit: string, targets: number, floor: number): number {
  const value = Number.parseInt(limit, 10)
  return Math.max(floor, limit.endsWith('%') ? Math.floor((value * targets) / 100) : value)
}

/** What AWS counts toward MaxErrors: nothing that was never delivered, and no refused platform or access. */
export const errorsOf = ({ invocations }: SimulatedCommand) =>
  invocations.filter(({ status }) => status === 'Failed' || status === 'ExecutionTimedOut').length

export interface CommandStatus {
  readonly status: string
  readonly details: string
}

/**
 * The parent command's status, which says Success or Incomplete although nodes were never reached.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/monitor-commands.html
 */
export function commandStatus(command: SimulatedCommand): CommandStatus {
  const { invocations } = command
  const all = (status: SimulatedStatus) => invocations.every((invocation) => invocation.status === status)
  const plain = (status: string): CommandStatus => ({ status, details: status })
  if (all('Pending')) return plain('Pending')
  if (invocations.some(isRunning)) return plain('InProgress')
  if (all('Success')) return plain('Success')
  if (invocations.some(({ status }) => status === 'Cancelled')) return plain('Cancelled')
  if (errorsOf(command) > countOf(command.errorsMax, invocations.length, 0)) return plain('Failed')
  if (all('DeliveryTimedOut')) return { status: 'TimedOut', details: 'DeliveryTimedOut' }
  return { status: 'Success', details: 'Incomplete' }
}
