/** Does whatever is due on open questions without a state machine: asks, reminds, escalates, expires. */
import { evidenceBy } from '../kit/evidence-by.ts'
import { lists } from '../kit/keys.ts'
import type { Stored } from '../kit/ledger.ts'
import { isoInstant } from '../kit/time.ts'
import type { AnswerPorts } from './answer-question.ts'
import { type AskPorts, run as askPeople } from './ask-people.ts'
import { nextAskStep } from './ask-step.ts'
import { run as closeQuestion, type QuestionLook } from './close-question.ts'
import { run as nudgeAsker } from './nudge-asker.ts'
import { type QuestionName, questionLeaf } from './purpose.ts'
import { dueAt, type Question, QuestionRecord, questionMove } from './question.ts'
import { run as readPeople } from './read-people.ts'

/** The ports for asking, and for notifying the asker of an expiry. */
export type FollowUpPorts = AskPorts & AnswerPorts

type Looked = QuestionName & Pick<QuestionLook, 'outcome' | 'step'>
type Failed = QuestionName & { readonly because: string }

/** The result of one run. */
export interface FollowedUp {
  /** Questions on which something was due, with their state now. */
  readonly looked: readonly Looked[]
  /** Those that failed, with the reason; the next run retries. */
  readonly failed: readonly Failed[]
}

const pageSize = 100

/**
 * Follows up every question that is due; one that fails is reported in the result and retried in the next run.
 *
 * @throws DrydockError DD1703 when the catalogue cannot be read.
 */
export async function run(ports: FollowUpPorts): Promise<FollowedUp> {
  const at = isoInstant(ports.clock.nowMs())
  const looked: Looked[] = []
  const failed: Failed[] = []
  for (const question of await dueQuestions(at, ports)) {
    const { purpose, subject } = question.value
    try {
      const { outcome, step } = await followUp(question, at, ports)
      looked.push({ purpose, subject, outcome, step })
    } catch (error) {
      failed.push({ purpose, subject, because: error instanceof Error ? error.message : String(error) })
    }
  }
  return { looked, failed }
}

/**
 * Everything due by now, read before anything moves. Who can be reached depends on the catalogue, so each is checked.
 */
async function dueQuestions(at: string, { ledger }: FollowUpPorts): Promise<Stored<Question>[]> {
  const people = await readPeople(ledger)
  const open: Stored<Question>[] = []
  for (let after: string | undefined; ; ) {
    const options = { limit: pageSize, ...(after === undefined ? {} : { after }) }
    const found = await ledger.list(QuestionRecord, lists.dueQuestions, options)
    open.push(...found)
    after = found.at(-1)?.listSk
    if (found.length < pageSize || after === undefined) break
  }
  return open.filter(({ value }) => at >= dueAt(value) || nextAskStep(value, people, at).step !== 'ask')
}

async function followUp(read: Stored<Question>, at: string, ports: FollowUpPorts): Promise<QuestionLook> {
  const { purpose, subject, deadlineAt } = read.value
  const look = await closeQuestion({ purpose, subject }, ports)
  if (look.outcome === 'expired') await nudgeAsker({ ...read.value, outcome: 'expired' }, 'drydock', ports)
  if (look.outcome === 'withdrawn' && at >= deadlineAt) await retire(read, at, ports)
  if (look.step !== 'none') await askPeople({ purpose, subject, step: look.step }, ports)
  return look
}

/** Its subject no longer waits, so it is not checked any more. */
async function retire(read: Stored<Question>, at: string, ports: FollowUpPorts): Promise<void> {
  const withdrawn = { ...read.value, outcome: 'withdrawn', decidedAt: at }
  const leaf = questionLeaf(evidenceBy(ports, at), `${read.value.purpose}.withdrawn`, withdrawn, {})
  await ports.ledger.commit({ moves: [questionMove(read, withdrawn)], evidence: [leaf] })
}
