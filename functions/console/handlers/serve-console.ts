/** Serves the console through API Gateway. */
import { randomBytes } from 'node:crypto'
import { handle } from 'hono/aws-lambda'
import * as z from 'zod'
import { dynamoLedger } from '../../aws/ledger.ts'
import { environment, hubAccount, systemClock, systemIds } from '../../aws/runtime.ts'
import { systemSecrets } from '../../aws/secrets.ts'
import { sfnTaskTokens } from '../../aws/task-tokens.ts'
import { consoleApp } from '../app.ts'

/** What API Gateway vouches for: an OIDC claim, or the IAM caller. */
const SignedIn = z.object({
  requestContext: z.object({
    authorizer: z.object({
      jwt: z.object({ claims: z.object({ email: z.string() }) }).optional(),
      iam: z.object({ userArn: z.string() }).optional(),
    }),
  }),
})

function signedIn(event: unknown): string {
  const parsed = SignedIn.safeParse(event)
  return parsed.success
    ? (parsed.data.requestContext.authorizer.jwt?.claims.email ??
        parsed.data.requestContext.authorizer.iam?.userArn ??
        'console')
    : 'console'
}

const consoleUrl = () => environment('DRYDOCK_CONSOLE_URL')

function buildApp() {
  return handle(
    consoleApp({
      ledger: dynamoLedger(),
      clock: systemClock,
      ids: systemIds,
      account: hubAccount(),
      secrets: systemSecrets(),
      tokens: sfnTaskTokens(),
      consoleUrl: consoleUrl(),
      makeNonce: () => randomBytes(16).toString('base64'),
      signedIn: (env) => signedIn(z.object({ event: z.unknown() }).safeParse(env).data?.event),
    }),
  )
}

let serve: ReturnType<typeof buildApp> | undefined

/** The console's address comes from the configuration alone: no Host or forwarding header of a caller is believed. */
export const handler: ReturnType<typeof buildApp> = (event, context) => {
  serve ??= buildApp()
  const { host } = new URL(consoleUrl())
  return serve(
    {
      ...event,
      headers: { ...event.headers, host },
      ...('domainName' in event.requestContext
        ? { requestContext: { ...event.requestContext, domainName: host } }
        : {}),
    },
    context,
  )
}
