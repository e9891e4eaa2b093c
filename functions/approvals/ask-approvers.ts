/** Takes one step of asking the approvers of a change: ask, remind, escalate. */
import * as z from 'zod'
import { type AskedRound, type AskPorts, askPeople } from '../people/index.ts'
import { approvalPurpose } from './ballot.ts'
import { planApproval } from './plan-approval.ts'

/** One step of asking on a change's ballot, and the token of the machine that waits. */
export const AskApprovers = z.strictObject({
  changeId: z.string().length(26),
  step: z.enum(['ask', 'remind', 'escalate']),
  taskToken: z.string(),
})
export type AskApprovers = z.infer<typeof AskApprovers>

/** Everything but the purposes: here there is only one. */
export type AskApproversPorts = Omit<AskPorts, 'purposes'>

/**
 * Sends the mails that ask for votes, and keeps the waiting machine's token.
 *
 * @throws DrydockError as `askPeople`: DD1701, DD1702, DD1703, DD1705.
 */
export const run = ({ changeId, ...step }: AskApprovers, ports: AskApproversPorts): Promise<AskedRound> =>
  askPeople({ purpose: approvalPurpose, subject: changeId, ...step }, { ...ports, purposes: [planApproval] })
