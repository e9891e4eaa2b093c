/** Plans a change. */
import { configured, Settings } from '../../aws/configuration.ts'
import { planningPorts, planningSettings } from '../../aws/planning-ports.ts'
import { lambdaHandler } from '../../kit/lambda-handler.ts'
import { PlanChange, run } from '../plan-change.ts'

export { run }

export const Configuration = Settings.pick(planningSettings)

export const handler = lambdaHandler(PlanChange, configured(Configuration, planningPorts), run)
