/** Checks a ballot whose machine stopped waiting: expired, decided meanwhile, or due for another step of asking. */
import { configured, Settings } from '../../aws/configuration.ts'
import { recordPorts, recordSettings } from '../../aws/record-ports.ts'
import { lambdaHandler } from '../../kit/lambda-handler.ts'
import { CloseBallot, run } from '../close-ballot.ts'

export { run }

export const Configuration = Settings.pick(recordSettings)

export const handler = lambdaHandler(CloseBallot, configured(Configuration, recordPorts), run)
