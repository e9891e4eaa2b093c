/** On a schedule: findings whose event never came are pulled from Inspector into the findings queue (I6). */
import { configured, Settings } from '../../aws/configuration.ts'
import { sqsFindingQueue } from '../../aws/finding-queue.ts'
import { inspectorFindings } from '../../aws/finding-source.ts'
import { recordPorts, recordSettings } from '../../aws/record-ports.ts'
import { digestOf } from '../../aws/runtime.ts'
import { countMetric, lambdaHandler, logger } from '../../kit/lambda-handler.ts'
import { PullFindings, type PullPorts, run } from '../pull-findings.ts'

export { run }

export const Configuration = Settings.pick({ ...recordSettings, region: true, findingsQueueUrl: true })

export const handler = lambdaHandler(
  PullFindings,
  configured(
    Configuration,
    (settings): PullPorts => ({
      ...recordPorts(settings),
      source: inspectorFindings(),
      queue: sqsFindingQueue(settings.findingsQueueUrl),
      metrics: countMetric,
      digest: digestOf,
      region: settings.region,
    }),
  ),
  async (input, ports) => {
    const pulled = await run(input, ports)
    logger.info('findings pulled', { ...pulled })
    return pulled
  },
)
