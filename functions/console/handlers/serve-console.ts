/** Serves the console through API Gateway. */
import { randomBytes } from 'node:crypto'
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import { handle } from 'hono/aws-lambda'
import { dynamoLedger } from '../../aws/ledger.ts'
import { dynamoLogHead, dynamoOutbox } from '../../aws/outbox.ts'
import { environment, hubAccount, systemClock, systemIds } from '../../aws/runtime.ts'
import { systemSecrets } from '../../aws/secrets.ts'
import { sfnTaskTokens } from '../../aws/task-tokens.ts'
import { logger } from '../../kit/lambda-handler.ts'
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
      logHead: dynamoLogHead(),
      outbox: dynamoOutbox(),
      // One line of EMF each: there is no middleware here that would flush at the end.
      metrics: { count: (name, by = 1) => void metrics.singleMetric().addMetric(name, MetricUnit.Count, by) },
      onFault: (fault, path) =>
        logger.error('the console failed', { path, error: fault instanceof Error ? fault : String(fault) }),
    }),
  )
}

const metrics = new Metrics({ namespace: 'Drydock' })

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
