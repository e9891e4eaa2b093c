/** On a schedule: findings whose event never came are pulled from Inspector into the findings queue (I6). */
import { configured, Settings } from '../../aws/configuration.ts'
import { findingPullPorts, findingPullSettings } from '../../aws/finding-pull-ports.ts'
import { lambdaHandler, logger } from '../../kit/lambda-handler.ts'
import { PullFindings, run } from '../pull-findings.ts'

export { run }

export const Configuration = Settings.pick(findingPullSettings)

export const handler = lambdaHandler(
  PullFindings,
  configured(Configuration, findingPullPorts),
  async (input, ports) => {
    const pulled = await run(input, ports)
    logger.info('findings pulled', { ...pulled })
    return pulled
  },
)
