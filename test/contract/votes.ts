/** Votes at the same moment, on every ledger: what optimistic versions promise must hold on DynamoDB as in memory. */
import { expect, it } from 'vitest'
import { BallotRecord } from '../../functions/approvals/ballot.ts'
import { systemIds } from '../../functions/aws/runtime.ts'
import { systemSecrets } from '../../functions/aws/secrets.ts'
import { ChangeRecord } from '../../functions/changes/change.ts'
import { keys } from '../../functions/kit/keys.ts'
import type { Ledger } from '../../functions/kit/ledger.ts'
import type { Answered } from '../../functions/people/answer-question.ts'
import { questionLinkMove } from '../../functions/people/link.ts'
import { questionMove } from '../../functions/people/question.ts'
import { memoryLedger } from '../../simulator/ports/ledger.ts'
import { fixedClock } from '../../simulator/ports/time.ts'
import { decide } from '../functions/approvals/any-approvals.ts'
import { anyApprover, anyBallot, planHash } from '../functions/approvals/any-ballot.ts'
import { anyChange } from '../functions/changes/any-change.ts'
import { anyPerson } from '../functions/people/any-people.ts'

/** One approval of security is enough, and all three hold that role. */
const approverIds = ['olivia', 'sven', 'petra'] as const
type Choice = 'approve' | 'reject'

const seeded = (changeId: string) =>
  [{ leafId: systemIds.next(), at: '', type: 'test.seeded', account: '', changeId, actor: 'test', body: {} }] as const

/** The ledger with a catalogue of its own: a cloud on which this runs keeps the one that it has. */
async function withPeople(ledger: Ledger): Promise<Ledger> {
  const own = memoryLedger()
  const people = approverIds.map((id) => anyPerson(id, { roles: ['security'] }))
  const value = JSON.parse(JSON.stringify({ services: [], people }))
  await own.commit({ moves: [{ kind: 'catalogue', key: keys.catalogue(), from: 0, value }], evidence: seeded('none') })
  return { ...ledger, read: (kind, key) => (kind.kind === 'catalogue' ? own.read(kind, key) : ledger.read(kind, key)) }
}

async function asked(ledger: Ledger) {
  const secrets = systemSecrets()
  const changeId = systemIds.next()
  const mailed = approverIds.map((personId) => ({
    personId,
    linkId: systemIds.next(),
    secret: secrets.linkSecret(),
    code: secrets.code(),
  }))
  const approvers = mailed.map(({ personId, linkId, secret, code }) =>
    anyApprover({
      personId,
      linkId,
      secretDigest: secrets.digest(secret),
      codeDigest: secrets.digest(code),
    }),
  )
  const ballot = anyBallot({ changeId, roles: ['security'], approvers, taskToken: 'token' })
  const change = anyChange({ changeId, state: 'awaiting-approval', planHash })
  await ledger.commit({
    moves: [
      { kind: 'change', key: keys.change(changeId), from: 0, value: change },
      questionMove(undefined, ballot),
      ...mailed.map(({ linkId, personId, secret }) =>
        questionLinkMove(linkId, {
          purpose: ballot.purpose,
          subject: changeId,
          subjectHash: planHash,
          personId,
          secretDigest: secrets.digest(secret),
        }),
      ),
    ],
    evidence: seeded(changeId),
  })
  const answered: (string | undefined)[] = []
  const ports = {
    ledger: await withPeople(ledger),
    secrets,
    clock: fixedClock(Date.parse('2026-01-01T00:10:00.000Z')),
    ids: systemIds,
    account: '123456789012',
    tokens: {
      async succeed(_: string, output: Readonly<Record<string, string>>): Promise<'answered' | 'gone'> {
        answered.push(output.outcome)
        return 'answered'
      },
    },
  }
  const vote = (personId: (typeof approverIds)[number], choice: Choice): Promise<Answered> => {
    const { linkId = '', secret = '', code = '' } = mailed.find((one) => one.personId === personId) ?? {}
    return decide({ linkId, secret, code, choice, comment: '' }, ports)
  }
  const after = async () => ({
    ballot: (await ledger.read(BallotRecord, keys.ballot(changeId)))?.value,
    change: (await ledger.read(ChangeRecord, keys.change(changeId)))?.value,
  })
  return { vote, answered, after }
}

export function votesContract(makeLedger: () => Ledger) {
  it('F16 I5 of approve and reject at the same moment exactly one ends the ballot, and the other is told who', async () => {
    for (let round = 0; round < 5; round++) {
      const { vote, answered, after } = await asked(makeLedger())
      const answers = await Promise.all([vote('olivia', 'approve'), vote('sven', 'reject'), vote('petra', 'approve')])
      const { ballot, change } = await after()
      expect(answers.map(({ kind }) => kind).sort()).toEqual(['recorded', 'refused', 'refused'])
      expect(
        answers.filter((answer) => answer.kind === 'refused' && answer.because === 'question-closed'),
      ).toHaveLength(2)
      expect(ballot?.answers).toHaveLength(1)
      expect([change?.state, answered]).toEqual([ballot?.outcome, [ballot?.outcome]])
    }
  })

  it('F15 of many clicks at the same moment one is recorded, and each of the others is told so', async () => {
    const { vote, answered, after } = await asked(makeLedger())
    const answers = await Promise.all(Array.from({ length: 4 }, () => vote('olivia', 'approve')))
    expect(answers.map(({ kind }) => kind).sort()).toEqual(['already', 'already', 'already', 'recorded'])
    expect((await after()).ballot?.answers).toHaveLength(1)
    expect(answered).toEqual(['approved'])
  })
}
