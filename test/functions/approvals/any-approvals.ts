/** A change in review with its plan on a memory ledger, and everything an approval needs around it. */

import { approvalPurpose, type Ballot, BallotRecord } from '../../../functions/approvals/ballot.ts'
import { planApproval } from '../../../functions/approvals/plan-approval.ts'
import { systemSecrets } from '../../../functions/aws/secrets.ts'
import { type Catalogue, CatalogueRecord, type Person } from '../../../functions/catalogue/catalogue.ts'
import { type Change, ChangeRecord } from '../../../functions/changes/change.ts'
import type { Json } from '../../../functions/kit/json.ts'
import { keys, lists } from '../../../functions/kit/keys.ts'
import type { RecordKey } from '../../../functions/kit/ledger.ts'
import { type Answered, type AnswerPorts, run as answerQuestion } from '../../../functions/people/answer-question.ts'
import type { Mail } from '../../../functions/people/ports.ts'
import type { Plan } from '../../../functions/planning/plan.ts'
import { type Ask, askIn } from '../../../local/scenario/approve.ts'
import { memoryLedger } from '../../../simulator/ports/ledger.ts'
import { memoryMailer } from '../../../simulator/ports/mailer.ts'
import { fixedClock, sequentialIds } from '../../../simulator/ports/time.ts'
import { anyChange } from '../changes/any-change.ts'
import { anyPerson } from '../people/any-people.ts'
import { anyPlan } from '../planning/any-plan.ts'
import { anyPolicy } from '../validation/builders.ts'
import { planHash } from './any-ballot.ts'

export { anyPerson }

export const consoleUrl = 'http://127.0.0.1:8080'
export const startMs = Date.parse('2026-01-01T00:10:00.000Z')
export const changeId = anyChange().changeId

export const people = [
  anyPerson('olivia', { name: 'Olivia' }),
  anyPerson('sven', { name: 'Sven', roles: ['security'] }),
  anyPerson('chloe', { name: 'Chloe', roles: ['change-manager'] }),
  anyPerson('eddie', { name: 'Eddie', roles: ['executive'] }),
]

export interface Given {
  readonly change?: Partial<Change>
  readonly plan?: Partial<Plan>
  readonly people?: readonly Person[]
  readonly ballot?: Ballot
  /** Roles of the quorum. */
  readonly roles?: Catalogue['people'][number]['roles']
}

export async function anyApprovals(given: Given = {}) {
  const ledger = memoryLedger()
  const clock = fixedClock(startMs)
  const mailer = memoryMailer()
  const answered: { token: string; outcome: string | undefined }[] = []
  const counted: string[] = []
  const ids = sequentialIds()
  const ports = {
    ledger,
    clock,
    ids,
    account: '123456789012',
    mailer,
    secrets: systemSecrets(),
    consoleUrl,
    metrics: { count: (name: string) => void counted.push(name) },
    tokens: {
      async succeed(token: string, output: Readonly<Record<string, string>>): Promise<'answered' | 'gone'> {
        answered.push({ token, outcome: output.outcome })
        return 'answered'
      },
    },
  }
  const put = async (kind: string, key: RecordKey, from: number, value: Json, list?: { pk: string; sk: string }) =>
    ledger.commit({
      moves: [{ kind, key, from, value, ...(list ? { list } : {}) }],
      evidence: [{ leafId: ids.next(), at: '', type: 'test.seeded', account: '', changeId, actor: 'test', body: {} }],
    })
  const roles = given.roles ?? ['service-owner', 'security']
  const quorum = {
    roles,
    deadlineSeconds: 86_400,
    remindAfterSeconds: 1_800,
    escalateAfterSeconds: 3_600,
    escalateTo: 'executive' as const,
  }
  const change = anyChange({ state: 'in-review', planHash, ...given.change })
  await put('change', keys.change(changeId), 0, change, { pk: lists.changes, sk: `open#${changeId}` })
  await put('plan', keys.plan(changeId, planHash), 0, anyPlan(given.plan))
  await put('catalogue', keys.catalogue(), 0, {
    services: [],
    people: [...(given.people ?? people)],
    conflicts: [],
    freezes: [],
    calendars: [],
  })
  await put('policy', keys.policy(), 0, { ...anyPolicy(), approvals: { normal: quorum, emergency: quorum } })
  if (given.ballot) await put('question', keys.ballot(changeId), 0, given.ballot)
  const ballot = async () => (await ledger.read(BallotRecord, keys.ballot(changeId)))?.value
  const changeNow = async () => (await ledger.read(ChangeRecord, keys.change(changeId)))?.value
  const leaves = () => ledger.outbox().filter(({ type }) => type !== 'test.seeded')
  /** Moves the change without a word to anyone. */
  const setChange = async (to: Partial<Change>) => {
    const read = await ledger.read(ChangeRecord, keys.change(changeId))
    await put('change', keys.change(changeId), read?.version ?? 0, { ...anyChange(), ...read?.value, ...to })
  }
  /** Moves the ballot without a word to anyone. */
  const setBallot = async (to: Partial<Ballot>) => {
    const read = await ledger.read(BallotRecord, keys.ballot(changeId))
    if (read) await put('question', keys.ballot(changeId), read.version, { ...read.value, ...to })
  }
  /** Loads a catalogue with other people. */
  const setPeople = async (to: readonly Person[]) => {
    const read = await ledger.read(CatalogueRecord, keys.catalogue())
    if (read)
      await put('catalogue', keys.catalogue(), read.version, JSON.parse(JSON.stringify({ ...read.value, people: to })))
  }
  /** From now on records of this kind cannot be read. */
  const hide = (kind: string) => {
    const { read } = ledger
    ledger.read = async (wanted, key) => (wanted.kind === kind ? undefined : read(wanted, key))
  }
  return {
    ports,
    ledger,
    clock,
    mailer,
    answered,
    counted,
    put,
    ballot,
    changeNow,
    setChange,
    setBallot,
    setPeople,
    hide,
    leaves,
  }
}

type VotePorts = Omit<AnswerPorts, 'purposes'>

/** A vote by link and code, as the approval page hands it over. */
export interface Decision {
  readonly linkId: string
  readonly secret: string
  readonly code: string
  readonly choice: 'approve' | 'reject'
  readonly comment: string
  readonly sessionAddress?: string
}

/** A vote in a signed-in session, as the change's page hands it over. */
export interface SignedInDecision {
  readonly changeId: string
  readonly planHash: string
  readonly sessionAddress: string
  readonly choice: 'approve' | 'reject'
  readonly comment: string
}

export const decide = ({ choice, comment, ...link }: Decision, ports: VotePorts): Promise<Answered> =>
  answerQuestion({ proof: { by: 'link', ...link }, choice, comment }, { ...ports, purposes: [planApproval] })

export const decideSignedIn = (decision: SignedInDecision, ports: VotePorts): Promise<Answered> => {
  const { choice, comment, changeId: subject, planHash: subjectHash, sessionAddress } = decision
  const proof = { by: 'session', purpose: approvalPurpose, subject, subjectHash, sessionAddress } as const
  return answerQuestion({ proof, choice, comment }, { ...ports, purposes: [planApproval] })
}

/** The newest ask in someone's mailbox. */
export function askOf(mails: readonly Mail[], personId: string): Ask {
  const mail = mails.findLast(({ to }) => to === `${personId}@example.com`)
  const found = mail && askIn(mail)
  if (!found) throw new Error(`${personId} has no mail that asks`)
  return found
}
