/**
 * What the rollout needs of Run Command. Two implementations (SSM, fleet simulator in process) pass
 * test/contract/commands.ts.
 */

export type Step = 'precheck' | 'restore-point' | 'install' | 'reboot' | 'verify' | 'collect' | 'rollback'

/**
 * Invocation states of Run Command, https://docs.aws.amazon.com/systems-manager/latest/userguide/monitor-commands.html
 */
export type InvocationStatus =
  | 'Pending'
  | 'InProgress'
  | 'Delayed'
  | 'Success'
  | 'DeliveryTimedOut'
  | 'ExecutionTimedOut'
  | 'Failed'
  | 'Cancelled'
  | 'Cancelling'
  | 'Undeliverable'
  | 'Terminated'
  | 'InvalidPlatform'
  | 'AccessDenied'

/** Where nodes are, and for which change a command acts: outside the hub's own account and region, through the spoke's role. */
export interface SpokeAccess {
  readonly account: string
  readonly region: string
  readonly changeId: string
  readonly planHash: string
}

/** A command as it is intended: one document, on up to 50 hosts of one account and region. */
export interface CommandIntent {
  /** ULID written to the ledger before sending, put into the command's comment: `drydock:<intentId>`. */
  readonly intentId: string
  readonly step: Step
  readonly document: { readonly name: string; readonly version: string; readonly hash: string }
  /** Values that match the document's allowedPattern; never text from a finding. */
  readonly parameters: Readonly<Record<string, readonly string[]>>
  /** 1 to 50 ids. */
  readonly hostIds: readonly string[]
  readonly timeoutSeconds: number
  /** Absent: the hub's own account and region. */
  readonly access?: SpokeAccess
}

/** The state of a command on one host. */
export interface Invocation {
  readonly hostId: string
  /** The intent that the command's comment names; absent: the command is not ours. */
  readonly intentId?: string
  readonly commandId?: string
  readonly status: InvocationStatus
  /** -1 where there is none yet. */
  readonly exitCode: number
  readonly startedAt?: string
  readonly endedAt?: string
  /** First 24,000 characters of standard output: one JSON document by our convention. */
  readonly output: string
  readonly outputLocation?: string
}

/** The command's id, or why SSM refused it. */
export type SendResult =
  | { readonly commandId: string }
  | {
      readonly refused: 'throttled' | 'invalid-document' | 'hash-mismatch' | 'invalid-instance' | 'unavailable'
      readonly detail: string
    }

/** Intents whose commands are looked for. */
export interface SoughtIntents {
  readonly intentIds: readonly string[]
  /** The names of their documents. */
  readonly documents: readonly string[]
  /** Epoch milliseconds by our clock; none of them was sent before. */
  readonly sinceMs: number
}

/** Run Command: sends documents to hosts and reports their results. */
export interface Commands {
  send(intent: CommandIntent): Promise<SendResult>
  /**
   * The ids of the commands whose comments name these intents: all commands of their documents since then are looked
   * through, so an intent that is not among them was not taken.
   */
  find(sought: SoughtIntents, access?: SpokeAccess): Promise<ReadonlyMap<string, string>>
  /** One entry per host that the command reached so far. */
  invocations(commandId: string, access?: SpokeAccess): Promise<readonly Invocation[]>
  cancel(commandId: string, access?: SpokeAccess): Promise<void>
}

/** The result of one probe; time in milliseconds. */
export type ProbeResult =
  | { readonly isHealthy: true; readonly elapsedMs: number }
  | { readonly isHealthy: false; readonly because: string }

/** Probes a service over HTTP. */
export interface Prober {
  /** One HTTP GET; never throws, an error is an unhealthy result. */
  probe(probe: {
    readonly name: string
    readonly url: string
    readonly expectStatus: number
    readonly timeoutMs: number
  }): Promise<ProbeResult>
}
