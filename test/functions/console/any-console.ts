/** The console over a memory ledger with one ballot asked, and requests as its own pages make them. */
import * as z from 'zod'
import { run as askApprovers } from '../../../functions/approvals/ask-approvers.ts'
import { run as openBallot } from '../../../functions/approvals/open-ballot.ts'
import { consoleApp } from '../../../functions/console/app.ts'
import { memoryLogHead, memoryOutbox } from '../../../simulator/ports/outbox.ts'
import { anyApprovals, askOf, changeId, consoleUrl, type Given } from '../approvals/any-approvals.ts'

const Shown = z.object({ nonce: z.string().default(''), html: z.string().default(''), text: z.string().default('') })

/** What API Gateway hands over for a signed-in person. */
export const sessionOf = (email: string, email_verified: boolean | string = true) => ({
  event: { requestContext: { authorizer: { jwt: { claims: { email, email_verified } } } } },
})

export async function anyConsole(given: Given = {}) {
  const set = await anyApprovals(given)
  await openBallot({ changeId }, set.ports)
  await askApprovers({ changeId, step: 'ask', taskToken: 'token-1' }, set.ports)
  const faults: unknown[] = []
  const ports = {
    ...set.ports,
    makeNonce: () => 'nonce',
    signedIn: () => 'chloe',
    logHead: memoryLogHead(),
    outbox: memoryOutbox(set.ledger),
    onFault: (fault: unknown) => void faults.push(fault),
  }
  const app = consoleApp(ports)
  const get = (path: string, env: object = {}) => app.request(path, {}, env)
  const postJson = (path: string, body: unknown, headers: Record<string, string> = {}, env: object = {}) =>
    app.request(
      path,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: consoleUrl, ...headers },
        body: JSON.stringify(body),
      },
      env,
    )
  const postForm = (path: string, body: string, headers: Record<string, string> = {}, env: object = {}) =>
    app.request(
      path,
      {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', origin: consoleUrl, ...headers },
        body,
      },
      env,
    )
  const proofOf = (personId: string) => {
    const { linkId, secret } = askOf(set.mailer.sent, personId)
    return { linkId, secret }
  }
  const view = async (personId: string, env: object = {}) =>
    Shown.parse(await (await postJson('/approve/view', proofOf(personId), {}, env)).json())
  /** A vote as the page casts it; anything in `body` takes the place of what the page would send. */
  const vote = async (personId: string, body: Record<string, string> = {}, env: object = {}) => {
    const { nonce } = await view(personId, env)
    const { code } = askOf(set.mailer.sent, personId)
    const sent = { ...proofOf(personId), code, choice: 'approve', comment: '', nonce, ...body }
    return postJson('/approve/decide', sent, {}, env)
  }
  return { ...set, ports, app, get, postJson, postForm, proofOf, view, vote, faults }
}
