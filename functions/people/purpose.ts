/** What a room tells `people` when it asks: how its subject stands, what else moves with an answer, and what the mail says. */
import type * as z from 'zod'
import { DrydockError } from '../kit/errors.ts'
import type { EvidenceBy } from '../kit/evidence-by.ts'
import type { EvidenceRecord, Ledger, Move, Transaction } from '../kit/ledger.ts'
import type { Clock, Ids } from '../kit/ports.ts'
import type { Letter } from './letter.ts'
import type { People } from './people.ts'
import type { AskedPerson, Question } from './question.ts'

/** What moves with a question in one transaction. */
export interface Settlement {
  readonly moves: readonly Move[]
  /** Records that must not have moved since they were read. */
  readonly checks: NonNullable<Transaction['checks']>
  readonly evidence: readonly EvidenceRecord[]
}

/** For askers whose own records do not move with an answer: they read it when they are nudged. */
export const nothingElseMoves: Settlement = { moves: [], checks: [], evidence: [] }

/** A subject as it is now, read before its question, so that the question is never the older of the two. */
export interface SubjectNow {
  /** Of what an answer would be about now; undefined where there is nothing to answer. */
  readonly subjectHash: string | undefined
  /** Whether anybody waits for answers. */
  readonly isWaiting: boolean
  /** Whether it ended for good: an old question about it is history then, and not one that was replaced. */
  readonly isOver: boolean
  /**
   * What else moves when the question becomes this, its outcome `open`, `expired` or that of a choice. Undefined: the
   * subject does not take it, so nothing is recorded.
   */
  settle(question: Question, by: () => EvidenceBy): Settlement | undefined
}

/** Whom a letter goes to, and how they are asked. */
export interface LetterTo {
  readonly asked: AskedPerson
  readonly isReminder: boolean
}

/** One reason to ask people. Its name stands in every record, leaf and nudge, and is never used for anything else. */
export interface Purpose {
  /** A Name; leaves are `<name>.asked`, `<name>.answered` and so on. */
  readonly name: string
  /** The leaf of an answer, where it is not `<name>.answered`. */
  readonly answeredLeaf?: string
  /** What is asked beside choice and comment; absent: nothing is taken. */
  readonly details?: z.ZodType
  /** What every leaf says of the subject. */
  leafFacts(question: Question): Readonly<Record<string, string>>
  /** Undefined: there is no such subject. */
  subjectNow(subject: string, ledger: Ledger): Promise<SubjectNow | undefined>
  /**
   * Reads what the mails of one round say, once for all of them.
   *
   * @throws DrydockError DD1703 when it cannot be read; nobody is asked then.
   */
  letters(question: Question, people: People, ledger: Ledger): Promise<(to: LetterTo) => Letter>
}

/** What every use case of this room works with. */
export interface QuestionPorts {
  readonly ledger: Ledger
  readonly clock: Clock
  readonly ids: Ids
  /** The account that evidence names. */
  readonly account: string
  /** Every purpose that this function may meet. */
  readonly purposes: readonly Purpose[]
}

/** Which question is meant. */
export interface QuestionName {
  readonly purpose: string
  readonly subject: string
}

/**
 * The purpose of a name.
 *
 * @throws DrydockError DD1707 when it was not registered where this runs.
 */
export function purposeOf(name: string, purposes: readonly Purpose[]): Purpose {
  const found = purposes.find((purpose) => purpose.name === name)
  if (!found) throw new DrydockError('DD1707', `no room is registered that asks for ${name}`)
  return found
}

/** A leaf about a question. */
export const questionLeaf = (
  by: EvidenceBy,
  type: string,
  question: Question,
  body: EvidenceRecord['body'] & object,
): EvidenceRecord => ({ ...by, type, changeId: question.changeId ?? 'none', body })
