/**
 * A question put to people: its subject, whom it is put to, the roles needed, the deadline and the answers. The first
 * decision stands.
 */
import * as z from 'zod'
import { keys, lists } from '../kit/keys.ts'
import type { Move, RecordKind, Stored } from '../kit/ledger.ts'
import { Name } from '../kit/name.ts'

/** One person who is asked. Name, address and roles are never copied here: the catalogue has the current ones. */
export const AskedPerson = z.strictObject({
  personId: z.string(),
  /** Opaque; empty until a mail is made. */
  linkId: z.string(),
  /** SHA-256 of the link's secret and of the code, hex; neither is ever stored. */
  secretDigest: z.string(),
  codeDigest: z.string(),
  wrongCodes: z.number().int(),
  lockedAt: z.string().optional(),
  /** When the mail with the current link was sent; absent if it was not. */
  mailedAt: z.string().optional(),
  remindedAt: z.string().optional(),
  /** Consecutive mails that could not be sent. */
  mailFailures: z.number().int().optional(),
  /** Whether they were asked because others did not answer. */
  isEscalation: z.boolean(),
  /** Roles that this person may give for those who did not answer, while they hold the escalation role. */
  standsInFor: z.array(z.string()).optional(),
  /** Who handed the question over to this person, who gives the delegator's roles. */
  delegatedBy: z.string().optional(),
  /** To whom this person handed it over; then they can no longer answer. */
  delegatedTo: z.string().optional(),
})
export type AskedPerson = z.infer<typeof AskedPerson>

/** What one person answered, once. */
export const Answer = z.strictObject({
  personId: z.string(),
  choice: z.string(),
  comment: z.string().max(2000),
  /** Canonical JSON (RFC 8785) of the further details, as parsed by the purpose's schema. */
  details: z.string().max(8000).optional(),
  at: z.string(),
  via: z.enum(['code', 'session']),
})
export type Answer = z.infer<typeof Answer>

/** A possible answer, and the outcome that it leads to. */
export const Choice = z.strictObject({
  choice: Name,
  outcome: Name,
  /** Whether it ends the question at once; otherwise only once every role was given with it. */
  isFinal: z.boolean(),
})
export type Choice = z.infer<typeof Choice>

/** A question with the people asked and their answers. Instants are ISO 8601 UTC. */
export const Question = z.strictObject({
  /** The registered name of the purpose. */
  purpose: Name,
  /** The id of what is asked about: a change, a finding, a service. */
  subject: z.string(),
  /** The hash of exactly what was shown; an answer counts for nothing else. */
  subjectHash: z.string(),
  /** The change that evidence names. */
  changeId: z.string().optional(),
  choices: z.array(Choice).min(1),
  /** One answer for each of these roles, by distinct people. `person:<id>` is held by that person alone. */
  roles: z.array(z.string()).min(1),
  /** Ids or addresses of those who may not answer, with the reason they are told. */
  excluded: z.array(z.strictObject({ who: z.string(), because: Name })),
  /** Whether those asked may delegate. */
  mayDelegate: z.boolean(),
  openedAt: z.string(),
  remindAt: z.string().optional(),
  escalateAt: z.string().optional(),
  /** The role that is asked on escalation. */
  escalateTo: z.string().optional(),
  deadlineAt: z.string(),
  isReminded: z.boolean(),
  isEscalated: z.boolean(),
  asked: z.array(AskedPerson),
  answers: z.array(Answer),
  /** `open`, `expired`, or the outcome of the choice that ended it. */
  outcome: z.string(),
  decidedAt: z.string().optional(),
  /** Task token of the state machine that waits for the outcome, if any. */
  taskToken: z.string().optional(),
  /**
   * Canonical JSON (RFC 8785) of what an older Drydock had copied of those asked, so that the migration can be undone.
   */
  migratedFrom: z.string().optional(),
})
export type Question = z.infer<typeof Question>

/** Kind `question` at `QUESTION#<purpose>#<subject>`. */
export const QuestionRecord: RecordKind<Question> = { kind: 'question', schema: Question }

/** Writes the question; while it is open and without a machine, it is listed by when something is next due. */
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

/** Consecutive unsent mails after which a person counts as unreachable (F43). */
export const mailFailuresMax = 3

/** Whether someone still has to be sent a mail. */
export const isUnmailed = ({ mailedAt, delegatedTo, mailFailures = 0 }: AskedPerson): boolean =>
  mailedAt === undefined && delegatedTo === undefined && mailFailures < mailFailuresMax

/** When the next reminder, escalation or end is due. Unsent mails are due at once. */
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

/** Someone to be asked, without a link yet. */
export const unasked = (personId: string, more: Partial<AskedPerson> = {}): AskedPerson => ({
  personId,
  linkId: '',
  secretDigest: '',
  codeDigest: '',
  wrongCodes: 0,
  isEscalation: false,
  ...more,
})
