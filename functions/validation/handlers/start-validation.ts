/** Starts the validation of a ring: probes the service, and says how long to let the ring soak before the first look. */
import { configured, Settings } from '../../aws/configuration.ts'
import { httpProber } from '../../aws/prober.ts'
import { recordPorts, recordSettings } from '../../aws/record-ports.ts'
import { lambdaHandler } from '../../kit/lambda-handler.ts'
import { run, StartValidation } from '../start-validation.ts'

export { run }

export const Configuration = Settings.pick(recordSettings)

const buildPorts = configured(Configuration, (settings) => ({ ...recordPorts(settings), prober: httpProber() }))

export const handler = lambdaHandler(StartValidation, buildPorts, run)
