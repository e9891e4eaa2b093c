/** Opens a question for an asker whose own records do not move with it; idempotent. */
import { DrydockError } from '../kit/errors.ts'
import { evidenceBy } from '../kit/evidence-by.ts'
import { keys } from '../kit/keys.ts'
import { retried } from '../kit/retried.ts'
import { isoInstant } from '../kit/time.ts'
import { openQuestion, type QuestionSpec, type Unanswerable } from './asking.ts'
import { purposeOf, type QuestionPorts, questionLeaf } from './purpose.ts'
import { type Question, QuestionRecord, questionMove } from './question.ts'
import { run as readPeople } from './read-people.ts'

/**
 * Opens the question, or finds the one that is open for the same hash. One with another hash, or an ended one, is
 * replaced.
 *
 * Nobody is asked yet: `askPeople` or `followUpQuestions` does that.
 *
 * @throws DrydockError DD1702 when others kept moving it, DD1703 when the catalogue cannot be read, DD1707 for a
 * purpose that is not registered, or a specification whose outcome would be undefined.
 */
export async function run(spec: QuestionSpec, ports: QuestionPorts): Promise<Question | Unanswerable> {
  const { purpose, subject } = spec
  const { leafFacts } = purposeOf(purpose, ports.purposes)
  return retried({ code: 'DD1702', what: `the question of ${purpose} on ${subject}` }, async () => {
    const known = await ports.ledger.read(QuestionRecord, keys.question(purpose, subject))
    const isSame = known?.value.subjectHash === spec.subjectHash && known.value.outcome === 'open'
    if (known && isSame) return known.value
    const at = isoInstant(ports.clock.nowMs())
    const question = openQuestion(spec, await readPeople(ports.ledger), at)
    if ('missing' in question) return question
    const { roles, deadlineAt } = question
    const result = await ports.ledger.commit({
      moves: [questionMove(known, question)],
      evidence: [
        questionLeaf(evidenceBy(ports, at), `${purpose}.opened`, question, {
          ...leafFacts(question),
          roles,
          deadlineAt,
        }),
      ],
    })
    return 'committed' in result ? question : undefined
  })
}

/** The text for a question that nobody can answer, so that a hold says what is missing. */
export function unanswerableText({ missing, unheld }: Unanswerable, whoDoesNotCount: string): string {
  const role = unheld[0] ?? missing[0]
  if (role === undefined) throw new DrydockError('DD1707', 'a question that misses no role can be asked')
  return unheld.length > 0
    ? `nobody eligible has the role ${role}; ${whoDoesNotCount} do not count`
    : `the quorum needs another person with the role ${role}: nobody may give two roles`
}
