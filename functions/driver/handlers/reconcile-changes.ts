/** On a schedule and when a driver dies: what `reconcile-changes` says; each held change is logged with what ends its hold. */
import { sfnChangeDriver } from '../../aws/change-driver.ts'
import { ssmDocumentPins } from '../../aws/document-pins.ts'
import { dynamoLedger } from '../../aws/ledger.ts'
import { sqsNudges } from '../../aws/nudges.ts'
import { dynamoEvidenceHealth } from '../../aws/outbox.ts'
import { httpProber } from '../../aws/prober.ts'
import { hubAccount, systemClock, systemIds } from '../../aws/runtime.ts'
import { countMetric, lambdaHandler, logger } from '../../kit/lambda-handler.ts'
import { askGates } from '../../rollout/index.ts'
import { type Ports, ReconcileChanges, run } from '../reconcile-changes.ts'

export { run }

const log: Ports['log'] = { info: (text, fields) => logger.info(text, fields) }
function buildPorts(): Ports {
  const stamp = { ledger: dynamoLedger(), clock: systemClock, ids: systemIds, account: hubAccount() }
  const evidenceHealth = dynamoEvidenceHealth(systemClock)
  const gates = { ...stamp, pins: ssmDocumentPins(), prober: httpProber(), evidenceHealth }
  const sends = { driver: sfnChangeDriver(), nudges: sqsNudges(), metrics: countMetric, log }
  return { ...stamp, ...sends, askGates: (changeId, ring) => askGates({ changeId, ring }, gates) }
}
export const handler = lambdaHandler(ReconcileChanges, buildPorts, run)
