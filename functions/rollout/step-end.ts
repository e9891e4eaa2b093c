/** What the execution log and the evidence record about an ended step. */
import type { InvocationOutcome, StepResult } from './invocation-outcome.ts'
import type { Invocation } from './ports.ts'
import type { CommandOut, HostProgress, StepName } from './ring.ts'

/** One host's ended step, for the execution log. */
export interface StepEnd {
  readonly hostId: string
  readonly step: StepName
  readonly attempt: number
  readonly commandId: string
  readonly status: string
  readonly exitCode: number
  readonly startedAt?: string
  readonly endedAt?: string
  readonly outputLocation?: string
  readonly outcome: string
  readonly because?: string
  /** 7.4: state collected before a rollback; at `outputLocation` if attached, else on the host. */
  readonly collected?: { readonly sha256: string; readonly bytes: number; readonly isAttached: boolean }
}

/** The end of a step, from its command and the host's report. */
export function stepEnd(
  hostId: string,
  host: HostProgress,
  command: CommandOut,
  invocation: Invocation,
  outcome: InvocationOutcome,
): StepEnd {
  return {
    hostId,
    step: command.step,
    attempt: host.attempt,
    commandId: invocation.commandId ?? command.commandId ?? 'unknown',
    status: invocation.status,
    exitCode: invocation.exitCode,
    ...(invocation.startedAt ? { startedAt: invocation.startedAt } : {}),
    ...(invocation.endedAt ? { endedAt: invocation.endedAt } : {}),
    ...(invocation.outputLocation ? { outputLocation: invocation.outputLocation } : {}),
    outcome: outcome.kind,
    ...('because' in outcome ? { because: outcome.because } : {}),
    ...(outcome.kind === 'passed' ? collectedOf(outcome.result) : {}),
  }
}

const collectedOf = ({ sha256, bytes = 0, attached = false }: StepResult): Pick<StepEnd, 'collected'> =>
  sha256 === undefined ? {} : { collected: { sha256, bytes, isAttached: attached } }
