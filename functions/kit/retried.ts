/** Optimistic concurrency: read, decide, commit, and reread if another writer was faster. */
import { DrydockError } from './errors.ts'

/** Tries before a writer gives up; the caller redelivers or retries. */
const defaultTriesMax = 5

/** What a writer that never wins reports. */
export interface Contention {
  /** The room's code for it, `DDxx02` or the like. */
  readonly code: string
  /** The contended record, with which the message begins: `change 01J...`. */
  readonly what: string
  /** What to do, with which the message ends; absent if it is retried automatically. */
  readonly advice?: string
  /** 1 or more; 5 by default. */
  readonly triesMax?: number
}

/**
 * The first result that is not undefined. Each attempt rereads, and returns undefined if its commit met a conflict; an
 * error ends the loop at once.
 * @throws DrydockError with the given code when another writer was faster at every try.
 */
export async function retried<Result extends NonNullable<unknown>>(
  { code, what, advice, triesMax = defaultTriesMax }: Contention,
  attempt: () => Promise<Result | undefined>,
): Promise<Result> {
  for (let tries = 0; tries < triesMax; tries++) {
    const result = await attempt()
    if (result !== undefined) return result
  }
  const end = advice === undefined ? '' : `; ${advice}`
  throw new DrydockError(code, `${what} was moved by others ${triesMax} times in a row${end}`)
}
