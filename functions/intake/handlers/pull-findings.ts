/** On a schedule: findings whose event never came are pulled from Inspector into the findings queue (I6). */
import { createHash } from 'node:crypto'
import * as z from 'zod'
import { sqsFindingQueue } from '../../aws/finding-queue.ts'
import { inspectorFindings } from '../../aws/finding-source.ts'
import { dynamoLedger } from '../../aws/ledger.ts'
import { environment, hubAccount, systemClock, systemIds } from '../../aws/runtime.ts'
import { countMetric, lambdaHandler, logger } from '../../kit/lambda-handler.ts'
import { type PullPorts, pullFindings } from '../pull-findings.ts'

export const PullFindings = z.looseObject({})
export type PullFindings = z.infer<typeof PullFindings>

export const run = (_input: PullFindings, ports: PullPorts) => pullFindings(ports)

export const handler = lambdaHandler(
  PullFindings,
  (): PullPorts => ({
    ledger: dynamoLedger(),
    source: inspectorFindings(),
    queue: sqsFindingQueue(),
    clock: systemClock,
    ids: systemIds,
    metrics: countMetric,
    digest: (text) => createHash('sha256').update(text).digest('hex'),
    account: hubAccount(),
    region: environment('AWS_REGION'),
  }),
  async (input, ports) => {
    const pulled = await run(input, ports)
    logger.info('findings pulled', { ...pulled })
    return pulled
  },
)
