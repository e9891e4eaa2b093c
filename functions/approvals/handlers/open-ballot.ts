/** Opens the ballot on a change's plan; the same plan keeps its ballot, another plan gets a new one. */
import { configured, Settings } from '../../aws/configuration.ts'
import { recordPorts, recordSettings } from '../../aws/record-ports.ts'
import { lambdaHandler } from '../../kit/lambda-handler.ts'
import { OpenBallot, run } from '../open-ballot.ts'

export { run }

export const Configuration = Settings.pick(recordSettings)

export const handler = lambdaHandler(OpenBallot, configured(Configuration, recordPorts), run)
