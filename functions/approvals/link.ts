/** Approval links: an opaque id that leads to a ballot and a person; the secret is not here. */
import * as z from 'zod'
import { keys } from '../kit/keys.ts'
import type { Move, RecordKind } from '../kit/ledger.ts'

export const ApprovalLink = z.strictObject({ changeId: z.string(), personId: z.string(), planHash: z.string() })
export type ApprovalLink = z.infer<typeof ApprovalLink>

export const ApprovalLinkRecord: RecordKind<ApprovalLink> = { kind: 'approval-link', schema: ApprovalLink }

export const approvalLinkMove = (linkId: string, changeId: string, personId: string, planHash: string): Move => ({
  kind: 'approval-link',
  key: keys.approvalLink(linkId),
  from: 0,
  value: { changeId, personId, planHash },
})
