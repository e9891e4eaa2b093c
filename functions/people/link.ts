/** Personal links: an opaque id that leads to a question and to one person; only the secret's digest is stored. */
import * as z from 'zod'
import { keys } from '../kit/keys.ts'
import type { Move, RecordKind } from '../kit/ledger.ts'

/** Where a link leads, and for whom. It is kept when a newer one replaces it, so that its holder can be told. */
export const QuestionLink = z.strictObject({
  purpose: z.string(),
  subject: z.string(),
  subjectHash: z.string(),
  personId: z.string(),
  /** SHA-256 of the secret, hex; 64 zeros if no secret can match. */
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

/** The address in the mail. The secret is in the fragment, which no browser sends to a server. */
export const questionUrl = (consoleUrl: string, linkId: string, secret: string): string =>
  `${consoleUrl.endsWith('/') ? consoleUrl.slice(0, -1) : consoleUrl}/approve#${linkId}.${secret}`
