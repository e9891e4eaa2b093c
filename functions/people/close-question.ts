/** Checks a question that an asker waits for: expired, decided meanwhile, or which step of asking is due. */
import { DrydockError } from '../kit/errors.ts'
import { evidenceBy } from '../kit/evidence-by.ts'
import { retried } from '../kit/retried.ts'
import { isoInstant } from '../kit/time.ts'
import { type NextAskStep, nextAskStep, noStep } from './ask-step.ts'
import { type QuestionNow, readQuestion } from './follow-link.ts'
import { type QuestionName, type QuestionPorts, questionLeaf } from './purpose.ts'
import { questionMove } from './question.ts'
import { run as readPeople } from './read-people.ts'

/** `withdrawn`: the subject no longer waits, though the question was never decided. */
export interface QuestionLook extends NextAskStep {
  readonly outcome: string
}

/**
 * Expires the question, with what its purpose moves then, once the deadline has passed, unless it was decided.
 *
 * @throws DrydockError DD1701 without the question, DD1702 when every try met another writer, DD1703 when the catalogue
 * cannot be read.
 */
export function run(name: QuestionName, ports: QuestionPorts): Promise<QuestionLook> {
  const contention = { code: 'DD1702', what: `the question of ${name.purpose} on ${name.subject}` }
  return retried(contention, () => tryOnce(name, ports))
}

async function tryOnce(name: QuestionName, ports: QuestionPorts): Promise<QuestionLook | undefined> {
  const now = await readQuestion(name, ports)
  if (!now) throw new DrydockError('DD1701', `${name.subject} has no question of ${name.purpose}`)
  const { question, subject } = now
  const { outcome, deadlineAt, subjectHash } = question.value
  const at = isoInstant(ports.clock.nowMs())
  if (outcome !== 'open') return { outcome, ...noStep }
  // Cancelled, superseded or replanned: nobody needs to be asked any more.
  if (!subject.isWaiting || subject.subjectHash !== subjectHash) return { outcome: 'withdrawn', ...noStep }
  if (at >= deadlineAt) return expire(now, at, ports)
  return { outcome, ...nextAskStep(question.value, await readPeople(ports.ledger), at) }
}

async function expire(
  { purpose, question: read, subject }: QuestionNow,
  at: string,
  ports: QuestionPorts,
): Promise<QuestionLook | undefined> {
  const expired = { ...read.value, outcome: 'expired', decidedAt: at }
  const by = () => evidenceBy(ports, at)
  const settled = subject.settle(expired, by)
  if (!settled) return { outcome: 'withdrawn', ...noStep }
  const [first, ...rest] = settled.evidence
  const result = await ports.ledger.commit({
    moves: [questionMove(read, expired), ...settled.moves],
    checks: settled.checks,
    evidence: [first ?? questionLeaf(by(), `${purpose.name}.expired`, expired, purpose.leafFacts(expired)), ...rest],
  })
  return 'committed' in result ? { outcome: 'expired', ...noStep } : undefined
}
