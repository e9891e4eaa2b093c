/** Serves the console through API Gateway. */
import { randomBytes } from 'node:crypto'
import { handle } from 'hono/aws-lambda'
import { dynamoLedger } from '../../aws/ledger.ts'
import { environment, hubAccount, systemClock, systemIds } from '../../aws/runtime.ts'
import { systemSecrets } from '../../aws/secrets.ts'
import { sfnTaskTokens } from '../../aws/task-tokens.ts'
import { consoleApp } from '../app.ts'
import { signedIn } from '../signed-in.ts'

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
      signedIn,
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
