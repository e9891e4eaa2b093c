/** Optimistic concurrency: read, decide, commit, and read again where another writer was faster. */
import { DrydockError } from './errors.ts'

/** Tries before a writer gives up; whoever started it delivers again or asks again. */
const defaultTriesMax = 5

/** What a writer that never wins reports. */
export interface Contention {
  /** The room's code for it, `DDxx02` or the like. */
  readonly code: string
  /** The record that others kept moving, as the message begins: `change 01J...`. */
  readonly what: string
  /** What to do, as the message ends; nothing where it comes again by itself and says so elsewhere. */
  readonly advice?: string
  /** 1 or more; 5 when not given. */
  readonly triesMax?: number
}

/**
 * The result of the first attempt that is not undefined. An attempt reads afresh each time, and is undefined where its commit met
 * a conflict; what it throws ends the loop at once.
 *
 * @throws DrydockError with the code given when another writer was faster at every try.
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
