/** What taking findings in works with: records, the stages that it wakes, and the queue of what it refuses. */
import { findingDesk } from '../changes/index.ts'
import { countMetric } from '../kit/lambda-handler.ts'
import { assessmentPorts, assessmentSettings } from './assessment-ports.ts'
import type { Settings } from './configuration.ts'
import { sqsNudges } from './nudges.ts'
import { sqsRefusals } from './refusals.ts'

/** What `intakePorts` reads of the configuration. */
export const intakeSettings = {
  ...assessmentSettings,
  enrichQueueUrl: true,
  refusalsQueueUrl: true,
  findingAggregators: true,
} as const

/** Ports that record and decide findings, and say what was refused. */
export function intakePorts(settings: Pick<Settings, keyof typeof intakeSettings>) {
  const ports = assessmentPorts(settings)
  return {
    ...ports,
    desk: findingDesk(ports),
    nudges: sqsNudges({ assess: settings.assessQueueUrl, enrich: settings.enrichQueueUrl }),
    refusals: sqsRefusals(settings.refusalsQueueUrl),
    metrics: countMetric,
    aggregators: settings.findingAggregators,
  }
}
