/** Asks every gate before a ring opens; a refused change is held with every reason and what ends each. */
import { ssmCalendarStates } from '../../aws/calendar-state.ts'
import { configured, Settings } from '../../aws/configuration.ts'
import { ssmDocumentPins } from '../../aws/document-pins.ts'
import { dynamoEvidenceHealth } from '../../aws/outbox.ts'
import { httpProber } from '../../aws/prober.ts'
import { recordPorts, recordSettings } from '../../aws/record-ports.ts'
import { systemClock } from '../../aws/runtime.ts'
import { lambdaHandler } from '../../kit/lambda-handler.ts'
import { CheckGates, type Ports, run } from '../check-gates.ts'

export { run }

export const Configuration = Settings.pick(recordSettings)

const buildPorts = configured(
  Configuration,
  (settings): Ports => ({
    ...recordPorts(settings),
    pins: ssmDocumentPins(),
    prober: httpProber(),
    evidenceHealth: dynamoEvidenceHealth(settings.table, systemClock),
    calendarStates: ssmCalendarStates({ changesMax: 8 }),
  }),
)

export const handler = lambdaHandler(CheckGates, buildPorts, run)
