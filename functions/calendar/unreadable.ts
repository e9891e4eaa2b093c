/** How the reader of calendars gives up: thrown by its parts, made an answer by `icsSpans` and `checkIcs`. */

/** Why a calendar text cannot be read, with its line and what to write instead. */
export interface UnreadableIcs {
  readonly unreadable: string
  /** Line of the text, from 1, where one can be named. */
  readonly line?: number
  /** What the author of the calendar can do about it. */
  readonly remedy?: string
}

/** Something in a calendar that cannot be shown to be understood, so that the whole calendar counts as closed (I20). */
export class Unreadable extends Error {
  readonly line: number | undefined
  readonly remedy: string | undefined
  constructor(because: string, line?: number, remedy?: string) {
    super(because)
    this.line = line
    this.remedy = remedy
  }
}

/** Runs a reader; what it could not read becomes an answer, and so does any fault of ours, because a fault is closed too. */
export function answerOf<T>(read: () => T): T | UnreadableIcs {
  try {
    return read()
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error)
    const { line, remedy } = error instanceof Unreadable ? error : { line: undefined, remedy: undefined }
    return {
      unreadable: because,
      ...(line === undefined ? {} : { line }),
      ...(remedy === undefined ? {} : { remedy }),
    }
  }
}

/** A calendar's refusal as one sentence: line, reason, and what to do. */
export const sentenceOf = ({ unreadable, line, remedy }: UnreadableIcs): string =>
  `${line === undefined ? '' : `line ${line}: `}${unreadable}${remedy === undefined ? '' : `; ${remedy}`}`
