/** Why a remote call failed, in words that say what to do. */

const known: readonly (readonly [pattern: RegExp, words: string])[] = [
  [
    /CredentialsProviderError|Could not load credentials/,
    'no AWS credentials: sign in (aws sso login), or set AWS_PROFILE',
  ],
  [/ExpiredToken|security token .* expired/, 'the AWS session has expired: sign in again'],
  [/Region is missing/, 'no AWS region: set AWS_REGION'],
  [/AccessDenied|UnauthorizedOperation|not authorized/, 'the AWS identity is not allowed to do this'],
]

/** The error's own message, after plain words if the error is a common one. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const said = `${error.name}: ${error.message}`
  const words = known.find(([pattern]) => pattern.test(said))?.[1]
  if (words) return words === known.at(-1)?.[1] ? `${words} (${error.message})` : words
  return networkReason(error) ?? error.message
}

/** `fetch failed` says nothing; its cause does. */
function networkReason(error: Error): string | undefined {
  const cause = error.cause instanceof AggregateError ? error.cause.errors[0] : error.cause
  if (error.message !== 'fetch failed' || !(cause instanceof Error)) return undefined
  return cause.message
}
