/** The contract for a host, as data: a state, documents with parameters, and what must hold. */
import type { DocumentName } from '../../documents/index.ts'
import type { Fault } from './repository.ts'

/** Package managers that real hosts are built for. */
export const managers = ['apt', 'dnf', 'zypper'] as const
export type Manager = (typeof managers)[number]

/** One thing that happens to a host or its repository. */
export type Action =
  /** A document with `name=version` items; versions get the manager's release. */
  | { readonly run: DocumentName; readonly packages?: string; readonly intent?: string; readonly change?: string }
  /** A program on the host. */
  | { readonly do: string }
  /** What the repository offers from now on, beside everything not named here. */
  | { readonly withdraw: readonly string[] }
  | { readonly publish: readonly string[] }
  | { readonly fault: Fault | 'none'; readonly at?: 'main' | 'third' }
  /** A document that is killed in the middle, as the agent does after an hour, once a file is there. */
  | { readonly kill: DocumentName; readonly packages: string; readonly once: string }

/** A host, what happens to it, and what must hold. */
export interface HostCase {
  readonly id: string
  readonly title: string
  readonly isCore?: boolean
  /** Absent: every manager. */
  readonly managers?: readonly Manager[]
  /** Packages on the host at the beginning. */
  readonly installed: readonly string[]
  /** Packages that the repository does not have yet. */
  readonly unpublished?: readonly string[]
  readonly steps: readonly Action[]
  /** What must hold at the end, whatever was recorded. */
  readonly promises: readonly Promised[]
}

/** What must hold when a case has ended. */
export type Promised =
  /** The package list and the digest of /etc are those of the beginning. */
  | 'identical'
  /** Package by package, the versions at the end. */
  | { readonly ends: string }
  | { readonly reason: string; readonly step: number }
  | { readonly ok: boolean; readonly step: number }
  /** Fields of a step's result. */
  | { readonly step: number; readonly told: Readonly<Record<string, unknown>> }
