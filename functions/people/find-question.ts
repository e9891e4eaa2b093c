/** What a signed-in person may answer: found by the address that the session vouches for, never by a link. */

import { isWithdrawn, type LinkRefusal, type LookPorts, type QuestionNow, readQuestion } from './follow-link.ts'
import type { QuestionName } from './purpose.ts'
import { run as readPeople } from './read-people.ts'

/** What stands for a signed-in person in place of link and code. */
export interface SessionProof extends QuestionName {
  /** What the page showed. */
  readonly subjectHash: string
  /** The address that the session vouches for. */
  readonly sessionAddress: string
}

/** The question and the id of the person who looks, who need not be one of those asked. */
export interface Found extends QuestionNow {
  readonly personId: string
}

/**
 * Finds the question for whoever the session vouches for.
 *
 * @throws DrydockError DD1703 when the catalogue cannot be read.
 */
export async function run(
  { sessionAddress, ...name }: Omit<SessionProof, 'subjectHash'>,
  ports: Pick<LookPorts, 'ledger' | 'purposes'>,
): Promise<Found | { readonly refused: LinkRefusal }> {
  const now = await readQuestion(name, ports)
  const person = (await readPeople(ports.ledger)).ofAddress(sessionAddress)
  if (!now || !person) return { refused: 'unknown-link' }
  const { question, subject } = now
  if (question.value.subjectHash !== subject.subjectHash && !subject.isOver) return { refused: 'superseded' }
  if (isWithdrawn(now)) return { refused: 'withdrawn' }
  return { ...now, personId: person.id }
}
