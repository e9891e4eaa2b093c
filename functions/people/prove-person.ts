/** Proves who answers: by the secret of a personal link and its code, or by a session's verified address. */
import type { Proof } from './casting.ts'
import { type Found, run as findQuestion, type SessionProof } from './find-question.ts'
import { run as followLink, type LinkProof, type LinkRefusal, type LookPorts, type Seen } from './follow-link.ts'
import type { People } from './people.ts'
import type { Secrets } from './ports.ts'

/** The link with its code; a session, if there is one, must be that of the person who was asked (B28). */
export interface LinkAnswerProof extends LinkProof {
  readonly code: string
  readonly sessionAddress?: string
}

/** Proof of who answers, by link or by session. */
export type AnswerProof = ({ readonly by: 'link' } & LinkAnswerProof) | ({ readonly by: 'session' } & SessionProof)

/** A typed code in Crockford's normal form: no case, no separators, O is 0, I and L are 1. */
export const normalisedCode = (typed: string): string =>
  typed
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1')

interface Proven {
  readonly now: Seen | Found
  readonly personId: string
  proof(people: People): Proof
}

/** Who answers, before anything is counted; the code is compared only if the link's secret was right. */
export async function run(proof: AnswerProof, ports: LookPorts): Promise<Proven | { readonly refused: LinkRefusal }> {
  if (proof.by === 'session') {
    const { by, subjectHash, ...name } = proof
    const found = await findQuestion(name, ports)
    if ('refused' in found) return found
    if (found.question.value.subjectHash !== subjectHash) return { refused: 'superseded' }
    return { now: found, personId: found.personId, proof: () => 'session' }
  }
  const seen = await followLink(proof, ports)
  if ('refused' in seen) return seen
  return { now: seen, personId: seen.asked.personId, proof: (people) => linkProof(proof, seen, people, ports.secrets) }
}

function linkProof(
  { code, sessionAddress }: LinkAnswerProof,
  { asked }: Seen,
  people: People,
  secrets: Secrets,
): Proof {
  if (sessionAddress !== undefined) {
    const person = people.ofAddress(sessionAddress)
    return person && people.humanOf(person.id) === people.humanOf(asked.personId) ? 'session' : 'other-session'
  }
  return secrets.isEqual(secrets.digest(normalisedCode(code)), asked.codeDigest) ? 'code' : 'wrong-code'
}
