/** Tells the driver what a change needs next; moves it into and out of `held`, and past a ring that succeeded without it. */
import { configured, Settings } from '../../aws/configuration.ts'
import { recordPorts, recordSettings } from '../../aws/record-ports.ts'
import { lambdaHandler } from '../../kit/lambda-handler.ts'
import { ChooseNextStep, run } from '../choose-next-step.ts'

export { run }

export const Configuration = Settings.pick(recordSettings)

export const handler = lambdaHandler(ChooseNextStep, configured(Configuration, recordPorts), run)
