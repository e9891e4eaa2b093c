/** The enrich queue: asks Vulnrichment about CVEs of new findings. */
import { configured, Settings } from '../../aws/configuration.ts'
import { feedPorts, feedSettings } from '../../aws/feed-ports.ts'
import { logger, queueBatchHandler } from '../../kit/lambda-handler.ts'
import { EnrichFinding, run } from '../enrich-findings.ts'

export { run }

export const Configuration = Settings.pick({ ...feedSettings, vulnrichmentAddress: true })

export const handler = queueBatchHandler(
  configured(Configuration, (settings) => ({ ...feedPorts(settings), addressOf: () => settings.vulnrichmentAddress })),
  async (bodies, ports) => {
    const messages = bodies.map((body) => EnrichFinding.parse(JSON.parse(body)))
    logger.info('enriched', { findingIds: messages.map(({ findingId }) => findingId), ...(await run(messages, ports)) })
    return undefined
  },
)
