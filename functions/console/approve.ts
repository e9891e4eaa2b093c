/** The approval page: a shell that says nothing, a view for those who hold the link, a decision for those who hold the code too. */
import { type Context, Hono } from 'hono'
import { html, raw } from 'hono/html'
import * as z from 'zod'
import { type Decided, type DecidePorts, decide, followLink } from '../approvals/index.ts'
import { keys } from '../kit/keys.ts'
import { PlanRecord } from '../planning/index.ts'
import { approvalView } from './approval-view.ts'
import { type ConsoleVariables, page } from './layout.ts'

export interface ApprovePorts extends DecidePorts {
  readonly consoleUrl: string
}

const proof = { linkId: z.string().max(100), secret: z.string().max(200) }
const View = z.strictObject(proof)
const Decide = z.strictObject({
  ...proof,
  code: z.string().max(40),
  choice: z.enum(['approve', 'reject']),
  comment: z.string().max(2000).default(''),
  nonce: z.string().max(100),
})

/** Why a link or vote does not count: status, what to say. The same words for unknown, foreign and truncated links. */
const answers: Readonly<Record<string, readonly [400 | 401 | 403 | 404 | 409 | 410 | 423, string]>> = {
  'unknown-link': [
    404,
    'This link is not known. It may have been cut short by your mail program: copy it whole, or ask for a new mail.',
  ],
  'newer-mail': [410, 'This link was replaced by a newer mail. Please use the newest one.'],
  superseded: [
    410,
    'The plan was changed after this mail was sent, so votes on it no longer count. You will get a mail about the new plan.',
  ],
  'deadline-passed': [410, 'The deadline for this vote has passed. Ask the change manager to plan the change again.'],
  'ballot-closed': [409, 'This change was decided already; your vote was not needed.'],
  'plan-changed': [410, 'The plan was changed after this mail was sent. You will get a mail about the new plan.'],
  'not-an-approver': [403, 'You are not an approver of this change.'],
  'own-request': [403, 'You requested this change or wrote its rollback plan, so you cannot vote on it.'],
  'wrong-code': [401, 'That code is not right. It stands in your mail below the link.'],
  locked: [423, 'Too many wrong codes: this link is locked. Ask the change manager for another approver.'],
}

const refusal = (because: string) => answers[because] ?? ([400, 'The vote could not be taken.'] as const)

function answerOf(decided: Decided): { status: 200 | 400 | 401 | 403 | 404 | 409 | 410 | 423; text: string } {
  if (decided.kind === 'recorded') {
    const so =
      decided.outcome === 'approved'
        ? 'The change is approved.'
        : decided.outcome === 'rejected'
          ? 'The change is rejected.'
          : 'The change waits for the other approvers.'
    return {
      status: 200,
      text: `Your vote (${decided.choice}) is recorded. ${so}${decided.isLate ? ' Its driver had stopped waiting and is started again within minutes.' : ''}`,
    }
  }
  if (decided.kind === 'already') {
    const { choice, at } = decided.earlier
    return decided.isSame
      ? { status: 200, text: `Already recorded at ${at}: ${choice}.` }
      : { status: 409, text: `You voted ${choice} at ${at}. The first vote stands.` }
  }
  const [status, text] = refusal(decided.because)
  return { status, text }
}

/** Posts must come from our own page and be JSON: a form on another site can send neither. */
function isOwnPost(context: Context, consoleUrl: string): boolean {
  return (
    context.req.header('origin') === new URL(consoleUrl).origin &&
    (context.req.header('content-type') ?? '').split(';')[0]?.trim() === 'application/json'
  )
}

async function bodyOf<T>(context: Context, schema: z.ZodType<T>): Promise<T | undefined> {
  try {
    const parsed = schema.safeParse(await context.req.json())
    return parsed.success ? parsed.data : undefined
  } catch {
    return undefined
  }
}

const script = `
const main=document.getElementById('main'),say=(text)=>{const box=document.getElementById('answer');box.textContent=text;box.focus()};
const [linkId='',secret='']=location.hash.slice(1).split('.');history.replaceState(null,'',location.pathname);
const post=(path,body)=>fetch(path,{method:'POST',headers:{'content-type':'application/json',accept:'application/json'},body:JSON.stringify({linkId,secret,...body})});
(async()=>{if(!linkId){say('Open this page by the link in your mail.');return}
const answer=await post('/approve/view',{});const shown=await answer.json();if(!answer.ok){say(shown.text);return}
document.getElementById('view').innerHTML=shown.html;say('');const form=document.getElementById('vote');
if(form)form.addEventListener('submit',async(event)=>{event.preventDefault();const choice=event.submitter.value,data=new FormData(form);
for(const button of form.querySelectorAll('button'))button.disabled=true;
const decided=await post('/approve/decide',{code:data.get('code'),comment:data.get('comment'),choice,nonce:shown.nonce});const told=await decided.json();say(told.text);
if(decided.status===401)for(const button of form.querySelectorAll('button'))button.disabled=false;else form.hidden=decided.ok})})();`

/** Routes of the approval page. GET and HEAD change nothing. */
export function approveApp(ports: ApprovePorts) {
  const app = new Hono<ConsoleVariables>()
  app.get('/approve', (context) =>
    context.html(
      page({
        title: 'Vote on a change',
        nonce: context.get('cspNonce'),
        script,
        body: html`<p id="answer" class="answer" role="status" tabindex="-1">Reading your link…</p><div id="view"></div><noscript><p>This page needs JavaScript, because the secret of your link is never sent to a server. You can vote on the command line instead: <code>drydock approve</code>.</p></noscript>`,
      }),
    ),
  )
  app.post('/approve/view', async (context) => {
    if (!isOwnPost(context, ports.consoleUrl))
      return context.json({ text: 'This request did not come from the approval page.' }, 403)
    const input = await bodyOf(context, View)
    const seen = input ? await followLink(input, ports) : { refused: 'unknown-link' as const }
    if ('refused' in seen) {
      const [status, text] = refusal(seen.refused)
      return context.json({ text }, status)
    }
    const plan = await ports.ledger.read(PlanRecord, keys.plan(seen.change.value.changeId, seen.ballot.value.planHash))
    if (!plan) return context.json({ text: 'The plan cannot be read, so it cannot be approved. Try again later.' }, 409)
    const body = await approvalView({
      change: seen.change.value,
      plan: plan.value,
      ballot: seen.ballot.value,
      approver: seen.approver,
    })
    return context.json({
      nonce: nonceOf(ports, seen.approver.secretDigest, seen.ballot.version),
      html: String(raw(body)),
    })
  })
  app.post('/approve/decide', async (context) => {
    if (!isOwnPost(context, ports.consoleUrl))
      return context.json({ text: 'This request did not come from the approval page.' }, 403)
    const input = await bodyOf(context, Decide)
    if (!input) return context.json({ text: refusal('unknown-link')[1] }, 404)
    const seen = await followLink(input, ports)
    const hasVoted =
      'ballot' in seen && seen.ballot.value.votes.some(({ personId }) => personId === seen.approver.personId)
    // Another approver's vote makes a new version: the page of this one stays good while nobody's plan changed.
    if (
      'ballot' in seen &&
      !hasVoted &&
      !isFreshNonce(ports, input.nonce, seen.approver.secretDigest, seen.ballot.version)
    )
      return context.json({ text: 'This page is out of date. Open the link again.' }, 403)
    const { status, text } = answerOf(await decide(input, ports))
    return context.json({ text }, status)
  })
  app.all('/approve', (context) => context.text('Method not allowed', 405))
  app.all('/approve/*', (context) => context.text('Method not allowed', 405))
  return app
}

/** Versions of a ballot through which a shown page stays usable: other votes and wrong codes. */
const versionsMax = 50
const nonceOf = ({ secrets }: ApprovePorts, secretDigest: string, version: number) =>
  `${version}.${secrets.digest(`${secretDigest}:${version}`).slice(0, 32)}`

function isFreshNonce(ports: ApprovePorts, nonce: string, secretDigest: string, version: number): boolean {
  const shownAt = Number(nonce.split('.')[0])
  return (
    Number.isInteger(shownAt) &&
    shownAt <= version &&
    version - shownAt <= versionsMax &&
    ports.secrets.isEqual(ports.secrets.digest(nonce), ports.secrets.digest(nonceOf(ports, secretDigest, shownAt)))
  )
}
