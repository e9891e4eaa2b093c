/** Records how a rollback went and blocks the patch for the fleet. */
import { configured, Settings } from '../../aws/configuration.ts'
import { recordPorts, recordSettings } from '../../aws/record-ports.ts'
import { countMetric, lambdaHandler } from '../../kit/lambda-handler.ts'
import { FinishRollback, run } from '../finish-rollback.ts'

export { run }

export const Configuration = Settings.pick(recordSettings)

export const handler = lambdaHandler(
  FinishRollback,
  configured(Configuration, (settings) => ({ ...recordPorts(settings), metrics: countMetric })),
  run,
)
