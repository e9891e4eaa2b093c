/** The purpose "approve a plan" for `people`: the state of a change, what moves with a vote, and what the mail says. */
import {
  type Change,
  type ChangeEvent,
  ChangeRecord,
  changeEvidence,
  changeMove,
  moveChange,
  terminalStates,
} from '../changes/index.ts'
import { DrydockError } from '../kit/errors.ts'
import type { EvidenceBy } from '../kit/evidence-by.ts'
import { keys } from '../kit/keys.ts'
import type { Stored } from '../kit/ledger.ts'
import type { Purpose, Settlement } from '../people/index.ts'
import { PlanRecord } from '../planning/index.ts'
import { approvalPurpose, type Ballot } from './ballot.ts'
import { voteLetter } from './mail.ts'

/** Votes on plans. Ballot and change move together, and a vote counts only while the change is as it was read. */
export const planApproval: Purpose = {
  name: approvalPurpose,
  answeredLeaf: 'approval.cast',
  leafFacts: ({ subjectHash }) => ({ planHash: subjectHash }),
  async subjectNow(changeId, ledger) {
    const change = await ledger.read(ChangeRecord, keys.change(changeId))
    if (!change) return undefined
    const { planHash, state } = change.value
    return {
      subjectHash: planHash,
      isWaiting: state === 'awaiting-approval',
      isOver: terminalStates.includes(state),
      settle: (ballot, by) => settle(change, ballot, by),
    }
  },
  async letters(ballot, people, ledger) {
    const { subject: changeId, subjectHash } = ballot
    const [change, plan] = await Promise.all([
      ledger.read(ChangeRecord, keys.change(changeId)),
      ledger.read(PlanRecord, keys.plan(changeId, subjectHash)),
    ])
    if (!change || !plan) throw new DrydockError('DD1703', `the plan of ${changeId} cannot be read; nobody was asked`)
    return (to) => voteLetter({ change: change.value, plan: plan.value, ballot, people, ...to })
  },
}

function settle(change: Stored<Change>, ballot: Ballot, by: () => EvidenceBy): Settlement | undefined {
  const event = eventOf(ballot)
  // A vote that decides nothing still counts only while the change is as it was read (F13, B31).
  if (!event) return { moves: [], checks: [{ key: change.key, from: change.version }], evidence: [] }
  const leaf = by()
  const moved = moveChange(change.value, event, leaf.at)
  if ('refused' in moved) return undefined
  return {
    moves: [changeMove(change, moved.change)],
    checks: [],
    evidence: [changeEvidence(moved.change, event, leaf)],
  }
}

function eventOf({ outcome, answers }: Ballot): ChangeEvent | undefined {
  if (outcome === 'open') return undefined
  if (outcome === 'approved') return { type: 'approved' }
  if (outcome === 'expired') return { type: 'expired' }
  const rejected = answers.find(({ choice }) => choice === 'reject')
  return {
    type: 'rejected',
    because: `rejected by ${rejected?.personId ?? 'an approver'}${rejected?.comment ? `: ${rejected.comment}` : ''}`,
  }
}
