/** The ports of the feed Lambdas: where a feed is fetched, where its copies are kept, and whom to wake. */
import { countMetric } from '../kit/lambda-handler.ts'
import type { Settings } from './configuration.ts'
import { httpFeedSource } from './feed-source.ts'
import { s3FeedStore } from './feed-store.ts'
import { sqsNudges } from './nudges.ts'
import { recordPorts, recordSettings } from './record-ports.ts'
import { digestOf } from './runtime.ts'
import { s3Client } from './s3-client.ts'

/** What `feedPorts` reads of the configuration. */
export const feedSettings = { ...recordSettings, endpointUrl: true, feedsBucket: true, assessQueueUrl: true } as const

/** Ports that fetch feeds, store them and wake the findings that they concern. */
export const feedPorts = (settings: Pick<Settings, keyof typeof feedSettings>) => ({
  ...recordPorts(settings),
  store: s3FeedStore(settings.feedsBucket, s3Client(settings)),
  source: httpFeedSource(),
  nudges: sqsNudges({ assess: settings.assessQueueUrl }),
  metrics: countMetric,
  digest: digestOf,
})
