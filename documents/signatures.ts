/** 7.1 How a failed package manager is understood: one table, from which the scripts, the rollout and the docs are made. */

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

/** Every reason of the package managers, by its word in the result. */
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

/** A text by which a failure is known; the first that fits counts. */
export interface Signature {
  readonly managers: readonly ('apt' | 'dnf' | 'yum' | 'zypper')[]
  /** POSIX extended regular expression, without regard to case. */
  readonly pattern: string
  readonly reason: string
}

const all = ['apt', 'dnf', 'yum', 'zypper'] as const
const rpm = ['dnf', 'yum', 'zypper'] as const

/** The table itself; each row has a fixture of the real manager's words in test/fixtures/managers. */
export const signatures: readonly Signature[] = [
  {
    managers: all,
    pattern: 'no space left on device|not enough free (disk )?space|more space needed',
    reason: 'disk-full',
  },
  { managers: ['apt'], pattern: "don't have enough free space", reason: 'disk-full' },
  {
    managers: rpm,
    pattern: 'needs [0-9.]+ ?[kmgt]?i?b? (more )?(inodes )?on the|needs [0-9]+ more inodes',
    reason: 'disk-full',
  },
  {
    managers: ['apt'],
    pattern: 'could not get lock|unable to acquire the dpkg frontend lock|unable to lock directory',
    reason: 'package-manager-locked',
  },
  {
    managers: rpm,
    pattern:
      "another app is currently holding|can't create transaction lock|system management is locked|failed to obtain the transaction lock|waiting for process with pid",
    reason: 'package-manager-locked',
  },
  { managers: ['apt'], pattern: 'held packages were changed', reason: 'package-held' },
  { managers: ['dnf', 'yum'], pattern: 'filtered out by exclude filtering|versionlock', reason: 'package-held' },
  { managers: ['zypper'], pattern: 'is locked and|remove lock to allow|package is locked', reason: 'package-held' },
  { managers: ['apt'], pattern: 'need to be removed but remove is disabled', reason: 'would-remove' },
  { managers: ['apt'], pattern: 'packages were downgraded and -y', reason: 'would-downgrade' },
  { managers: ['apt'], pattern: 'dpkg was interrupted', reason: 'manager-interrupted' },
  {
    managers: all,
    pattern:
      "is not signed|no_pubkey|gpg check failed|public key for .* is not installed|signature verification failed|couldn't be verified",
    reason: 'signature-error',
  },
  {
    managers: all,
    pattern:
      "version .* was not found|unable to locate package|no match for argument|unable to find a match|no packages marked for (downgrade|upgrade)|no package .* available|no provider of|not found in package names|couldn't find a newer version",
    reason: 'version-not-found',
  },
  {
    managers: all,
    pattern:
      'curl error|status code: [45]|temporary failure resolving|could not resolve|failed to fetch|cannot download|failed to download|error downloading|failed to provide package|abort, retry, ignore|timed? ?out|connection (refused|reset|failed)|download \\(curl\\) error|unexpected size|hash sum mismatch|digest verification failed',
    reason: 'mirror-error',
  },
  {
    managers: all,
    pattern:
      'unmet dependencies|conflicts with|nothing provides|has missing dependencies|problem: |choose from above solutions|depsolve|pre-depends',
    reason: 'dependency-check',
  },
  {
    managers: all,
    pattern:
      'returned error exit status|error in (pre|post)[a-z]* scriptlet|scriptlet failed|sub-process /usr/bin/dpkg returned',
    reason: 'script-failed',
  },
]

/** The shell function that names a failure, made from the table. */
export function explainFailure(): string {
  const rows = signatures.map(
    ({ managers, pattern, reason: word }) =>
      `  if [[ "$manager" =~ ^(${managers.join('|')})$ ]] && grep -Eqi -- '${pattern.replaceAll("'", `'\\''`)}' "$1"; then echo ${word}; return; fi`,
  )
  return [
    '# A word for a failed run of the package manager, from its output.',
    'explain_failure() {',
    ...rows,
    '  echo package-manager-failed',
    '}',
  ].join('\n')
}
