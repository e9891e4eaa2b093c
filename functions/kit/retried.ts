/** Optimistic concurrency: read, decide, commit, and reread if another writer was faster. */
import { DrydockError } from './errors.ts'
import type { Pause } from './ports.ts'

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
  /** Waits between tries, so that writers of one record do not meet again; absent: the next try comes at once. */
  readonly pause?: Pause | undefined
}

const pauseMsMin = 25
const pauseMsMax = 800

/**
 * Milliseconds before the next try: at most 25, 50, 100 and so on up to 800, and of that a share by what is written, so
 * that two writers differ ("full jitter").
 *
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function pauseMs(what: string, tries: number): number {
  let hash = 2_166_136_261
  for (const character of `${what}#${tries}`) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16_777_619)
  return Math.ceil(Math.min(pauseMsMax, pauseMsMin * 2 ** tries) * ((hash >>> 8) / 2 ** 24))
}

/**
 * The first result that is not undefined. Each attempt rereads, and returns undefined if its commit met a conflict; an
 * error ends the loop at once.
 * @throws DrydockError with the given code when another writer was faster at every try.
 */
export async function retried<Result extends NonNullable<unknown>>(
  { code, what, advice, triesMax = defaultTriesMax, pause }: Contention,
  attempt: () => Promise<Result | undefined>,
): Promise<Result> {
  for (let tries = 0; tries < triesMax; tries++) {
    const result = await attempt()
    if (result !== undefined) return result
    if (tries + 1 < triesMax) await pause?.(pauseMs(what, tries))
  }
  const end = advice === undefined ? '' : `; ${advice}`
  throw new DrydockError(code, `${what} was moved by others ${triesMax} times in a row${end}`)
}
