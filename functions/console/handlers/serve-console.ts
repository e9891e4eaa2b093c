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

let serve: ReturnType<typeof handle> | undefined

export const handler: ReturnType<typeof handle> = (event, context) => {
  serve ??= handle(
    consoleApp({
      ledger: dynamoLedger(),
      clock: systemClock,
      ids: systemIds,
      account: hubAccount(),
      secrets: systemSecrets(),
      tokens: sfnTaskTokens(),
      consoleUrl: environment('DRYDOCK_CONSOLE_URL'),
      makeNonce: () => randomBytes(16).toString('base64'),
      signedIn: (env) => signedIn(z.object({ event: z.unknown() }).safeParse(env).data?.event),
    }),
  )
  return serve(event, context)
}
