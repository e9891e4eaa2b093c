/** Checks every gate before a ring opens; a change that may not go is held with the reason and, if known, until when. */
import { configured, Settings } from '../../aws/configuration.ts'
import { ssmDocumentPins } from '../../aws/document-pins.ts'
import { httpProber } from '../../aws/prober.ts'
import { recordPorts, recordSettings } from '../../aws/record-ports.ts'
import { lambdaHandler } from '../../kit/lambda-handler.ts'
import { CheckGates, type Ports, run } from '../check-gates.ts'

export { run }

export const Configuration = Settings.pick(recordSettings)

export const handler = lambdaHandler(
  CheckGates,
  configured(
    Configuration,
    (settings): Ports => ({ ...recordPorts(settings), pins: ssmDocumentPins(), prober: httpProber() }),
  ),
  run,
)
