/** Checks every gate before a ring opens; a change that may not go is held with the reason and, if known, until when. */
import { ssmCalendarStates } from '../../aws/calendar-state.ts'
import { ssmDocumentPins } from '../../aws/document-pins.ts'
import { dynamoLedger } from '../../aws/ledger.ts'
import { httpProber } from '../../aws/prober.ts'
import { hubAccount, systemClock, systemIds } from '../../aws/runtime.ts'
import { lambdaHandler } from '../../kit/lambda-handler.ts'
import { CheckGates, type Ports, run } from '../check-gates.ts'

export { run }

export const handler = lambdaHandler(
  CheckGates,
  (): Ports => ({
    ledger: dynamoLedger(),
    clock: systemClock,
    ids: systemIds,
    account: hubAccount(),
    pins: ssmDocumentPins(),
    prober: httpProber(),
    calendarStates: ssmCalendarStates({ changesMax: 8 }),
  }),
  run,
)
