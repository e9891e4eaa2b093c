/** What taking findings in works with: records, the stages that it wakes, and the queue of what it refuses. */
import { countMetric } from '../kit/lambda-handler.ts'
import type { Settings } from './configuration.ts'
import { sqsNudges } from './nudges.ts'
import { recordPorts, recordSettings } from './record-ports.ts'
import { sqsRefusals } from './refusals.ts'
import { digestOf } from './runtime.ts'

/** What `intakePorts` reads of the configuration. */
export const intakeSettings = {
  ...recordSettings,
  assessQueueUrl: true,
  enrichQueueUrl: true,
  refusalsQueueUrl: true,
  findingAggregators: true,
} as const

/** Ports that record findings and say what was refused. */
export const intakePorts = (settings: Pick<Settings, keyof typeof intakeSettings>) => ({
  ...recordPorts(settings),
  nudges: sqsNudges({ assess: settings.assessQueueUrl, enrich: settings.enrichQueueUrl }),
  refusals: sqsRefusals(settings.refusalsQueueUrl),
  metrics: countMetric,
  digest: digestOf,
  aggregators: settings.findingAggregators,
})
