/** The intake queue: EventBridge events of Inspector, Security Hub and imports become findings in the ledger. */
import { configured, Settings } from '../../aws/configuration.ts'
import { intakePorts, intakeSettings } from '../../aws/intake-ports.ts'
import { logger, queueHandler } from '../../kit/lambda-handler.ts'
import { run } from '../receive-findings.ts'

export { run }

export const Configuration = Settings.pick(intakeSettings)

export const handler = queueHandler(configured(Configuration, intakePorts), async (body, ports) => {
  const { recorded, refused } = await run(body, ports)
  for (const each of recorded) logger.info('finding', { ...each })
  for (const { refused: reason, at, detail } of refused) logger.warn('input refused', { reason, at, detail })
})
