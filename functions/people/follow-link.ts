/** Who and what a link leads to; unknown, foreign and truncated links are indistinguishable. */
import { keys } from '../kit/keys.ts'
import type { Stored } from '../kit/ledger.ts'
import { QuestionLinkRecord } from './link.ts'
import type { Secrets } from './ports.ts'
import { type Purpose, purposeOf, type QuestionName, type QuestionPorts, type SubjectNow } from './purpose.ts'
import { type AskedPerson, askedOf, type Question, QuestionRecord } from './question.ts'

/** Both halves of a personal link: the opaque id, and the secret known only to its holder. */
export interface LinkProof {
  readonly linkId: string
  readonly secret: string
}

/** A question and its subject, read together. */
export interface QuestionNow {
  readonly purpose: Purpose
  readonly question: Stored<Question>
  readonly subject: SubjectNow
}

/** What the holder of a link may see. */
export interface Seen extends QuestionNow {
  readonly asked: AskedPerson
}

/** The ports for reading a question by its link. */
export interface LookPorts extends Pick<QuestionPorts, 'ledger' | 'purposes'> {
  readonly secrets: Secrets
}

/** `withdrawn`: the subject no longer waits for an answer. */
export type LinkRefusal = 'unknown-link' | 'newer-mail' | 'superseded' | 'withdrawn'

/** Compared with when there is no link, so that both paths take the same time. */
const noDigest = '0'.repeat(64)

/** The secret is compared before anything else is read, so that nothing leaks without it. */
export async function run(
  { linkId, secret }: LinkProof,
  ports: LookPorts,
): Promise<Seen | { readonly refused: LinkRefusal }> {
  const { ledger, secrets } = ports
  const link = await ledger.read(QuestionLinkRecord, keys.questionLink(linkId))
  const holdsSecret = secrets.isEqual(secrets.digest(secret), link?.value.secretDigest ?? noDigest)
  if (!link || !holdsSecret) return { refused: 'unknown-link' }
  const { subjectHash, personId } = link.value
  const now = await readQuestion(link.value, ports)
  if (!now) return { refused: 'unknown-link' }
  const { question, subject } = now
  if (subject.subjectHash !== subjectHash || question.value.subjectHash !== subjectHash)
    return { refused: 'superseded' }
  const asked = askedOf(question.value, personId)
  if (!asked) return { refused: 'unknown-link' }
  if (asked.linkId !== linkId) return { refused: 'newer-mail' }
  if (isWithdrawn(now)) return { refused: 'withdrawn' }
  return { ...now, asked }
}

/**
 * The subject first: the answer that ends a question moves both at once, so a question read after its subject is never
 * older, and a decided question is never reported as withdrawn (F15, F16).
 */
export async function readQuestion(
  { purpose: name, subject: id }: QuestionName,
  { ledger, purposes }: Pick<LookPorts, 'ledger' | 'purposes'>,
): Promise<QuestionNow | undefined> {
  const purpose = purposeOf(name, purposes)
  const subject = await purpose.subjectNow(id, ledger)
  const question = await ledger.read(QuestionRecord, keys.question(name, id))
  return question && subject ? { purpose, question, subject } : undefined
}

/** An open question whose subject does not wait for it. */
export const isWithdrawn = ({ question, subject }: QuestionNow): boolean =>
  question.value.outcome === 'open' && !subject.isWaiting
