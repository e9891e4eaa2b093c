/** Mail kept in memory, for the inbox of the in-process cloud and for tests. */
import type { Mail, Mailer } from '../../functions/people/index.ts'

export function memoryMailer(): Mailer & { readonly sent: Mail[] } {
  const sent: Mail[] = []
  return {
    sent,
    async send(_channel, _approverId, mail) {
      sent.push(mail)
    },
  }
}
