/** What the scenario, the console and the CLI's local verbs see of a running Drydock, wherever it runs. */
import type { EvidenceStore } from '../functions/evidence/ports.ts'
import type { Ledger } from '../functions/kit/ledger.ts'
import type { Clock, Ids } from '../functions/kit/ports.ts'

export interface InboxMail {
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
}

export interface BusEvent {
  readonly Source: string
  readonly DetailType: string
  readonly Detail: string
  readonly Resources?: readonly string[]
}

export interface LocalCloud {
  /** One line for people: what this is. */
  readonly description: string
  readonly kind: 'emulator' | 'in-process'
  /** The time that it runs on, real or virtual. */
  readonly clock: Clock
  readonly ids: Ids
  readonly consoleUrl: string
  readonly inboxUrl: string
  /** Whether a person can open the two addresses. */
  readonly isServed: boolean
  readonly ledger: Ledger
  readonly evidence: EvidenceStore
  /** The evidence log's public key as a signed-note verifier key. */
  verifierKey(): Promise<string>
  publish(event: BusEvent): Promise<void>
  inbox(): Promise<readonly InboxMail[]>
  /** Waits `ms` milliseconds of its own time; on virtual time only within `during`. */
  sleep(ms: number): Promise<void>
  /** Lets its time pass while a piece of work runs; gives back what the work gives. */
  during<T>(work: () => Promise<T>): Promise<T>
  /** Asks the console for a path, which starts with a slash. */
  request(path: string, init?: RequestInit): Promise<Response>
  /** Runs one scheduled function now. */
  trigger(
    name: 'inventory/sync-assets' | 'intel/refresh-feed' | 'driver/reconcile-changes' | 'evidence/archive-leaves',
    input: Readonly<Record<string, string>>,
  ): Promise<void>
  /** Counts of what the cloud did, for the cost table. */
  counts(): Promise<{ readonly transitions: number; readonly lambdaCalls: number; readonly sendCommands: number }>
  stop(): Promise<void>
}
