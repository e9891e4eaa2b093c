/** Finds what a signed-in person may answer, by the session's verified address, never by a link. */

import { isWithdrawn, type LinkRefusal, type LookPorts, type QuestionNow, readQuestion } from './follow-link.ts'
import type { QuestionName } from './purpose.ts'
import { run as readPeople } from './read-people.ts'

/** A signed-in person's proof, in place of link and code. */
export interface SessionProof extends QuestionName {
  /** The hash that the page showed. */
  readonly subjectHash: string
  /** The session's verified address. */
  readonly sessionAddress: string
}

/** The question and the viewer's id, who may not be one of those asked. */
export interface Found extends QuestionNow {
  readonly personId: string
}

/**
 * Finds the question for the signed-in person.
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
