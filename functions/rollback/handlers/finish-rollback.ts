/** Records how a rollback went and blocks the patch for the fleet. */
import { configured, Settings } from '../../aws/configuration.ts'
import { recordPorts, recordSettings } from '../../aws/record-ports.ts'
import { digestOf } from '../../aws/runtime.ts'
import { countMetric, lambdaHandler } from '../../kit/lambda-handler.ts'
import { FinishRollback, run } from '../finish-rollback.ts'

export { run }

export const Configuration = Settings.pick({ ...recordSettings, region: true })

export const handler = lambdaHandler(
  FinishRollback,
  configured(Configuration, ({ region, ...settings }) => ({
    ...recordPorts(settings),
    region,
    digest: digestOf,
    metrics: countMetric,
  })),
  run,
)
