/** A catalogue of services that may be worked on at any time, unless a test says otherwise, and the quorum of their plans. */
import { type Ballot, BallotRecord } from '../../../functions/approvals/ballot.ts'
import { Catalogue } from '../../../functions/catalogue/catalogue.ts'
import type { EvidenceHealth } from '../../../functions/evidence/health.ts'
import { keys } from '../../../functions/kit/keys.ts'
import type { Move } from '../../../functions/kit/ledger.ts'
import { anyBallot } from '../approvals/any-ballot.ts'

export const anyService = (name: string, more: object = {}) => ({
  name,
  title: name,
  tier: 'business-essential',
  owner: 'olivia',
  minimumHealthy: 1,
  rings: [{ name: 'production', stage: 'production', soakSeconds: 0, failureBudget: 0 }],
  rollbackCriteria: {},
  rtoMinutes: 15,
  rpoMinutes: 60,
  ...more,
})

/** Those who vote on the plans of these tests. */
export const people = [
  { id: 'olivia', name: 'Olivia', email: 'olivia@example.com', roles: ['service-owner'] },
  { id: 'sven', name: 'Sven', email: 'sven@example.com', roles: ['security'] },
]

export const catalogueOf = (services: readonly object[], more: object = {}): Catalogue =>
  Catalogue.parse({ services, people, ...more })

/** A ballot on which every role of the quorum approved this plan. */
export const approvedBallot = (changeId: string, planHash: string): Ballot =>
  anyBallot({
    changeId,
    planHash,
    outcome: 'approved',
    votes: people.map(({ id }) => ({ personId: id, choice: 'approve', comment: '', at: '', via: 'code' })),
  })

/** The move that writes the approval of a plan. */
export const approvalMove = (changeId: string, planHash: string, decidedAt?: string): Move => ({
  kind: BallotRecord.kind,
  key: keys.ballot(changeId),
  from: 0,
  value: { ...approvedBallot(changeId, planHash), ...(decidedAt === undefined ? {} : { decidedAt }) },
})

/** An evidence log that keeps up. */
export const healthyEvidence = async (): Promise<EvidenceHealth> => ({ headAgeSeconds: 0, pending: 0 })
