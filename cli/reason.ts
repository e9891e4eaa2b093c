/** Why something far away did not work, in words that say what to do about it. */

const known: readonly (readonly [pattern: RegExp, words: string])[] = [
  [
    /CredentialsProviderError|Could not load credentials/,
    'no AWS credentials: sign in (aws sso login), or set AWS_PROFILE',
  ],
  [/ExpiredToken|security token .* expired/, 'the AWS session has expired: sign in again'],
  [/Region is missing/, 'no AWS region: set AWS_REGION'],
  [/AccessDenied|UnauthorizedOperation|not authorized/, 'the AWS identity may not do this'],
]

/** A fault's own words; the plain ones first where it is one that everybody meets. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const said = `${error.name}: ${error.message}`
  const words = known.find(([pattern]) => pattern.test(said))?.[1]
  if (words) return words === known.at(-1)?.[1] ? `${words} (${error.message})` : words
  return networkReason(error) ?? error.message
}

/** `fetch failed` says nothing; what it was caused by does. */
function networkReason(error: Error): string | undefined {
  const cause = error.cause instanceof AggregateError ? error.cause.errors[0] : error.cause
  if (error.message !== 'fetch failed' || !(cause instanceof Error)) return undefined
  return cause.message
}
