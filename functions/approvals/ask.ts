/** Gives every approver who must be asked an own link and code, stores their digests, and then sends the mails. */
import { CatalogueRecord } from '../catalogue/index.ts'
import { type Change, ChangeRecord, type MovePorts } from '../changes/index.ts'
import { DrydockError } from '../kit/errors.ts'
import { keys } from '../kit/keys.ts'
import type { Stored } from '../kit/ledger.ts'
import { isoInstant } from '../kit/time.ts'
import type { Mailer, Secrets } from '../people/index.ts'
import { approvalLinkMove, approvalUrl } from '../people/index.ts'
import { type Plan, PlanRecord } from '../planning/index.ts'
import { type Approver, type Ballot, BallotRecord } from './ballot.ts'
import { isWithdrawn } from './follow-link.ts'
import { askMail } from './mail.ts'
import { type AskStep, mailFailuresMax } from './next-step.ts'
import { escalate, unvoted } from './open.ts'

export interface AskApprovers {
  readonly changeId: string
  readonly step: AskStep
  readonly taskToken: string
}

export interface AskPorts extends MovePorts {
  readonly mailer: Mailer
  readonly secrets: Secrets
  readonly consoleUrl: string
}

/** An approver with a new link and code, which stand nowhere but here and in the mail. */
interface Asked {
  readonly approver: Approver
  readonly secret: string
  readonly code: string
}

interface Round {
  readonly change: Change
  readonly plan: Plan
  readonly ballot: Ballot
  readonly asked: readonly Asked[]
  readonly step: AskStep
}

const leafTypes = { remind: 'approval.reminded', escalate: 'approval.escalated' } as const
const triesMax = 5

/**
 * Takes one step of asking and keeps the waiting machine's token; a step already taken only asks those whose mail did not go.
 *
 * Digests are stored before a mail goes, so no mail holds a link that does not work. A new link replaces the unused one.
 *
 * @throws DrydockError DD1701 without a ballot, DD1702 when others kept moving it, DD1703 when its plan cannot be read,
 * DD1705 when mails could not be handed over: all others were sent, and the next call tries those again.
 */
export async function ask(
  { changeId, step, taskToken }: AskApprovers,
  ports: AskPorts,
): Promise<{ outcome: Ballot['outcome'] | 'withdrawn'; asked: number }> {
  for (let tries = 0; tries < triesMax; tries++) {
    const read = await ports.ledger.read(BallotRecord, keys.ballot(changeId))
    if (!read) throw new DrydockError('DD1701', `change ${changeId} has no ballot`)
    if (read.value.outcome !== 'open') return { outcome: read.value.outcome, asked: 0 }
    const round = await prepare(read.value, step, taskToken, ports)
    if (isWithdrawn(read.value, round.change)) return { outcome: 'withdrawn', asked: 0 }
    if (!(await store(read, round, ports))) continue
    await sendAll(round, ports)
    return { outcome: 'open', asked: round.asked.length }
  }
  throw new DrydockError('DD1702', `the ballot of ${changeId} was moved by others ${triesMax} times in a row`)
}

async function prepare(
  known: Ballot,
  wanted: AskStep,
  taskToken: string,
  { ledger, ids, secrets }: AskPorts,
): Promise<Round> {
  const { changeId, planHash } = known
  const [change, plan, catalogue] = await Promise.all([
    ledger.read(ChangeRecord, keys.change(changeId)),
    ledger.read(PlanRecord, keys.plan(changeId, planHash)),
    ledger.read(CatalogueRecord, keys.catalogue()),
  ])
  if (!change || !plan) throw new DrydockError('DD1703', `the plan of ${changeId} cannot be read; nobody was asked`)
  const step = stepOf(known, wanted)
  if (step === 'escalate' && !catalogue)
    throw new DrydockError('DD1703', `the catalogue cannot be read; nobody was asked in place of others on ${changeId}`)
  const ballot = step === 'escalate' && catalogue ? escalate(known, catalogue.value) : known
  const isReminder = step === 'remind'
  const asked = unvoted(ballot)
    .filter((approver) => isReminder || (approver.mailedAt === undefined && !isGivenUp(approver)))
    .map((approver): Asked => {
      const [secret, code] = [secrets.linkSecret(), secrets.code()]
      const digests = { secretDigest: secrets.digest(secret), codeDigest: secrets.digest(code) }
      return { approver: withLink(approver, { linkId: ids.next(), ...digests }), secret, code }
    })
  const fresh = new Map(asked.map(({ approver }) => [approver.personId, approver]))
  const approvers = ballot.approvers.map((approver) => fresh.get(approver.personId) ?? approver)
  const isReminded = ballot.isReminded || isReminder
  return {
    change: change.value,
    plan: plan.value,
    ballot: { ...ballot, isReminded, approvers, taskToken },
    asked,
    step,
  }
}

/** Reminder and escalation happen once each, however often the machine asks for them. */
function stepOf({ isReminded, isEscalated }: Ballot, wanted: AskStep): AskStep {
  return (wanted === 'remind' && isReminded) || (wanted === 'escalate' && isEscalated) ? 'ask' : wanted
}

const isGivenUp = ({ mailFailures = 0 }: Approver) => mailFailures >= mailFailuresMax

/** A new link is a new lock: whoever used up the guesses on the old one cannot open this one. */
function withLink(approver: Approver, link: Pick<Approver, 'linkId' | 'secretDigest' | 'codeDigest'>): Approver {
  const { lockedAt, mailedAt, ...rest } = approver
  return { ...rest, ...link, wrongCodes: 0 }
}

async function store(read: Stored<Ballot>, round: Round, { ledger, clock, ids, account }: AskPorts): Promise<boolean> {
  const { ballot, asked, step } = round
  const { changeId, planHash, deadlineAt } = ballot
  const result = await ledger.commit({
    moves: [
      ballotMove(read, ballot),
      ...asked.map(({ approver: { linkId, personId, secretDigest } }) =>
        approvalLinkMove(linkId, { changeId, personId, planHash, secretDigest }),
      ),
    ],
    evidence: [
      {
        leafId: ids.next(),
        at: isoInstant(clock.nowMs()),
        type: step !== 'ask' ? leafTypes[step] : asked.length > 0 ? 'approval.asked' : 'approval.awaited',
        account,
        changeId,
        actor: 'drydock',
        body: {
          planHash,
          asked: asked.map(({ approver }) => approver.personId),
          standIns: ballot.approvers.flatMap(({ personId, standsInFor }) =>
            standsInFor ? [{ personId, standsInFor }] : [],
          ),
          deadlineAt,
        },
      },
    ],
  })
  return 'committed' in result
}

export const ballotMove = (read: Stored<Ballot> | undefined, ballot: Ballot) => ({
  kind: 'ballot',
  key: keys.ballot(ballot.changeId),
  from: read?.version ?? 0,
  value: ballot,
})

/** One mailbox that refuses must not keep the others from being asked. */
async function sendAll(round: Round, ports: AskPorts): Promise<void> {
  const { change, plan, ballot, asked, step } = round
  const faults = new Map<string, unknown>()
  for (const { approver, secret, code } of asked) {
    const link = approvalUrl(ports.consoleUrl, approver.linkId, secret)
    try {
      const mail = askMail({ change, plan, ballot, approver, link, code, isReminder: step === 'remind' })
      await ports.mailer.send(approver.channel, approver.personId, mail)
    } catch (error) {
      faults.set(approver.personId, error)
    }
  }
  if (asked.length > 0) await recordMails(round, new Set(faults.keys()), ports)
  const [first] = faults.values()
  if (faults.size > 0)
    throw new DrydockError(
      'DD1705',
      `no mail could be handed over for ${[...faults.keys()].join(', ')} on change ${change.changeId}; the next round tries again, and after ${mailFailuresMax} failures others are asked`,
      { cause: first },
    )
}

async function recordMails(
  { ballot: { changeId }, asked, step }: Round,
  failed: ReadonlySet<string>,
  { ledger, clock, ids, account }: AskPorts,
): Promise<void> {
  const links = new Set(asked.map(({ approver }) => approver.linkId))
  for (let tries = 0; tries < triesMax; tries++) {
    const read = await ledger.read(BallotRecord, keys.ballot(changeId))
    if (!read) return
    const at = isoInstant(clock.nowMs())
    const approvers = read.value.approvers.map((approver): Approver => {
      if (!links.has(approver.linkId)) return approver
      if (failed.has(approver.personId)) return { ...approver, mailFailures: (approver.mailFailures ?? 0) + 1 }
      return { ...approver, mailedAt: at, mailFailures: 0, ...(step === 'remind' ? { remindedAt: at } : {}) }
    })
    const people = asked.map(({ approver }) => approver.personId)
    const body = {
      mailed: people.filter((personId) => !failed.has(personId)),
      failed: people.filter((personId) => failed.has(personId)),
    }
    const result = await ledger.commit({
      moves: [ballotMove(read, { ...read.value, approvers })],
      evidence: [{ leafId: ids.next(), at, type: 'approval.mailed', account, changeId, actor: 'drydock', body }],
    })
    if ('committed' in result) return
  }
  throw new DrydockError('DD1702', `the ballot of ${changeId} was moved by others ${triesMax} times in a row`)
}
