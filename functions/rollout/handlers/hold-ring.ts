/** Holds a change whose ring did not end in time. */
import { configured, Settings } from '../../aws/configuration.ts'
import { recordPorts, recordSettings } from '../../aws/record-ports.ts'
import { lambdaHandler } from '../../kit/lambda-handler.ts'
import { HoldRing, run } from '../hold-ring.ts'

export { run }

export const Configuration = Settings.pick(recordSettings)

export const handler = lambdaHandler(HoldRing, configured(Configuration, recordPorts), run)
