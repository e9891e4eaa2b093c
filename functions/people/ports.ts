/** Ports for reaching people, making personal links and notifying askers. */

/** One mail: text and HTML say the same. */
export interface Mail {
  readonly to: string
  /** One line; a phone shows about forty characters. */
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** E-mail by SES, or SNS for those who chose it (one filter policy per person). */
export interface Mailer {
  /** Hands a mail to SES or SNS; a refusal throws. Success does not mean that the mail arrives. */
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

/** Wakes the asker by the name of its purpose; the ledger has the answer either way. */
export interface AskerNudges {
  nudge(purpose: string, message: { readonly subject: string; readonly outcome: string }): Promise<void>
}
