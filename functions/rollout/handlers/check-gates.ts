/** Asks every gate before a ring opens; a refused change is held with every reason and what ends each. */
import { configured, Settings } from '../../aws/configuration.ts'
import { gatePorts } from '../../aws/gate-ports.ts'
import { recordSettings } from '../../aws/record-ports.ts'
import { lambdaHandler } from '../../kit/lambda-handler.ts'
import { CheckGates, run } from '../check-gates.ts'

export { run }

export const Configuration = Settings.pick(recordSettings)

export const handler = lambdaHandler(CheckGates, configured(Configuration, gatePorts), run)
