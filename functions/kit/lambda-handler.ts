/** The one wrapper of every Lambda: input parsed, ports built once per cold start, logs and metrics flushed. */
import { Logger } from '@aws-lambda-powertools/logger'
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware'
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware'
import middy from '@middy/core'
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda'
import type * as z from 'zod'
import { idsIn, idsInBody, withoutSecrets } from './log-fields.ts'
import type { Metrics as MetricsPort } from './ports.ts'

export const logger = new Logger({ jsonReplacerFn: withoutSecrets })
const metrics = new Metrics({ namespace: 'Drydock' })

export const countMetric: MetricsPort = {
  count: (name, by = 1) => metrics.addMetric(name, MetricUnit.Count, by),
}

/**
 * A Lambda that a state machine, a schedule or a person calls. Input that fails its schema is refused, naming the wrong
 * path.
 */
export function lambdaHandler<Input, Ports, Output>(
  input: z.ZodType<Input>,
  buildPorts: () => Ports,
  run: (input: Input, ports: Ports) => Promise<Output>,
) {
  let ports: Ports | undefined
  return middy()
    .use(injectLambdaContext(logger, { clearState: true }))
    .use(logMetrics(metrics, { throwOnEmptyMetrics: false }))
    .handler(async (event: unknown) => {
      logger.appendKeys(idsIn(event))
      try {
        ports ??= buildPorts()
        return await run(input.parse(event), ports)
      } catch (error) {
        // Lambda prints the error too, but without the ids.
        logger.error('failed', { error: error instanceof Error ? error : String(error) })
        throw error
      }
    })
}

/**
 * A Lambda on a queue that takes a whole batch at once. * `runBatch` may return the failed records, by position, with
 * the reason; those are redelivered. If it throws, all are.
 */
export function queueBatchHandler<Ports>(
  buildPorts: () => Ports,
  runBatch: (bodies: readonly string[], ports: Ports) => Promise<undefined | ReadonlyMap<number, unknown>>,
) {
  let ports: Ports | undefined
  return middy<SQSEvent, SQSBatchResponse>()
    .use(injectLambdaContext(logger, { clearState: true }))
    .use(logMetrics(metrics, { throwOnEmptyMetrics: false }))
    .handler(async ({ Records }) => {
      ports ??= buildPorts()
      try {
        const bodies = Records.map(({ body }) => body)
        const failed = (await runBatch(bodies, ports)) ?? new Map<number, unknown>()
        for (const [place, error] of failed)
          logger.error('record failed', {
            messageId: Records[place]?.messageId,
            ...idsInBody(bodies[place] ?? ''),
            error: error instanceof Error ? error : String(error),
          })
        return {
          batchItemFailures: Records.filter((_, place) => failed.has(place)).map(({ messageId }) => ({
            itemIdentifier: messageId,
          })),
        }
      } catch (error) {
        const ids = Records.slice(0, 10).map(({ body }) => idsInBody(body))
        logger.error('batch failed', {
          records: Records.length,
          ids,
          error: error instanceof Error ? error : String(error),
        })
        return { batchItemFailures: Records.map(({ messageId }) => ({ itemIdentifier: messageId })) }
      }
    })
}

/**
 * A Lambda on a queue: each record succeeds or fails by itself, and a failed one is redelivered until the queue's
 * redrive moves it to the dead-letter queue.
 */
export function queueHandler<Ports>(buildPorts: () => Ports, runRecord: (body: string, ports: Ports) => Promise<void>) {
  let ports: Ports | undefined
  return middy<SQSEvent, SQSBatchResponse>()
    .use(injectLambdaContext(logger, { clearState: true }))
    .use(logMetrics(metrics, { throwOnEmptyMetrics: false }))
    .handler(async (event) => {
      ports ??= buildPorts()
      const batchItemFailures: { itemIdentifier: string }[] = []
      for (const record of event.Records) {
        try {
          await runRecord(record.body, ports)
        } catch (error) {
          logger.error('record failed', {
            messageId: record.messageId,
            ...idsInBody(record.body),
            error: error instanceof Error ? error : String(error),
          })
          batchItemFailures.push({ itemIdentifier: record.messageId })
        }
      }
      return { batchItemFailures }
    })
}
