/** How people are reached, what a personal link is made of, and how the asker hears of an answer. */

/** One mail: text and HTML say the same. */
export interface Mail {
  readonly to: string
  /** One line; a phone shows some forty characters. */
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** E-mail by SES, or SNS for those who chose it (one filter policy a person). */
export interface Mailer {
  /** Hands a mail over; a refusal throws. It says nothing of whether the mail arrives. */
  send(channel: 'email' | 'sns', personId: string, mail: Mail): Promise<void>
}

/** Random secrets: links (32 bytes, base64url) and short codes (8 characters of Crockford base32). */
export interface Secrets {
  linkSecret(): string
  code(): string
  /** SHA-256 of a text, hex. */
  digest(text: string): string
  /** Constant-time comparison of two hex digests. */
  isEqual(left: string, right: string): boolean
}

/** Wakes whoever asked, by the name of the purpose; the ledger has the answer whether or not they hear of it. */
export interface AskerNudges {
  nudge(purpose: string, message: { readonly subject: string; readonly outcome: string }): Promise<void>
}
