/** People who vote as people do: they open the mail, follow the link, and type the code. */
import * as z from 'zod'
import { DrydockError } from '../functions/kit/errors.ts'
import type { InboxMail, LocalCloud } from './cloud.ts'

const linkPattern = /(http:\/\/[^\s#]+)\/approve#([0-9A-Z]{26})\.([A-Za-z0-9_-]+)/
const codePattern = /^Your code: ([0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4})$/m
const View = z.object({ nonce: z.string() })

export interface Ask {
  readonly mail: InboxMail
  readonly consoleUrl: string
  readonly linkId: string
  readonly secret: string
  readonly code: string
}

/** The approval link and code in a mail; undefined where the mail asks for none. */
export function askIn(mail: InboxMail): Ask | undefined {
  const [, consoleUrl, linkId, secret] = linkPattern.exec(mail.text) ?? []
  const [, code] = codePattern.exec(mail.text) ?? []
  if (!consoleUrl || !linkId || !secret || !code) return undefined
  return { mail, consoleUrl, linkId, secret, code }
}

/**
 * Casts one vote by the page's own requests.
 *
 * @throws DrydockError DD2430 when the page does not show the ask.
 */
export async function decide(
  ask: Ask,
  choice: 'approve' | 'reject',
  request: LocalCloud['request'],
): Promise<{ status: number; text: string }> {
  const post = (path: string, body: Readonly<Record<string, string>>) =>
    request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: ask.consoleUrl, accept: 'application/json' },
      body: JSON.stringify(body),
    })
  const shown = await post('/approve/view', { linkId: ask.linkId, secret: ask.secret })
  if (!shown.ok)
    throw new DrydockError(
      'DD2430',
      `the approval page answered ${shown.status} for ${ask.mail.to}: ${await shown.text()}`,
    )
  const { nonce } = View.parse(await shown.json())
  const answer = await post('/approve/decide', {
    linkId: ask.linkId,
    secret: ask.secret,
    code: ask.code,
    choice,
    comment: `${choice === 'approve' ? 'approved' : 'rejected'} by the scenario (--yes)`,
    nonce,
  })
  return { status: answer.status, text: await answer.text() }
}

/** Approves every ask in the inbox that was not answered yet; returns who answered, and with what status. */
export async function approveAll(
  { inbox, request }: Pick<LocalCloud, 'inbox' | 'request'>,
  answered: Set<string>,
): Promise<readonly string[]> {
  const done: string[] = []
  for (const mail of await inbox()) {
    const ask = askIn(mail)
    if (!ask || answered.has(ask.linkId)) continue
    answered.add(ask.linkId)
    const { status } = await decide(ask, 'approve', request)
    done.push(`${mail.to} (${status})`)
  }
  return done
}
