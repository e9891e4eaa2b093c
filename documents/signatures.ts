/** 7.1 How a failed package manager is understood: one table, from which the scripts, the rollout and the docs are made. */

/** A package manager of a Linux host. */
type Manager = 'apt' | 'dnf' | 'yum' | 'zypper'

/** How a failure is known, by text, by exit code, or by both; the first row that fits counts. */
export interface Signature {
  readonly managers: readonly Manager[]
  /** Exit codes of the manager; absent: any. */
  readonly exitCodes?: readonly number[]
  /** POSIX extended regular expression, without regard to case; absent: any text. */
  readonly pattern?: string
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
    pattern: 'needs [0-9.]+ ?[kmgt]?i?b? (more )?(space |inodes )?on the',
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
      'returned error exit status|error in (pre|post)[a-z]* scriptlet|scriptlet failed|sub-process /usr/bin/dpkg returned',
    reason: 'script-failed',
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
      'curl error|status code: [45]|temporary failure resolving|could not resolve|failed to fetch|cannot download|failed to download|error downloading|failed to provide package|timed? ?out|connection (refused|reset|failed)|download \\(curl\\) error|unexpected size|hash sum mismatch|digest verification failed',
    reason: 'mirror-error',
  },
  {
    managers: all,
    pattern:
      'unmet dependencies|conflicts with|nothing provides|has missing dependencies|problem: |choose from above solutions|depsolve|pre-depends',
    reason: 'dependency-check',
  },
  // What the codes alone say, where the words were of no help: zypper(8), EXIT CODES; dnf(8) has 200 for its lock.
  { managers: ['zypper'], exitCodes: [7], reason: 'package-manager-locked' },
  { managers: ['dnf'], exitCodes: [200], reason: 'package-manager-locked' },
  { managers: ['zypper'], exitCodes: [104], reason: 'version-not-found' },
  { managers: ['zypper'], exitCodes: [106], reason: 'mirror-error' },
  { managers: ['zypper'], exitCodes: [107], reason: 'script-failed' },
  { managers: ['zypper'], exitCodes: [4], reason: 'dependency-check' },
  { managers: ['zypper'], pattern: 'abort, retry, ignore', reason: 'mirror-error' },
]

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`

/** The test of one row, in shell. */
function testOf({ managers, exitCodes, pattern }: Signature): string {
  return [
    `[[ "$manager" =~ ^(${managers.join('|')})$ ]]`,
    ...(exitCodes ? [`[[ "\${2:-}" =~ ^(${exitCodes.join('|')})$ ]]`] : []),
    ...(pattern === undefined ? [] : [`grep -Eqi -- ${quoted(pattern)} "$1"`]),
  ].join(' && ')
}

/** The shell function that names a failure, made from the table. */
export function explainFailure(): string {
  const rows = signatures.map((row) => `  if ${testOf(row)}; then echo ${row.reason}; return; fi`)
  return [
    '# A word for a failed run of the package manager, from its output and its exit code.',
    'explain_failure() {',
    ...rows,
    '  echo package-manager-failed',
    '}',
  ].join('\n')
}
