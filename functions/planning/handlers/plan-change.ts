/** Plans a change. */
import { ssmCalendarStates } from '../../aws/calendar-state.ts'
import { configured, Settings } from '../../aws/configuration.ts'
import { ssmDocumentPins } from '../../aws/document-pins.ts'
import { s3EvidenceStore } from '../../aws/evidence-store.ts'
import { ssmInventories } from '../../aws/inventory.ts'
import { storedOverrideLists } from '../../aws/override-lists.ts'
import { recordPorts, recordSettings } from '../../aws/record-ports.ts'
import { digestOf } from '../../aws/runtime.ts'
import { s3Client } from '../../aws/s3-client.ts'
import { placeSettings } from '../../aws/spokes.ts'
import { countMetric, lambdaHandler } from '../../kit/lambda-handler.ts'
import { PlanChange, type PlanPorts, run } from '../plan-change.ts'

export { run }

export const Configuration = Settings.pick({
  ...recordSettings,
  ...placeSettings,
  endpointUrl: true,
  overridesBucket: true,
})

export const handler = lambdaHandler(
  PlanChange,
  configured(
    Configuration,
    (settings): PlanPorts => ({
      ...recordPorts(settings),
      inventories: ssmInventories(settings),
      metrics: countMetric,
      pins: ssmDocumentPins(),
      calendarStates: ssmCalendarStates({ changesMax: 40 }),
      overrideLists: storedOverrideLists(s3EvidenceStore(settings.overridesBucket, s3Client(settings))),
      digest: digestOf,
    }),
  ),
  run,
)
