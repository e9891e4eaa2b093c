/** Errors by the names that Step Functions gives them. */

/** An execution or a task failed with `error` (a name) and `reason`. */
export class AslFailure extends Error {
  readonly error: string
  readonly reason: string

  constructor(error: string, reason: string, options?: ErrorOptions) {
    super(`${error}: ${reason}`, options)
    this.name = 'AslFailure'
    this.error = error
    this.reason = reason
  }
}

/** The name that `ErrorEquals` is compared with: a Lambda's error type is the name of what it threw. */
export function errorNameOf(error: unknown): string {
  if (error instanceof AslFailure) return error.error
  return error instanceof Error ? error.name : 'Lambda.Unknown'
}

/**
 * Whether an `ErrorEquals` list takes an error.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
export function matchesError(errorEquals: readonly string[], name: string): boolean {
  if (name === 'States.Runtime') return false
  return errorEquals.some(
    (entry) => entry === name || entry === 'States.ALL' || (entry === 'States.TaskFailed' && name !== 'States.Timeout'),
  )
}
