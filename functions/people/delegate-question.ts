/**
 * Delegation: someone who is asked hands the question over to another person of the catalogue, who gets their own link.
 */
import { evidenceBy } from '../kit/evidence-by.ts'
import type { Stored } from '../kit/ledger.ts'
import { retried } from '../kit/retried.ts'
import { isoInstant } from '../kit/time.ts'
import { type DelegationRefusal, delegated } from './asking.ts'
import { type AnswerRefusal, refusalOf } from './casting.ts'
import type { LinkRefusal } from './follow-link.ts'
import type { Secrets } from './ports.ts'
import { type AnswerProof, run as provePerson } from './prove-person.ts'
import { type Purpose, type QuestionPorts, questionLeaf } from './purpose.ts'
import { type Question, questionMove } from './question.ts'
import { run as readPeople } from './read-people.ts'

/** Who hands a question over, with proof, and to whom. */
export interface Delegation {
  readonly proof: AnswerProof
  /** Id in the catalogue. */
  readonly to: string
}

/** The result; after a refusal only a wrong code was counted. */
export type Delegated =
  | { readonly kind: 'delegated'; readonly to: string }
  | { readonly kind: 'refused'; readonly because: LinkRefusal | AnswerRefusal | DelegationRefusal }

/**
 * Hands a question over, for anyone who could answer it themselves. A wrong code counts as it does for an answer.
 *
 * @throws DrydockError DD1702 when others kept moving the question, DD1703 when the catalogue cannot be read.
 */
export function run(
  { proof, to }: Delegation,
  ports: QuestionPorts & { readonly secrets: Secrets },
): Promise<Delegated> {
  return retried({ code: 'DD1702', what: 'the question', advice: 'try again' }, async () => {
    const who = await provePerson(proof, ports)
    if ('refused' in who) return { kind: 'refused', because: who.refused }
    const { personId, now } = who
    const { question: read, subject, purpose } = now
    const people = await readPeople(ports.ledger)
    const at = isoInstant(ports.clock.nowMs())
    const cast = {
      personId,
      subjectHash: subject.subjectHash,
      choice: '',
      comment: '',
      proof: await who.proof(people),
      at,
    }
    const refusal = refusalOf(read.value, cast, people)
    const body = { to, ...purpose.leafFacts(read.value) }
    if (refusal) {
      const told: Delegated = { kind: 'refused', because: refusal.refused }
      if (!refusal.question) return told
      const counted = { because: refusal.refused, ...body }
      const isCounted = await write(
        { read, next: refusal.question, purpose, verb: 'refused', at, personId, body: counted },
        ports,
      )
      return isCounted ? told : undefined
    }
    const result = delegated(read.value, personId, to, people)
    if ('refused' in result) return { kind: 'refused', because: result.refused }
    const isWritten = await write(
      { read, next: result.question, purpose, verb: 'delegated', at, personId, body },
      ports,
    )
    return isWritten ? { kind: 'delegated', to } : undefined
  })
}

interface Written {
  readonly read: Stored<Question>
  readonly next: Question
  readonly purpose: Purpose
  readonly verb: 'delegated' | 'refused'
  readonly at: string
  readonly personId: string
  readonly body: Readonly<Record<string, string>>
}

async function write(
  { read, next, purpose, verb, at, personId, body }: Written,
  ports: QuestionPorts,
): Promise<boolean> {
  const leaf = questionLeaf(evidenceBy(ports, at, personId), `${purpose.name}.${verb}`, next, body)
  const result = await ports.ledger.commit({ moves: [questionMove(read, next)], evidence: [leaf] })
  return 'committed' in result
}
