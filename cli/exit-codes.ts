/** The exit codes of every verb; documented in docs/guides/cli.md; a code never changes its meaning. */
export const exitCodes = {
  ok: 0,
  error: 1,
  pending: 2,
  policy: 3,
  approvalRefused: 4,
  rolledBack: 5,
  held: 6,
  evidenceBad: 7,
  noPlanFound: 8,
  usage: 64,
  interrupted: 130,
} as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]
