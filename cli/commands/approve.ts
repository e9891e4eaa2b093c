/** `drydock approve`: a vote by link and code, the same requests that the approval page makes. */
import type { Command } from 'commander'
import * as z from 'zod'
import { exitCodes } from '../exit-codes.ts'
import { Ended, print, printJson } from '../output.ts'

const Shown = z.object({ nonce: z.string() })
const linkPattern = /^(https?:\/\/[^\s#]+)\/approve#([0-9A-Z]{26})\.([A-Za-z0-9_-]+)$/

export function addApprove(program: Command) {
  program
    .command('approve <link>')
    .description('vote on a change: the link and the code stand in your mail; exits 4 when the vote does not count')
    .requiredOption('--code <code>', 'the eight characters from the mail')
    .option('--reject', 'vote against', false)
    .option('--comment <text>', 'kept with the vote', '')
    .option('--json', 'one JSON document', false)
    .addHelpText('after', '\nExample: drydock approve "https://console.example/approve#01JD….s3cret" --code 7KQ2-M9XA')
    .action(async (link: string, options: { code: string; reject: boolean; comment: string; json: boolean }) => {
      const [, origin, linkId, secret] = linkPattern.exec(link) ?? []
      if (!origin || !linkId || !secret)
        throw new Ended(exitCodes.usage, 'that is no approval link; copy it whole, with everything after the #')
      const post = (path: string, body: Readonly<Record<string, string>>) =>
        fetch(`${origin}${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', accept: 'application/json', origin },
          body: JSON.stringify(body),
          signal: AbortSignal.timeout(15_000),
        })
      const shown = await post('/approve/view', { linkId, secret })
      if (!shown.ok) throw new Ended(exitCodes.approvalRefused, await shown.text())
      const { nonce } = Shown.parse(await shown.json())
      const answer = await post('/approve/decide', {
        linkId,
        secret,
        code: options.code,
        choice: options.reject ? 'reject' : 'approve',
        comment: options.comment,
        nonce,
      })
      const text = await answer.text()
      if (!answer.ok) throw new Ended(exitCodes.approvalRefused, text)
      if (options.json) printJson({ status: answer.status, answer: text })
      else print(text)
    })
}
