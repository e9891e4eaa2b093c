/** What an asking room provides: the state of its subject, what moves with an answer, and what the mail says. */
import type * as z from 'zod'
import { DrydockError } from '../kit/errors.ts'
import type { EvidenceBy } from '../kit/evidence-by.ts'
import type { EvidenceRecord, Ledger, Move, Transaction } from '../kit/ledger.ts'
import type { Clock, Ids } from '../kit/ports.ts'
import type { Letter } from './letter.ts'
import type { People } from './people.ts'
import type { AskedPerson, Question } from './question.ts'

/** Records that move with a question in one transaction. */
export interface Settlement {
  readonly moves: readonly Move[]
  /** Records that must be unchanged since they were read. */
  readonly checks: NonNullable<Transaction['checks']>
  readonly evidence: readonly EvidenceRecord[]
}

/** For askers whose own records do not move with an answer: they read it when nudged. */
export const nothingElseMoves: Settlement = { moves: [], checks: [], evidence: [] }

/** A subject's current state, read before its question, so that the question is never older. */
export interface SubjectNow {
  /** The hash that an answer would now be about; undefined if there is nothing to answer. */
  readonly subjectHash: string | undefined
  /** Whether it waits for answers. */
  readonly isWaiting: boolean
  /** Whether it has ended: an old question about it is then history, not replaced. */
  readonly isOver: boolean
  /**
   * What else moves when the question takes this state, with outcome `open`, `expired` or that of a choice. Undefined:
   * the subject refuses it, so nothing is recorded.
   */
  settle(question: Question, by: () => EvidenceBy): Settlement | undefined
}

/** The recipient of a letter, and how they are asked. */
export interface LetterTo {
  readonly asked: AskedPerson
  readonly isReminder: boolean
}

/** One reason to ask people. Its name is in every record, leaf and nudge, and is never reused. */
export interface Purpose {
  /** A Name; leaves are `<name>.asked`, `<name>.answered` and so on. */
  readonly name: string
  /** The leaf type of an answer, if not `<name>.answered`. */
  readonly answeredLeaf?: string
  /** Schema of further details besides choice and comment; absent: none are accepted. */
  readonly details?: z.ZodType
  /** What every leaf says about the subject. */
  leafFacts(question: Question): Readonly<Record<string, string>>
  /** Undefined if there is no such subject. */
  subjectNow(subject: string, ledger: Ledger): Promise<SubjectNow | undefined>
  /**
   * Reads what the mails of one round say, once for all.
   *
   * @throws DrydockError DD1703 when it cannot be read; nobody is asked then.
   */
  letters(question: Question, people: People, ledger: Ledger): Promise<(to: LetterTo) => Letter>
}

/** The ports of every use case of this room. */
export interface QuestionPorts {
  readonly ledger: Ledger
  readonly clock: Clock
  readonly ids: Ids
  /** The account that evidence names. */
  readonly account: string
  /** Every purpose that this function may encounter. */
  readonly purposes: readonly Purpose[]
}

/** The name of a question. */
export interface QuestionName {
  readonly purpose: string
  readonly subject: string
}

/**
 * The purpose of a name.
 * @throws DrydockError DD1707 when it is not registered in this function.
 */
export function purposeOf(name: string, purposes: readonly Purpose[]): Purpose {
  const found = purposes.find((purpose) => purpose.name === name)
  if (!found) throw new DrydockError('DD1707', `no purpose ${name} is registered in this function`)
  return found
}

/** A leaf about a question. */
export const questionLeaf = (
  by: EvidenceBy,
  type: string,
  question: Question,
  body: EvidenceRecord['body'] & object,
): EvidenceRecord => ({ ...by, type, changeId: question.changeId ?? 'none', body })
