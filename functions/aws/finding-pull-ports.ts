/** What pulling findings works with: records, Inspector, and the queue that intake reads. */
import { countMetric } from '../kit/lambda-handler.ts'
import type { Settings } from './configuration.ts'
import { sqsFindingQueue } from './finding-queue.ts'
import { inspectorFindings } from './finding-source.ts'
import { recordPorts, recordSettings } from './record-ports.ts'
import { digestOf } from './runtime.ts'

/** What `findingPullPorts` reads of the configuration. */
export const findingPullSettings = { ...recordSettings, region: true, findingsQueueUrl: true } as const

/** Ports that compare Inspector with the ledger. */
export const findingPullPorts = (settings: Pick<Settings, keyof typeof findingPullSettings>) => ({
  ...recordPorts(settings),
  source: inspectorFindings(),
  queue: sqsFindingQueue(settings.findingsQueueUrl),
  metrics: countMetric,
  digest: digestOf,
  region: settings.region,
})
