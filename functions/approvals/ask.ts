/** Gives every approver who has not voted an own link and code, stores their digests, and then sends the mails. */
import { CatalogueRecord } from '../catalogue/index.ts'
import { ChangeRecord, type MovePorts } from '../changes/index.ts'
import { DrydockError } from '../kit/errors.ts'
import { keys } from '../kit/keys.ts'
import type { Stored } from '../kit/ledger.ts'
import { isoInstant } from '../kit/time.ts'
import { PlanRecord } from '../planning/index.ts'
import { type Approver, type Ballot, BallotRecord } from './ballot.ts'
import { approvalLinkMove } from './link.ts'
import { askMail } from './mail.ts'
import { escalate } from './open.ts'
import type { Mailer, Secrets } from './ports.ts'

export interface AskPorts extends MovePorts {
  readonly mailer: Mailer
  readonly secrets: Secrets
  readonly consoleUrl: string
}

const triesMax = 5

/** Asks, or asks again. Digests are stored before a mail goes, so a mail never holds a link that does not work; asking again replaces unused links. */
export async function ask(
  changeId: string,
  taskToken: string,
  ports: AskPorts,
): Promise<{ outcome: Ballot['outcome']; asked: number }> {
  const { ledger, ids, secrets, clock, account } = ports
  for (let tries = 0; tries < triesMax; tries++) {
    const read = await ledger.read(BallotRecord, keys.ballot(changeId))
    if (!read) throw new DrydockError('DD1701', `change ${changeId} has no ballot`)
    const at = isoInstant(clock.nowMs())
    if (read.value.outcome !== 'open') return { outcome: read.value.outcome, asked: 0 }
    const catalogue = await ledger.read(CatalogueRecord, keys.catalogue())
    const isTime = !read.value.isEscalated && at >= read.value.escalateAt
    const ballot = isTime && catalogue ? escalate(read.value, catalogue.value) : read.value
    const voted = new Set(ballot.votes.map(({ personId }) => personId))
    // Asked once, and once more as the reminder that comes with the escalation.
    const asked = ballot.approvers
      .filter(({ personId, linkId }) => !voted.has(personId) && (linkId === '' || isTime))
      .map((approver) => ({ approver, secret: secrets.linkSecret(), code: secrets.code(), linkId: ids.next() }))
    const approvers = ballot.approvers.map((approver): Approver => {
      const fresh = asked.find((one) => one.approver.personId === approver.personId)
      return fresh
        ? {
            ...approver,
            linkId: fresh.linkId,
            secretDigest: secrets.digest(fresh.secret),
            codeDigest: secrets.digest(fresh.code),
          }
        : approver
    })
    const next = { ...ballot, approvers, taskToken }
    const result = await ledger.commit({
      moves: [
        ballotMove(read, next),
        ...asked.map(({ linkId, approver }) => approvalLinkMove(linkId, changeId, approver.personId, ballot.planHash)),
      ],
      evidence: [
        {
          leafId: ids.next(),
          at,
          type: isTime ? 'approval.escalated' : asked.length > 0 ? 'approval.asked' : 'approval.awaited',
          account,
          changeId,
          actor: 'drydock',
          body: {
            planHash: ballot.planHash,
            asked: asked.map(({ approver }) => approver.personId),
            deadlineAt: ballot.deadlineAt,
          },
        },
      ],
    })
    if (!('committed' in result)) continue
    await sendAll(changeId, next, asked, ports)
    return { outcome: 'open', asked: asked.length }
  }
  throw new DrydockError('DD1702', `the ballot of ${changeId} was moved by others ${triesMax} times in a row`)
}

export const ballotMove = (read: Stored<Ballot> | undefined, ballot: Ballot) => ({
  kind: 'ballot',
  key: keys.ballot(ballot.changeId),
  from: read?.version ?? 0,
  value: ballot,
})

type Asked = readonly {
  readonly approver: Approver
  readonly secret: string
  readonly code: string
  readonly linkId: string
}[]

async function sendAll(changeId: string, ballot: Ballot, asked: Asked, { ledger, mailer, consoleUrl }: AskPorts) {
  const change = await ledger.read(ChangeRecord, keys.change(changeId))
  const plan = await ledger.read(PlanRecord, keys.plan(changeId, ballot.planHash))
  if (!change || !plan) throw new DrydockError('DD1703', `the plan of ${changeId} cannot be read; nobody was asked`)
  for (const { approver, secret, code, linkId } of asked) {
    const mail = askMail({
      change: change.value,
      plan: plan.value,
      ballot,
      approver,
      link: `${consoleUrl}/approve#${linkId}.${secret}`,
      code,
    })
    await mailer.send(approver.channel, approver.personId, mail)
  }
}
