/** Checks a ballot whose machine stopped waiting: expired, decided meanwhile, or which step of asking is due. */
import * as z from 'zod'
import type { MovePorts } from '../changes/index.ts'
import { closeQuestion, type QuestionLook } from '../people/index.ts'
import { approvalPurpose } from './ballot.ts'
import { planApproval } from './plan-approval.ts'

export const CloseBallot = z.strictObject({ changeId: z.string().length(26) })
export type CloseBallot = z.infer<typeof CloseBallot>

/** `withdrawn`: the change no longer waits for votes, though the ballot was never decided. */
export interface BallotLook extends QuestionLook {
  readonly changeId: string
}

/**
 * Expires the ballot and its change together once the deadline has passed, unless it was decided.
 *
 * @throws DrydockError DD1701 without a ballot, DD1702 when every try met another writer, DD1703 without a catalogue.
 */
export async function run({ changeId }: CloseBallot, ports: MovePorts): Promise<BallotLook> {
  const look = await closeQuestion(
    { purpose: approvalPurpose, subject: changeId },
    { ...ports, purposes: [planApproval] },
  )
  return { changeId, ...look }
}
