/** 7.1 What a host's reason for a failure means: one table, for the documents, the rollout and the docs. */

/** Where a failure comes from: it passes, the host's surroundings, the patch itself, or a fault of ours. */
export type FailureClass = 'transient' | 'environment' | 'patch' | 'ours'

/** A reason that a document may give, and what follows from it. */
export interface FailureReason {
  readonly class: FailureClass
  /** Whether the rollout runs the step again. */
  readonly isRetried: boolean
  readonly whatToDo: string
}

const reason = (of: FailureClass, isRetried: boolean, whatToDo: string): FailureReason => ({
  class: of,
  isRetried,
  whatToDo,
})

/** Every reason that a package manager's failure is given, by its word in the result. */
export const failureReasons: Readonly<Record<string, FailureReason>> = {
  'package-manager-locked': reason('transient', true, 'wait for the other program, or stop it'),
  'mirror-error': reason('transient', true, 'check the repository and the way to it'),
  'disk-full': reason('environment', false, 'free space on the file system that is named in the log'),
  'signature-error': reason('environment', false, "install the repository's key on the host"),
  'package-held': reason('environment', false, 'lift the hold or lock, or exclude the host'),
  'would-remove': reason('patch', false, 'name the packages that must go, or patch by hand'),
  'dependency-check': reason('patch', false, 'patch the packages that depend on each other together'),
  'version-not-found': reason('patch', false, 'plan the version that the repository has now'),
  'would-downgrade': reason('patch', false, 'plan again: the host has a newer version'),
  'script-failed': reason('patch', false, "read the package's script in the log"),
  'manager-interrupted': reason('environment', false, 'run `dpkg --configure -a` on the host'),
}
