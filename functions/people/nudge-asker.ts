/** Notifies the asker that a question ended: the machine waiting with a token, or the room, by purpose. */
import { evidenceBy } from '../kit/evidence-by.ts'
import { isoInstant } from '../kit/time.ts'
import type { AnswerPorts } from './answer-question.ts'
import { purposeOf, questionLeaf } from './purpose.ts'
import type { Question } from './question.ts'

type NudgePorts = Omit<AnswerPorts, 'secrets'>

/**
 * The ledger has the decision whether or not the asker is notified: it checks again by itself, or is restarted (F19,
 * F20).
 * @returns `answered` also if there is nothing to report yet.
 */
export async function run(
  question: Question,
  actor: string,
  ports: NudgePorts,
): Promise<'answered' | 'late' | 'unanswered'> {
  const { outcome, purpose } = question
  if (outcome === 'open') return 'answered'
  let fault: string
  try {
    if ((await tell(question, ports)) === 'answered') return 'answered'
    fault = 'late'
  } catch (error) {
    // The name only: a message could repeat the token (I14).
    fault = error instanceof Error ? error.name : 'unknown'
  }
  ports.metrics?.count('AskerUnanswered')
  const at = isoInstant(ports.clock.nowMs())
  const body = { ...purposeOf(purpose, ports.purposes).leafFacts(question), outcome, because: fault }
  await ports.ledger.commit({
    moves: [],
    evidence: [questionLeaf(evidenceBy(ports, at, actor), `${purpose}.late`, question, body)],
  })
  return fault === 'late' ? 'late' : 'unanswered'
}

async function tell({ purpose, subject, outcome, taskToken }: Question, ports: NudgePorts) {
  if (taskToken !== undefined) return ports.tokens.succeed(taskToken, { outcome })
  await ports.askers?.nudge(purpose, { subject, outcome })
  return 'answered'
}
