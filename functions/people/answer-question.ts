/** Records an answer once, given by link and code or in a signed-in session. */
import { evidenceBy } from '../kit/evidence-by.ts'
import { canonicalJson, type Json } from '../kit/json.ts'
import type { EvidenceRecord } from '../kit/ledger.ts'
import type { Metrics, TaskTokens } from '../kit/ports.ts'
import { retried } from '../kit/retried.ts'
import { isoInstant } from '../kit/time.ts'
import {
  type AnswerRefusal,
  type AnswerRefused,
  type CastAnswer,
  castAnswer,
  choiceOf,
  wrongCodesMax,
} from './casting.ts'
import { type Ending, endingOf } from './ending.ts'
import type { LinkRefusal, QuestionNow } from './follow-link.ts'
import { run as nudgeAsker } from './nudge-asker.ts'
import type { People } from './people.ts'
import type { AskerNudges, Secrets } from './ports.ts'
import { type AnswerProof, run as provePerson } from './prove-person.ts'
import { type Purpose, type QuestionPorts, questionLeaf } from './purpose.ts'
import { type Answer, askedOf, type Question, questionMove } from './question.ts'
import { run as readPeople } from './read-people.ts'

/** What taking an answer needs besides the ledger: secrets to compare, and the askers to notify. */
export interface AnswerPorts extends QuestionPorts {
  readonly secrets: Secrets
  readonly tokens: TaskTokens
  /** Wakes askers without a state machine; without it they find the answer when they next look. */
  readonly askers?: AskerNudges
  readonly metrics?: Metrics
}

/** An answer, with the proof of who gives it. */
export interface GivenAnswer {
  readonly proof: AnswerProof
  readonly choice: string
  readonly comment: string
  /** Further details, in the shape of the purpose's schema. */
  readonly details?: Json
}

/**
 * `unreadable-answer`: a choice that is not offered, malformed Unicode, or details of another shape; nothing was
 * counted.
 */
export type Refusal = LinkRefusal | AnswerRefusal | 'unreadable-answer'

/** The result: recorded, given before, or refused with the reason that the person is told. */
export type Answered =
  | {
      readonly kind: 'recorded'
      readonly choice: string
      readonly outcome: string
      /**
       * `late`: the machine had stopped waiting; `unanswered`: the asker could not be notified. The ledger has the
       * decision.
       */
      readonly asker: 'answered' | 'late' | 'unanswered'
    }
  | { readonly kind: 'already'; readonly earlier: Answer; readonly isSame: boolean }
  | {
      readonly kind: 'refused'
      readonly because: Refusal
      /** With `excluded`: the reason recorded with the name. */
      readonly exclusion?: string
      readonly ending?: Ending
      readonly triesLeft?: number
    }

/** The inputs of one attempt. */
interface Attempt {
  readonly given: GivenAnswer
  readonly now: QuestionNow
  readonly cast: CastAnswer
  readonly people: People
}

/**
 * Records the answer of a person with link and code, or signed in. Of two concurrent answers exactly one ends the
 * question.
 *
 * @throws DrydockError DD1702 when others kept moving the question, DD1703 when the catalogue cannot be read.
 */
export function run(given: GivenAnswer, ports: AnswerPorts): Promise<Answered> {
  return retried({ code: 'DD1702', what: 'the question', advice: 'try again' }, () => tryOnce(given, ports))
}

async function tryOnce(given: GivenAnswer, ports: AnswerPorts): Promise<Answered | undefined> {
  const who = await provePerson(given.proof, ports)
  if ('refused' in who) return { kind: 'refused', because: who.refused }
  const details = detailsText(given.details, who.now.purpose)
  if (details === 'unreadable' || !choiceOf(who.now.question.value, given.choice) || !given.comment.isWellFormed())
    return { kind: 'refused', because: 'unreadable-answer' }
  const people = await readPeople(ports.ledger)
  const cast: CastAnswer = {
    personId: who.personId,
    subjectHash: who.now.subject.subjectHash,
    choice: given.choice,
    comment: given.comment,
    ...(details === undefined ? {} : { details: details.text }),
    proof: await who.proof(people),
    at: isoInstant(ports.clock.nowMs()),
  }
  const attempt: Attempt = { given, now: who.now, cast, people }
  const result = castAnswer(who.now.question.value, cast, people)
  return 'refused' in result ? refuse(attempt, result, ports) : record(attempt, result.question, ports)
}

/** Half a surrogate pair has no JSON form, so it is refused before any transaction. */
function detailsText(given: Json | undefined, { details }: Purpose): { text: string } | 'unreadable' | undefined {
  if (given === undefined && details === undefined) return undefined
  const read = details?.safeParse(given)
  if (!read?.success) return 'unreadable'
  try {
    const text = canonicalJson(read.data)
    return text.length <= 8000 ? { text } : 'unreadable'
  } catch {
    return 'unreadable'
  }
}

/** Refusals that anyone with a link could repeat without end leave no leaf (I16). */
const quiet: readonly AnswerRefusal[] = ['question-closed', 'deadline-passed', 'locked']

async function refuse(
  { given, now, cast, people }: Attempt,
  { refused, exclusion, earlier, question }: AnswerRefused,
  ports: AnswerPorts,
): Promise<Answered | undefined> {
  if (earlier) return { kind: 'already', earlier, isSame: earlier.choice === given.choice }
  const { question: read, purpose } = now
  const told: Answered = {
    kind: 'refused',
    because: refused,
    ...(exclusion === undefined ? {} : { exclusion }),
    ...tellOf(question ?? read.value, cast.personId, refused, people),
  }
  if (quiet.includes(refused)) return told
  const isLocked = question !== undefined && askedOf(question, cast.personId)?.lockedAt === cast.at
  const committed = await ports.ledger.commit({
    moves: question ? [questionMove(read, question)] : [],
    ...(question ? {} : { checks: [{ key: read.key, from: read.version }] }),
    evidence: [
      questionLeaf(
        evidenceBy(ports, cast.at, cast.personId),
        `${purpose.name}.${isLocked ? 'locked' : 'refused'}`,
        read.value,
        {
          because: exclusion ?? refused,
          choice: given.choice,
          ...purpose.leafFacts(read.value),
        },
      ),
    ],
  })
  if (!('committed' in committed)) return undefined
  if (isLocked) ports.metrics?.count('QuestionLinkLocked')
  else ports.metrics?.count('AnswerRefused')
  return told
}

function tellOf(question: Question, personId: string, refused: AnswerRefusal, people: People) {
  if (refused === 'question-closed') return { ending: endingOf(question, people) }
  if (refused !== 'wrong-code') return {}
  const used = askedOf(question, personId)?.wrongCodes ?? wrongCodesMax
  return { triesLeft: Math.max(0, wrongCodesMax - used) }
}

async function record(
  { given, now, cast }: Attempt,
  question: Question,
  ports: AnswerPorts,
): Promise<Answered | undefined> {
  const by = () => evidenceBy(ports, cast.at, cast.personId)
  const { purpose, question: read } = now
  // Leaves are filed in the order of their ids: the answer, then what it moved.
  const first = by()
  const settled = now.subject.settle(question, by)
  if (!settled) return { kind: 'refused', because: 'withdrawn' }
  const { choice, comment, details, proof } = cast
  const leaf: EvidenceRecord = questionLeaf(first, purpose.answeredLeaf ?? `${purpose.name}.answered`, question, {
    choice,
    comment,
    ...(details === undefined ? {} : { details }),
    via: proof,
    ...purpose.leafFacts(question),
    outcome: question.outcome,
  })
  const committed = await ports.ledger.commit({
    moves: [questionMove(read, question), ...settled.moves],
    checks: settled.checks,
    evidence: [leaf, ...settled.evidence],
  })
  if (!('committed' in committed)) return undefined
  const asker = await nudgeAsker(question, cast.personId, ports)
  return { kind: 'recorded', choice: given.choice, outcome: question.outcome, asker }
}
