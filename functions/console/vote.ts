/** Voting on the console: a signed-in approver needs neither link nor code, because the session proves who votes. */
import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import * as z from 'zod'
import { approvalPurpose } from '../approvals/index.ts'
import { ChangeRecord } from '../changes/index.ts'
import { keys } from '../kit/keys.ts'
import { isoInstant } from '../kit/time.ts'
import { answerQuestion, askedOf, findQuestion, readPeople } from '../people/index.ts'
import { PlanRecord } from '../planning/index.ts'
import { answerOf, refusal } from './answers.ts'
import { approvalView } from './approval-view.ts'
import { type ApprovePorts, purposes } from './approve.ts'
import { contactOf } from './contact.ts'
import { type ConsoleVariables, type Html, page } from './layout.ts'
import { formType, isOwnPost } from './requests.ts'
import { sessionAddress } from './signed-in.ts'

const Form = z.object({
  choice: z.enum(['approve', 'reject']),
  comment: z.string().max(2000).default(''),
  planHash: z.string().max(100),
})

const notSignedIn =
  'Voting here needs a signed-in session with a verified address. Use the link and the code in your mail.'

type ConsoleContext = Context<ConsoleVariables, '/changes/:changeId/vote'>

export function voteApp(ports: ApprovePorts) {
  const app = new Hono<ConsoleVariables>()
  app.get('/changes/:changeId/vote', (context) => showForm(context, ports))
  app.post('/changes/:changeId/vote', async (context) => {
    const changeId = context.req.param('changeId')
    if (!isOwnPost(context, ports.consoleUrl, formType))
      return answer(context, 403, 'This request did not come from the console.')
    const address = sessionAddress(context.env)
    if (address === undefined) return answer(context, 403, notSignedIn)
    const form = Form.safeParse(await context.req.parseBody())
    if (!form.success) return answer(context, 400, 'Choose Approve or Reject.')
    const { choice, comment, planHash: subjectHash } = form.data
    const proof = {
      by: 'session',
      purpose: approvalPurpose,
      subject: changeId,
      subjectHash,
      sessionAddress: address,
    } as const
    const decided = await answerQuestion({ proof, choice, comment }, { ...ports, purposes })
    const { status, text } = answerOf(decided, await contactOf(ports.ledger))
    return answer(context, status, text)
  })
  return app
}

function answer(
  context: ConsoleContext,
  status: 200 | 400 | 401 | 403 | 404 | 409 | 410 | 423,
  text: string,
  rest?: Html,
) {
  const changeId = context.req.param('changeId')
  const body = html`<p class="answer" role="status">${text}</p>${rest ?? ''}<p><a href="/changes/${changeId}">The change</a></p>`
  return context.html(page({ title: 'Vote on a change', nonce: context.get('cspNonce'), place: '/', body }), status)
}

async function showForm(context: ConsoleContext, ports: ApprovePorts) {
  const { ledger, clock } = ports
  const changeId = context.req.param('changeId')
  const address = sessionAddress(context.env)
  if (address === undefined) return answer(context, 403, notSignedIn)
  const ballotName = { purpose: approvalPurpose, subject: changeId }
  const found = await findQuestion({ ...ballotName, sessionAddress: address }, { ledger, purposes })
  if ('refused' in found) {
    const { status, text } = refusal({ because: found.refused }, await contactOf(ledger))
    return answer(context, status, found.refused === 'unknown-link' ? 'You have nothing to vote on here.' : text)
  }
  const { question: ballot, personId } = found
  const { subjectHash } = ballot.value
  const [change, plan, people] = await Promise.all([
    ledger.read(ChangeRecord, keys.change(changeId)),
    ledger.read(PlanRecord, keys.plan(changeId, subjectHash)),
    readPeople(ledger),
  ])
  if (!change || !plan)
    return answer(context, 409, 'The plan cannot be read, so it cannot be approved. Try again later.')
  const body = approvalView({
    change: change.value,
    plan: plan.value,
    ballot: ballot.value,
    people,
    personId,
    at: isoInstant(clock.nowMs()),
    form: askedOf(ballot.value, personId)
      ? voteForm(changeId, subjectHash)
      : html`<p class="answer">You are not an approver of this change.</p>`,
  })
  return context.html(page({ title: 'Vote on a change', nonce: context.get('cspNonce'), place: '/', body }))
}

const voteForm = (changeId: string, planHash: string) =>
  html`<form id="vote" method="post" action="/changes/${changeId}/vote" class="panel"><h2>Your vote</h2>
<input type="hidden" name="planHash" value="${planHash}">
<label>Comment<textarea name="comment" rows="2" maxlength="2000"></textarea></label>
<div class="actions"><button type="submit" name="choice" value="approve">Approve</button><button type="submit" name="choice" value="reject" class="other">Reject</button></div>
</form>`
