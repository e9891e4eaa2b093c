/** The approval page: an empty shell, a view for those with the link, a decision for those who also have the code. */
import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import * as z from 'zod'
import { planApproval } from '../approvals/index.ts'
import { ChangeRecord } from '../changes/index.ts'
import { keys } from '../kit/keys.ts'
import { isoInstant } from '../kit/time.ts'
import { type AnswerPorts, answerQuestion, followLink, type Purpose, readPeople, type Seen } from '../people/index.ts'
import { PlanRecord } from '../planning/index.ts'
import { answerOf, refusal } from './answers.ts'
import { approvalView } from './approval-view.ts'
import { approveScript } from './approve-script.ts'
import { contactOf } from './contact.ts'
import { type ConsoleVariables, htmlText, page } from './layout.ts'
import { isOwnPost, jsonBody, jsonType } from './requests.ts'
import { sessionAddress } from './signed-in.ts'

export interface ApprovePorts extends Omit<AnswerPorts, 'purposes'> {
  readonly consoleUrl: string
}

/** The purposes that this page serves. Another purpose is added here with its own view. */
export const purposes: readonly Purpose[] = [planApproval]

const proof = { linkId: z.string().max(100), secret: z.string().max(200) }
const View = z.strictObject(proof)
const Decide = z.strictObject({
  ...proof,
  code: z.string().max(40),
  choice: z.string().max(63),
  comment: z.string().max(2000).default(''),
  nonce: z.string().max(100),
})

const foreignPost = 'This request did not come from the approval page.'

/** Routes of the approval page. GET and HEAD change nothing. */
export function approveApp(given: ApprovePorts) {
  const ports = { ...given, purposes }
  const app = new Hono<ConsoleVariables>()
  app.get('/approve', (context) => context.html(shell(context.get('cspNonce'))))
  app.post('/approve/view', async (context) => {
    if (!isOwnPost(context, ports.consoleUrl, jsonType)) return context.json({ text: foreignPost }, 403)
    const input = await jsonBody(context, View)
    const seen = input ? await followLink(input, ports) : { refused: 'unknown-link' as const }
    if ('refused' in seen) return refuse(context, ports, { because: seen.refused })
    if (isTooLate(seen, ports)) return refuse(context, ports, { because: 'deadline-passed' })
    return view(context, seen, ports)
  })
  app.post('/approve/decide', async (context) => {
    if (!isOwnPost(context, ports.consoleUrl, jsonType)) return context.json({ text: foreignPost }, 403)
    const input = await jsonBody(context, Decide)
    if (!input) return refuse(context, ports, { because: 'unknown-link' })
    const seen = await followLink(input, ports)
    if ('question' in seen && !hasVoted(seen) && !isFreshNonce(ports, input.nonce, seen))
      return context.json({ text: 'This page is out of date. Open the link in your mail again.' }, 403)
    const address = sessionAddress(context.env)
    const { choice, comment, nonce, ...link } = input
    const session = address === undefined ? {} : { sessionAddress: address }
    const decided = await answerQuestion({ proof: { by: 'link', ...link, ...session }, choice, comment }, ports)
    const { status, text } = answerOf(decided, await contactOf(ports.ledger))
    return context.json({ text }, status)
  })
  return app
}

const shell = (nonce: string) =>
  page({
    title: 'Vote on a change',
    nonce,
    script: approveScript,
    body: html`<p id="answer" class="answer" role="status" tabindex="-1" hidden></p><div id="view"></div><noscript><p class="answer">This page needs JavaScript, because the secret of your link is never part of an address sent to a server. You can vote on the command line instead: <code>drydock approve</code>.</p></noscript>`,
  })

async function refuse(context: Context, { ledger }: ApprovePorts, why: Parameters<typeof refusal>[0]) {
  const { status, text } = refusal(why, await contactOf(ledger))
  return context.json({ text }, status)
}

const hasVoted = ({ question, asked }: Seen) =>
  question.value.answers.some(({ personId }) => personId === asked.personId)

function isTooLate(seen: Seen, { clock }: ApprovePorts): boolean {
  const { outcome, deadlineAt } = seen.question.value
  if (hasVoted(seen)) return false
  return outcome === 'expired' || (outcome === 'open' && isoInstant(clock.nowMs()) >= deadlineAt)
}

async function view(context: Context, { question: ballot, asked }: Seen, ports: ApprovePorts) {
  const { subject: changeId, subjectHash } = ballot.value
  const [change, plan, people] = await Promise.all([
    ports.ledger.read(ChangeRecord, keys.change(changeId)),
    ports.ledger.read(PlanRecord, keys.plan(changeId, subjectHash)),
    readPeople(ports.ledger),
  ])
  if (!change || !plan)
    return context.json({ text: 'The plan cannot be read, so it cannot be approved. Try again later.' }, 409)
  const body = approvalView({
    change: change.value,
    plan: plan.value,
    ballot: ballot.value,
    people,
    personId: asked.personId,
    at: isoInstant(ports.clock.nowMs()),
    form: form(sessionAddress(context.env) === undefined),
  })
  return context.json({ nonce: nonceOf(ports, asked.secretDigest, ballot.version), html: await htmlText(body) })
}

const form = (needsCode: boolean) =>
  html`<form id="vote" method="post" class="panel" autocomplete="off"><h2>Your vote</h2>
${
  needsCode
    ? html`<label>Code from your mail<input name="code" required minlength="8" maxlength="12" autocapitalize="characters" autocomplete="one-time-code" spellcheck="false" aria-describedby="code-help"></label>
<span id="code-help" class="quiet">Eight letters and digits, below the link.</span>`
    : html`<p>You are signed in, so no code is needed.</p>`
}
<label>Comment<textarea name="comment" rows="2" maxlength="2000"></textarea></label>
<div class="actions"><button type="submit" value="approve">Approve</button><button type="submit" value="reject" class="other">Reject</button></div>
</form>`

/** Versions of a question through which a shown page stays valid: others' votes, mails and wrong codes. */
const versionsMax = 50

const nonceOf = ({ secrets }: ApprovePorts, secretDigest: string, version: number) =>
  `${version}.${secrets.digest(`${secretDigest}:${version}`).slice(0, 32)}`

function isFreshNonce(ports: ApprovePorts, nonce: string, { asked, question }: Seen): boolean {
  const shownAt = Number(nonce.split('.')[0])
  return (
    Number.isInteger(shownAt) &&
    shownAt <= question.version &&
    question.version - shownAt <= versionsMax &&
    ports.secrets.isEqual(
      ports.secrets.digest(nonce),
      ports.secrets.digest(nonceOf(ports, asked.secretDigest, shownAt)),
    )
  )
}
