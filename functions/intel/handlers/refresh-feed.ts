/** Refreshes one feed on a schedule. */
import * as z from 'zod'
import { httpFeedSource } from '../../aws/feed-source.ts'
import { s3FeedStore } from '../../aws/feed-store.ts'
import { dynamoLedger } from '../../aws/ledger.ts'
import { sqsNudges } from '../../aws/nudges.ts'
import { environment, hubAccount, systemClock, systemIds } from '../../aws/runtime.ts'
import { countMetric, lambdaHandler } from '../../kit/lambda-handler.ts'
import { type RefreshPorts, refreshFeed } from '../refresh-feed.ts'

export const RefreshFeed = z.looseObject({ feed: z.enum(['kev', 'epss', 'vulnrichment']) })
export type RefreshFeed = z.infer<typeof RefreshFeed>

interface Ports extends RefreshPorts {
  addressOf(feed: RefreshFeed['feed']): string
}

export const run = ({ feed }: RefreshFeed, ports: Ports) => refreshFeed(feed, ports.addressOf(feed), ports)

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
    addressOf: (feed) => environment(`DRYDOCK_${feed.toUpperCase()}_ADDRESS`),
  }),
  run,
)
