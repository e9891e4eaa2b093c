/** Ballots as most approval tests need them, by the words of approvals. */
import type { Ballot } from '../../../functions/approvals/ballot.ts'
import type { Answer, AskedPerson } from '../../../functions/people/question.ts'

export const planHash = 'a'.repeat(64)

export const anyApprover = (approver: Partial<AskedPerson> = {}): AskedPerson => ({
  personId: 'olivia',
  linkId: '',
  secretDigest: '',
  codeDigest: '',
  wrongCodes: 0,
  isEscalation: false,
  ...approver,
})

type Rest = Partial<Omit<Ballot, 'changeId' | 'subject' | 'subjectHash' | 'excluded' | 'asked' | 'answers'>>

export interface BallotSpec extends Rest {
  readonly changeId?: string
  readonly planHash?: string
  readonly requester?: string
  readonly rollbackAuthor?: string
  readonly approvers?: AskedPerson[]
  readonly votes?: Answer[]
}

/** Who may not vote on a ballot: its two authors. */
export const authors = (requester: string, rollbackAuthor: string): Ballot['excluded'] => [
  { who: requester, because: 'own-request' },
  { who: rollbackAuthor, because: 'rollback-author' },
]

export const anyBallot = ({
  changeId = '01J00000000000000000000001',
  planHash: subjectHash = planHash,
  requester = 'drydock',
  rollbackAuthor = 'drydock',
  approvers = [anyApprover(), anyApprover({ personId: 'sven' }), anyApprover({ personId: 'both' })],
  votes = [],
  ...more
}: BallotSpec = {}): Ballot => ({
  purpose: 'approval',
  subject: changeId,
  subjectHash,
  changeId,
  choices: [
    { choice: 'approve', outcome: 'approved', isFinal: false },
    { choice: 'reject', outcome: 'rejected', isFinal: true },
  ],
  excluded: authors(requester, rollbackAuthor),
  mayDelegate: false,
  roles: ['service-owner', 'security'],
  escalateTo: 'executive',
  openedAt: '2026-01-01T00:00:00.000Z',
  remindAt: '2026-01-01T00:30:00.000Z',
  escalateAt: '2026-01-01T01:00:00.000Z',
  deadlineAt: '2026-01-02T00:00:00.000Z',
  isReminded: false,
  isEscalated: false,
  asked: approvers,
  answers: votes,
  outcome: 'open',
  ...more,
})
