/** Ballots, plans and people as most approval tests need them. */
import type { Approver, Ballot } from '../../../functions/approvals/index.ts'

export const planHash = 'a'.repeat(64)

export const anyApprover = (approver: Partial<Approver> = {}): Approver => ({
  personId: 'olivia',
  name: 'Olivia',
  email: 'olivia@example.com',
  channel: 'email',
  roles: ['service-owner'],
  linkId: '',
  secretDigest: '',
  codeDigest: '',
  wrongCodes: 0,
  isEscalation: false,
  ...approver,
})

export const anyBallot = (ballot: Partial<Ballot> = {}): Ballot => ({
  changeId: '01J00000000000000000000001',
  planHash,
  requester: 'drydock',
  rollbackAuthor: 'drydock',
  roles: ['service-owner', 'security'],
  escalateTo: 'executive',
  openedAt: '2026-01-01T00:00:00.000Z',
  remindAt: '2026-01-01T00:30:00.000Z',
  escalateAt: '2026-01-01T01:00:00.000Z',
  deadlineAt: '2026-01-02T00:00:00.000Z',
  isReminded: false,
  isEscalated: false,
  approvers: [
    anyApprover(),
    anyApprover({ personId: 'sven', roles: ['security'] }),
    anyApprover({ personId: 'both', roles: ['service-owner', 'security'] }),
  ],
  votes: [],
  outcome: 'open',
  ...ballot,
})
