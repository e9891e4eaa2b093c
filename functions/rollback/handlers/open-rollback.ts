/** Opens the rollback of a change and wakes the dispatcher; a repeated call hands over the new token. */
import { configured, Settings } from '../../aws/configuration.ts'
import { ringOpeningPorts, ringOpeningSettings } from '../../aws/ring-opening-ports.ts'
import { lambdaHandler } from '../../kit/lambda-handler.ts'
import { OpenRollback, run } from '../open-rollback.ts'

export { run }

export const Configuration = Settings.pick(ringOpeningSettings)

export const handler = lambdaHandler(OpenRollback, configured(Configuration, ringOpeningPorts), run)
