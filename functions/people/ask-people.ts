/** Gives each person to ask their own link and code, stores the digests, then sends the mails. */
import { DrydockError } from '../kit/errors.ts'
import { evidenceBy } from '../kit/evidence-by.ts'
import { keys } from '../kit/keys.ts'
import { type Stored, transactionItemsMax } from '../kit/ledger.ts'
import { retried } from '../kit/retried.ts'
import { isoInstant } from '../kit/time.ts'
import type { AskStep } from './ask-step.ts'
import { escalated } from './asking.ts'
import { unanswered } from './counting.ts'
import { isWithdrawn, readQuestion } from './follow-link.ts'
import { type Letter, letterMail } from './letter.ts'
import { questionLinkMove, questionUrl } from './link.ts'
import type { People } from './people.ts'
import type { Mailer, Secrets } from './ports.ts'
import { type LetterTo, type Purpose, type QuestionName, type QuestionPorts, questionLeaf } from './purpose.ts'
import {
  type AskedPerson,
  isUnmailed,
  mailFailuresMax,
  type Question,
  QuestionRecord,
  questionMove,
} from './question.ts'
import { run as readPeople } from './read-people.ts'

/** One step of asking on one question. */
export interface AskPeople extends QuestionName {
  readonly step: AskStep
  /** Token of the machine that now waits; the newest one is answered. */
  readonly taskToken?: string
  /** Whether the mails of step `ask` are reminders: the rest of a round too large for one transaction. */
  readonly isReminder?: boolean
}

/** What asking needs besides the ledger: mail, secrets, and the console's URL for the links. */
export interface AskPorts extends QuestionPorts {
  readonly mailer: Mailer
  readonly secrets: Secrets
  readonly consoleUrl: string
}

/** The result of a round: the question's outcome so far, and the number of mails. */
export interface AskedRound {
  readonly outcome: string
  readonly asked: number
}

/** Someone with a new link and code, which exist only here and in the mail. */
interface Fresh {
  readonly asked: AskedPerson
  readonly secret: string
  readonly code: string
}

interface Round {
  readonly purpose: Purpose
  readonly question: Question
  readonly fresh: readonly Fresh[]
  readonly step: AskStep
  readonly isReminder: boolean
  /** Whether this step still has others to ask. */
  readonly isMore: boolean
  readonly people: People
  readonly letter: (to: LetterTo) => Letter
}

/** Most people per round: each adds a link to its transaction, besides the question and the leaf. */
export const askedAtOnceMax = transactionItemsMax - 10

const leafVerbs = { remind: 'reminded', escalate: 'escalated' } as const

/**
 * Takes one step of asking and keeps the waiting machine's token; a step already taken only asks those whose mail was
 * not sent.
 *
 * Digests are stored before a mail is sent, so every link in a mail works. A new link replaces the unused one.
 *
 * @throws DrydockError DD1701 without the question, DD1702 when others kept moving it, DD1703 when its subject or the
 * catalogue cannot be read, DD1705 when mails could not be sent: all others were, and the next call retries those.
 */
export async function run(input: AskPeople, ports: AskPorts): Promise<AskedRound> {
  const round = await retried(contentionOn(input), () => tryOnce(input, ports))
  if ('outcome' in round) return round
  await sendAll(round, ports)
  const asked = round.fresh.length
  if (!round.isMore) return { outcome: 'open', asked }
  const { isReminder } = round
  const rest = await run({ ...input, step: 'ask', isReminder }, ports)
  return { outcome: rest.outcome, asked: asked + rest.asked }
}

const contentionOn = ({ purpose, subject }: QuestionName) => ({
  code: 'DD1702',
  what: `the question of ${purpose} on ${subject}`,
})

async function tryOnce(input: AskPeople, ports: AskPorts): Promise<Round | AskedRound | undefined> {
  const now = await readQuestion(input, ports)
  if (!now) throw new DrydockError('DD1701', `${input.subject} has no question of ${input.purpose}; nobody was asked`)
  const { question, purpose } = now
  const { outcome } = question.value
  if (outcome !== 'open') return { outcome, asked: 0 }
  if (isWithdrawn(now)) return { outcome: 'withdrawn', asked: 0 }
  const people = await readPeople(ports.ledger)
  const step = stepOf(question.value, input.step)
  const asking = step === 'escalate' ? escalated(question.value, people) : question.value
  const letter = await purpose.letters(asking, people, ports.ledger)
  const isReminder = step === 'remind' || input.isReminder === true
  const wanted = unanswered(asking, people).filter((one) => step === 'remind' || isUnmailed(one))
  const fresh = wanted.slice(0, askedAtOnceMax).map((one) => freshLink(one, ports))
  const waiting = new Set(wanted.slice(askedAtOnceMax).map(({ personId }) => personId))
  const next: Question = {
    ...asking,
    isReminded: asking.isReminded || step === 'remind',
    asked: withFresh(asking, fresh, waiting),
    ...(input.taskToken === undefined ? {} : { taskToken: input.taskToken }),
  }
  const round: Round = { purpose, question: next, fresh, step, isReminder, isMore: waiting.size > 0, people, letter }
  // Nothing is written if nobody is asked and no new machine waits.
  if (fresh.length === 0 && step === 'ask' && input.taskToken === undefined) return { outcome, asked: 0 }
  return (await store(question, round, ports)) ? round : undefined
}

/** Reminder and escalation happen once each, however often they are requested. */
function stepOf({ isReminded, isEscalated }: Question, wanted: AskStep): AskStep {
  return (wanted === 'remind' && isReminded) || (wanted === 'escalate' && isEscalated) ? 'ask' : wanted
}

function freshLink(one: AskedPerson, { ids, secrets }: AskPorts): Fresh {
  const [secret, code] = [secrets.linkSecret(), secrets.code()]
  const digests = { secretDigest: secrets.digest(secret), codeDigest: secrets.digest(code) }
  return { asked: withLink(one, { linkId: ids.next(), ...digests }), secret, code }
}

/** A new link has its own lock: guesses used up on the old one do not count. */
function withLink(one: AskedPerson, link: Pick<AskedPerson, 'linkId' | 'secretDigest' | 'codeDigest'>): AskedPerson {
  const { lockedAt, mailedAt, ...rest } = one
  return { ...rest, ...link, wrongCodes: 0 }
}

/** Those with a new link, and those waiting for one, whose mail counts as not sent. */
function withFresh(question: Question, fresh: readonly Fresh[], waiting: ReadonlySet<string>): AskedPerson[] {
  const byId = new Map(fresh.map(({ asked }) => [asked.personId, asked]))
  return question.asked.map((one) => {
    if (!waiting.has(one.personId)) return byId.get(one.personId) ?? one
    const { mailedAt, ...rest } = one
    return rest
  })
}

async function store(read: Stored<Question>, round: Round, ports: AskPorts): Promise<boolean> {
  const { purpose, question, fresh, step } = round
  const { purpose: name, subject, subjectHash, deadlineAt } = question
  const verb = step !== 'ask' ? leafVerbs[step] : fresh.length > 0 ? 'asked' : 'awaited'
  const result = await ports.ledger.commit({
    moves: [
      questionMove(read, question),
      ...fresh.map(({ asked: { linkId, personId, secretDigest } }) =>
        questionLinkMove(linkId, { purpose: name, subject, subjectHash, personId, secretDigest }),
      ),
    ],
    evidence: [
      questionLeaf(evidenceBy(ports, isoInstant(ports.clock.nowMs())), `${name}.${verb}`, question, {
        ...purpose.leafFacts(question),
        asked: fresh.map(({ asked }) => asked.personId),
        standIns: question.asked.flatMap(({ personId, standsInFor }) =>
          standsInFor ? [{ personId, standsInFor }] : [],
        ),
        deadlineAt,
      }),
    ],
  })
  return 'committed' in result
}

/** One refusing mailbox must not keep others from being asked. */
async function sendAll(round: Round, ports: AskPorts): Promise<void> {
  const { question, fresh } = round
  const faults = new Map<string, unknown>()
  for (const one of fresh) {
    try {
      await sendOne(one, round, ports)
    } catch (error) {
      faults.set(one.asked.personId, error)
    }
  }
  if (fresh.length > 0) await recordMails(round, new Set(faults.keys()), ports)
  const [first] = faults.values()
  if (faults.size > 0)
    throw new DrydockError(
      'DD1705',
      `no mail could be sent to ${[...faults.keys()].join(', ')} on ${question.subject}; the next round tries again, and after ${mailFailuresMax} failures others are asked`,
      { cause: first },
    )
}

async function sendOne({ asked, secret, code }: Fresh, { people, letter, isReminder }: Round, ports: AskPorts) {
  const person = people.person(asked.personId)
  if (!person) throw new DrydockError('DD1705', `${asked.personId} is no longer in the catalogue`)
  const link = questionUrl(ports.consoleUrl, asked.linkId, secret)
  const mail = await letterMail({
    to: person.email,
    letter: letter({ asked, isReminder }),
    link,
    code,
  })
  await ports.mailer.send(person.channel, person.id, mail)
}

/** Records which mails were sent. The question is reread: an answer may have arrived meanwhile. */
async function recordMails(round: Round, failed: ReadonlySet<string>, ports: AskPorts): Promise<void> {
  const { purpose, subject } = round.question
  const people = round.fresh.map(({ asked }) => asked.personId)
  const body = {
    mailed: people.filter((personId) => !failed.has(personId)),
    failed: people.filter((personId) => failed.has(personId)),
  }
  await retried(contentionOn(round.question), async () => {
    const read = await ports.ledger.read(QuestionRecord, keys.question(purpose, subject))
    if (!read) return 'gone'
    const at = isoInstant(ports.clock.nowMs())
    const result = await ports.ledger.commit({
      moves: [questionMove(read, withMails(read.value, round, failed, at))],
      evidence: [questionLeaf(evidenceBy(ports, at), `${purpose}.mailed`, read.value, body)],
    })
    return 'committed' in result ? 'recorded' : undefined
  })
}

function withMails(
  question: Question,
  { fresh, isReminder }: Round,
  failed: ReadonlySet<string>,
  at: string,
): Question {
  const links = new Set(fresh.map(({ asked }) => asked.linkId))
  const asked = question.asked.map((one): AskedPerson => {
    if (!links.has(one.linkId)) return one
    if (failed.has(one.personId)) return { ...one, mailFailures: (one.mailFailures ?? 0) + 1 }
    return { ...one, mailedAt: at, mailFailures: 0, ...(isReminder ? { remindedAt: at } : {}) }
  })
  return { ...question, asked }
}
