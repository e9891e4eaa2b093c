/** `drydock approve`: a vote by link and code, the same requests that the approval page makes. */
import type { Command } from 'commander'
import * as z from 'zod'
import { exitCodes } from '../exit-codes.ts'
import { Ended, print, printJson } from '../output.ts'
import { reasonOf } from '../reason.ts'

const Answer = z.object({ text: z.string().optional(), nonce: z.string().optional() })
const linkPattern = /^(https?:\/\/[^\s#]+)\/approve#([0-9A-Z]{26})\.([A-Za-z0-9_-]+)$/

interface Options {
  readonly code: string
  readonly reject: boolean
  readonly comment: string
  readonly json: boolean
}

export function addApprove(program: Command) {
  program
    .command('approve <link>')
    .description('vote on a change with the link and the code from your mail; exits 4 when the vote does not count')
    .requiredOption('--code <code>', 'the eight characters from the mail')
    .option('--reject', 'vote against', false)
    .option('--comment <text>', 'kept with the vote', '')
    .option('--json', 'one JSON document', false)
    .addHelpText('after', '\nExample: drydock approve "https://console.example/approve#01JD….s3cret" --code 7KQ2-M9XA')
    .action(async (link: string, { code, reject, comment, json }: Options) => {
      const [, origin, linkId, secret] = linkPattern.exec(link) ?? []
      if (!origin || !linkId || !secret)
        throw new Ended(
          exitCodes.usage,
          'that is not an approval link; copy all of it, including everything after the #, and quote it',
        )
      const proof = { linkId, secret }
      const shown = await post(origin, '/approve/view', proof)
      const told =
        shown.nonce === undefined
          ? shown
          : await post(origin, '/approve/decide', {
              ...proof,
              code,
              choice: reject ? 'reject' : 'approve',
              comment,
              nonce: shown.nonce,
            })
      const { status, text } = told
      if (json) printJson({ status, answer: text, isCounted: status === 200 })
      else if (status === 200) print(text)
      if (status === 200) return
      throw new Ended(status >= 500 ? exitCodes.error : exitCodes.approvalRefused, json ? '' : text)
    })
}

interface Told {
  readonly status: number
  readonly text: string
  /** Absent: the page shows no form. */
  readonly nonce?: string | undefined
}

async function post(origin: string, path: string, body: Readonly<Record<string, string>>): Promise<Told> {
  let answer: Response
  try {
    answer = await fetch(`${origin}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', origin },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(15_000),
    })
  } catch (error) {
    throw new Ended(
      exitCodes.error,
      `the console at ${origin} did not answer: ${reasonOf(error)}; try again, a vote counts only once`,
    )
  }
  const said = Answer.safeParse(await answer.json().catch(() => undefined)).data
  return {
    status: answer.status,
    text: said?.text ?? `the console answered ${answer.status}`,
    nonce: answer.ok ? said?.nonce : undefined,
  }
}
