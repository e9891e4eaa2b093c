/** Reconciles changes on a schedule and when a driver dies; logs each held change with what ends its hold. */

import type * as z from 'zod'
import { ssmCalendarStates } from '../../aws/calendar-state.ts'
import { sfnChangeDriver } from '../../aws/change-driver.ts'
import { configured, Settings } from '../../aws/configuration.ts'
import { ssmDocumentPins } from '../../aws/document-pins.ts'
import { sqsNudges } from '../../aws/nudges.ts'
import { dynamoEvidenceHealth } from '../../aws/outbox.ts'
import { httpProber } from '../../aws/prober.ts'
import { recordPorts, recordSettings } from '../../aws/record-ports.ts'
import { systemClock } from '../../aws/runtime.ts'
import { countMetric, lambdaHandler, logger } from '../../kit/lambda-handler.ts'
import { askGates } from '../../rollout/index.ts'
import { type Ports, ReconcileChanges, run } from '../reconcile-changes.ts'

export { run }

export const Configuration = Settings.pick({ ...recordSettings, changeMachineArn: true, dispatchQueueUrl: true })

const log: Ports['log'] = { info: (text, fields) => logger.info(text, fields) }
function buildPorts({
  changeMachineArn,
  dispatchQueueUrl: dispatch,
  ...settings
}: z.infer<typeof Configuration>): Ports {
  const stamp = recordPorts(settings)
  const evidenceHealth = dynamoEvidenceHealth(settings.table, systemClock)
  const calendarStates = ssmCalendarStates({ changesMax: 8 })
  const gates = { ...stamp, pins: ssmDocumentPins(), prober: httpProber(), evidenceHealth, calendarStates }
  const sends = {
    driver: sfnChangeDriver(changeMachineArn),
    nudges: sqsNudges({ dispatch }),
    metrics: countMetric,
    log,
  }
  return { ...stamp, ...sends, askGates: (changeId, ring) => askGates({ changeId, ring }, gates) }
}
export const handler = lambdaHandler(ReconcileChanges, configured(Configuration, buildPorts), run)
