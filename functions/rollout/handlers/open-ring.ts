/** Opens a ring and wakes the dispatcher. */
import { configured, Settings } from '../../aws/configuration.ts'
import { ringOpeningPorts, ringOpeningSettings } from '../../aws/ring-opening-ports.ts'
import { lambdaHandler } from '../../kit/lambda-handler.ts'
import { OpenRing, run } from '../open-ring.ts'

export { run }

export const Configuration = Settings.pick(ringOpeningSettings)

export const handler = lambdaHandler(OpenRing, configured(Configuration, ringOpeningPorts), run)
