/** A question put to people: what about, whom, in which roles, until when, and what they answered. The first decision stands. */
import * as z from 'zod'
import { keys, lists } from '../kit/keys.ts'
import type { Move, RecordKind, Stored } from '../kit/ledger.ts'
import { Name } from '../kit/name.ts'

/** One person who is asked. Name, address and roles are never copied here: the catalogue has them, as they are now. */
export const AskedPerson = z.strictObject({
  personId: z.string(),
  /** Opaque; empty until a mail is made. */
  linkId: z.string(),
  /** SHA-256 of the link's secret and of the code, hex; neither is ever stored. */
  secretDigest: z.string(),
  codeDigest: z.string(),
  wrongCodes: z.number().int(),
  lockedAt: z.string().optional(),
  /** When the mail with the present link went; absent: it did not. */
  mailedAt: z.string().optional(),
  remindedAt: z.string().optional(),
  /** Mails in a row that could not be handed over. */
  mailFailures: z.number().int().optional(),
  /** Asked because others did not answer. */
  isEscalation: z.boolean(),
  /** Roles that this person may give in place of those who did not answer, while they hold the role that escalation asks. */
  standsInFor: z.array(z.string()).optional(),
  /** Who handed the question over to this person; they give the roles that person holds. */
  delegatedBy: z.string().optional(),
  /** To whom this person handed it over; they can no longer answer themselves. */
  delegatedTo: z.string().optional(),
})
export type AskedPerson = z.infer<typeof AskedPerson>

/** What one person answered, once. */
export const Answer = z.strictObject({
  personId: z.string(),
  choice: z.string(),
  comment: z.string().max(2000),
  /** Canonical JSON (RFC 8785) of what the purpose asks beside the choice, as its own schema read it. */
  details: z.string().max(8000).optional(),
  at: z.string(),
  via: z.enum(['code', 'session']),
})
export type Answer = z.infer<typeof Answer>

/** What may be answered, and what becomes of the question by it. */
export const Choice = z.strictObject({
  choice: Name,
  outcome: Name,
  /** Ends the question at once; otherwise it does when every role was given so. */
  isFinal: z.boolean(),
})
export type Choice = z.infer<typeof Choice>

/** What is asked, of whom, and what they answered. Instants are ISO 8601 UTC. */
export const Question = z.strictObject({
  /** Which room asks, by the name that it registered. */
  purpose: Name,
  /** What is asked about, in the asker's words: a change, a finding, a service. */
  subject: z.string(),
  /** What exactly was shown; an answer counts for nothing else. */
  subjectHash: z.string(),
  /** The change that evidence names. */
  changeId: z.string().optional(),
  choices: z.array(Choice).min(1),
  /** One answer for each of these roles, by distinct people. `person:<id>` is held by that person alone. */
  roles: z.array(z.string()).min(1),
  /** Ids or addresses of those who may not answer, and the reason that they are told. */
  excluded: z.array(z.strictObject({ who: z.string(), because: Name })),
  /** Whether someone who is asked may hand the question over. */
  mayDelegate: z.boolean(),
  openedAt: z.string(),
  remindAt: z.string().optional(),
  escalateAt: z.string().optional(),
  /** The role that is asked then. */
  escalateTo: z.string().optional(),
  deadlineAt: z.string(),
  isReminded: z.boolean(),
  isEscalated: z.boolean(),
  asked: z.array(AskedPerson),
  answers: z.array(Answer),
  /** `open`, `expired`, or the outcome of the choice that ended it. */
  outcome: z.string(),
  decidedAt: z.string().optional(),
  /** Of the state machine that waits for the outcome, where one does. */
  taskToken: z.string().optional(),
  /** Canonical JSON (RFC 8785) of what an older Drydock had copied of those asked, so that its ballot can be given back. */
  migratedFrom: z.string().optional(),
})
export type Question = z.infer<typeof Question>

/** Kind `question` at `QUESTION#<purpose>#<subject>`. */
export const QuestionRecord: RecordKind<Question> = { kind: 'question', schema: Question }

/** Writes the question as it is now; while it is open and no machine drives it, it is listed by when something is due on it. */
export function questionMove(read: Stored<Question> | undefined, question: Question): Move {
  const { purpose, subject, outcome, taskToken } = question
  const list = { pk: lists.dueQuestions, sk: `${dueAt(question)}#${purpose}#${subject}` }
  return {
    kind: 'question',
    key: keys.question(purpose, subject),
    from: read?.version ?? 0,
    value: question,
    ...(outcome === 'open' && taskToken === undefined ? { list } : {}),
  }
}

/** Mails in a row after which a person counts as out of reach (F43). */
export const mailFailuresMax = 3

/** Whether someone is to get a mail that did not go yet. */
export const isUnmailed = ({ mailedAt, delegatedTo, mailFailures = 0 }: AskedPerson): boolean =>
  mailedAt === undefined && delegatedTo === undefined && mailFailures < mailFailuresMax

/** When a reminder, an escalation or the end is due next. Mails that did not go yet are due at once. */
export function dueAt(question: Question): string {
  const { asked, openedAt, remindAt, escalateAt, deadlineAt, isReminded, isEscalated } = question
  if (asked.some(isUnmailed)) return openedAt
  // What is undefined sorts last.
  const due = [isReminded ? undefined : remindAt, isEscalated ? undefined : escalateAt, deadlineAt]
  return due.toSorted()[0] ?? deadlineAt
}

/** The record of one person among those asked. */
export const askedOf = (question: Question, personId: string): AskedPerson | undefined =>
  question.asked.find((one) => one.personId === personId)

/** The question with one person's record replaced. */
export const withAsked = (question: Question, changed: AskedPerson): Question => ({
  ...question,
  asked: question.asked.map((one) => (one.personId === changed.personId ? changed : one)),
})

/** Someone who is asked and has no link yet. */
export const unasked = (personId: string, more: Partial<AskedPerson> = {}): AskedPerson => ({
  personId,
  linkId: '',
  secretDigest: '',
  codeDigest: '',
  wrongCodes: 0,
  isEscalation: false,
  ...more,
})
