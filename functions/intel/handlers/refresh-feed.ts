/** Refreshes one feed on a schedule. */
import { createHash } from 'node:crypto'
import * as z from 'zod'
import { httpFeedSource } from '../../aws/feed-source.ts'
import { s3FeedStore } from '../../aws/feed-store.ts'
import { dynamoLedger } from '../../aws/ledger.ts'
import { sqsNudges } from '../../aws/nudges.ts'
import { environment, hubAccount, systemClock, systemIds } from '../../aws/runtime.ts'
import { countMetric, lambdaHandler } from '../../kit/lambda-handler.ts'
import { type RefreshPorts, refreshFeed } from '../refresh-feed.ts'

export const RefreshFeed = z.looseObject({
  feed: z.enum(['kev', 'epss', 'vulnrichment']),
  /** Instead of the address that the function was deployed with. */
  address: z.url().optional(),
  /** Takes a feed that lost more than a tenth of its rows; set by hand after a look at it. */
  mayShrink: z.boolean().optional(),
})
export type RefreshFeed = z.infer<typeof RefreshFeed>

interface Ports extends RefreshPorts {
  addressOf(feed: RefreshFeed['feed']): string
}

export const run = ({ feed, address, mayShrink = false }: RefreshFeed, ports: Ports) =>
  refreshFeed({ feed, address: address ?? ports.addressOf(feed), mayShrink }, ports)

export const handler = lambdaHandler(
  RefreshFeed,
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
    addressOf: (feed) => environment(`DRYDOCK_${feed.toUpperCase()}_ADDRESS`),
  }),
  run,
)
