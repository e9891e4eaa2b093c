/** How people are reached, and what a personal link is made of. */

export interface Mail {
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** E-mail by SES, or SNS for those who chose it (one filter policy per approver). */
export interface Mailer {
  send(channel: 'email' | 'sns', approverId: string, mail: Mail): Promise<void>
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
