/** The enrich queue: new findings whose CVEs Vulnrichment was not asked about yet. */
import { createHash } from 'node:crypto'
import * as z from 'zod'
import { httpFeedSource } from '../../aws/feed-source.ts'
import { s3FeedStore } from '../../aws/feed-store.ts'
import { dynamoLedger } from '../../aws/ledger.ts'
import { sqsNudges } from '../../aws/nudges.ts'
import { environment, hubAccount, systemClock, systemIds } from '../../aws/runtime.ts'
import { countMetric, logger, queueBatchHandler } from '../../kit/lambda-handler.ts'
import { enrichFindings } from '../enrich-findings.ts'
import type { RefreshPorts } from '../refresh-feed.ts'

export const EnrichFinding = z.object({ findingId: z.string() })
export type EnrichFinding = z.infer<typeof EnrichFinding>

interface Ports extends RefreshPorts {
  addressOf(feed: 'vulnrichment'): string
}

/** All messages of a batch at once: one copy of the feed for all of them. */
export const run = (messages: readonly EnrichFinding[], ports: Ports) =>
  enrichFindings(
    messages.map(({ findingId }) => findingId),
    ports.addressOf('vulnrichment'),
    ports,
  )

export const handler = queueBatchHandler(
  (): Ports => ({
    ledger: dynamoLedger(),
    store: s3FeedStore(),
    source: httpFeedSource(),
    nudges: sqsNudges(),
    clock: systemClock,
    ids: systemIds,
    metrics: countMetric,
    account: hubAccount(),
    digest: (text) => createHash('sha256').update(text).digest('hex'),
    addressOf: () => environment('DRYDOCK_VULNRICHMENT_ADDRESS'),
  }),
  async (bodies, ports) => {
    const messages = bodies.map((body) => EnrichFinding.parse(JSON.parse(body)))
    logger.info('enriched', { findingIds: messages.map(({ findingId }) => findingId), ...(await run(messages, ports)) })
    return undefined
  },
)
