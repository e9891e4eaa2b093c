/** Waiting in the scenario: by looking, with a deadline and a sentence about what was awaited. */
import { DrydockError } from '../../functions/kit/errors.ts'

/**
 * Looks every `everyMs` until `look` gives a value.
 *
 * @throws DrydockError DD2433 when `timeoutMs` passes first; `describe` says how things stand.
 */
export async function awaitValue<T>(
  what: string,
  look: () => Promise<T | undefined>,
  {
    timeoutMs,
    everyMs = 400,
    describe,
  }: { readonly timeoutMs: number; readonly everyMs?: number; readonly describe?: () => Promise<string> },
): Promise<T> {
  const end = Date.now() + timeoutMs
  for (;;) {
    const value = await look()
    if (value !== undefined) return value
    if (Date.now() > end)
      throw new DrydockError(
        'DD2433',
        `${what} did not happen within ${timeoutMs / 1000} s${describe ? `: ${await describe()}` : ''}`,
      )
    await new Promise((done) => setTimeout(done, everyMs))
  }
}
