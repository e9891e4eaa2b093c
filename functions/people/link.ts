/** Approval links: an opaque id that leads to a ballot and a person; of the secret only its digest is here. */
import * as z from 'zod'
import { keys } from '../kit/keys.ts'
import type { Move, RecordKind } from '../kit/ledger.ts'

export const ApprovalLink = z.strictObject({
  changeId: z.string(),
  personId: z.string(),
  planHash: z.string(),
  /** Kept here as well as on the ballot, so that a link that was replaced still proves itself before it is told so. */
  secretDigest: z.string().optional(),
})
export type ApprovalLink = z.infer<typeof ApprovalLink>

export const ApprovalLinkRecord: RecordKind<ApprovalLink> = { kind: 'approval-link', schema: ApprovalLink }

export const approvalLinkMove = (linkId: string, link: ApprovalLink): Move => ({
  kind: 'approval-link',
  key: keys.approvalLink(linkId),
  from: 0,
  value: link,
})

/** The address in the mail. The secret stands in the fragment, which no browser sends to a server. */
export const approvalUrl = (consoleUrl: string, linkId: string, secret: string): string =>
  `${consoleUrl.endsWith('/') ? consoleUrl.slice(0, -1) : consoleUrl}/approve#${linkId}.${secret}`
