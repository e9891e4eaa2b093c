/** Personal links: an opaque id that leads to a question and to one person; of the secret only its digest is here. */
import * as z from 'zod'
import { keys } from '../kit/keys.ts'
import type { Move, RecordKind } from '../kit/ledger.ts'

/** Whom a link leads where. It stays when a newer one takes its place, so that its holder is told so. */
export const QuestionLink = z.strictObject({
  purpose: z.string(),
  subject: z.string(),
  subjectHash: z.string(),
  personId: z.string(),
  /** SHA-256 of the secret, hex; 64 zeros where no secret can match. */
  secretDigest: z.string(),
})
export type QuestionLink = z.infer<typeof QuestionLink>

/** Kind `question-link` at `LINK#<id>`. */
export const QuestionLinkRecord: RecordKind<QuestionLink> = { kind: 'question-link', schema: QuestionLink }

/** Writes a new link; its id was never used before. */
export const questionLinkMove = (linkId: string, link: QuestionLink): Move => ({
  kind: 'question-link',
  key: keys.questionLink(linkId),
  from: 0,
  value: link,
})

/** The address in the mail. The secret stands in the fragment, which no browser sends to a server. */
export const questionUrl = (consoleUrl: string, linkId: string, secret: string): string =>
  `${consoleUrl.endsWith('/') ? consoleUrl.slice(0, -1) : consoleUrl}/approve#${linkId}.${secret}`
