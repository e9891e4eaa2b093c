/** The intake queue: EventBridge events of Inspector, Security Hub and imports become findings in the ledger. */
import { configured, Settings } from '../../aws/configuration.ts'
import { sqsNudges } from '../../aws/nudges.ts'
import { recordPorts, recordSettings } from '../../aws/record-ports.ts'
import { sqsRefusals } from '../../aws/refusals.ts'
import { digestOf } from '../../aws/runtime.ts'
import { countMetric, logger, queueHandler } from '../../kit/lambda-handler.ts'
import { type ReceivePorts, run } from '../receive-findings.ts'

export { run }

export const Configuration = Settings.pick({
  ...recordSettings,
  assessQueueUrl: true,
  enrichQueueUrl: true,
  refusalsQueueUrl: true,
  findingAggregators: true,
})

export const handler = queueHandler(
  configured(
    Configuration,
    ({ assessQueueUrl, enrichQueueUrl, ...settings }): ReceivePorts => ({
      ...recordPorts(settings),
      nudges: sqsNudges({ assess: assessQueueUrl, enrich: enrichQueueUrl }),
      refusals: sqsRefusals(settings.refusalsQueueUrl),
      metrics: countMetric,
      digest: digestOf,
      aggregators: settings.findingAggregators,
    }),
  ),
  async (body, ports) => {
    const { recorded, refused } = await run(body, ports)
    for (const each of recorded) logger.info('finding', { ...each })
    for (const { refused: reason, at, detail } of refused) logger.warn('input refused', { reason, at, detail })
  },
)
