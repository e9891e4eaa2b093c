/** The dispatcher's Lambda: wakes on nudges and Run Command events, and reconciles rings until nothing is left to do now. */
import { configured, Settings } from '../../aws/configuration.ts'
import { dispatchPorts, dispatchSettings } from '../../aws/dispatch-ports.ts'
import { queueBatchHandler } from '../../kit/lambda-handler.ts'
import { run, runBodies, withPlans } from '../dispatch-hosts.ts'

export { run }

export const Configuration = Settings.pick(dispatchSettings)

const buildPorts = configured(Configuration, (settings) => withPlans(dispatchPorts(settings)))

export const handler = queueBatchHandler(buildPorts, runBodies)
