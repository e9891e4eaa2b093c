/** The dispatcher's Lambda: wakes on nudges and on Run Command events, and takes turns until a ring has nothing left to do now. */

import { ssmCommands } from '../../aws/commands.ts'
import { configured, Settings } from '../../aws/configuration.ts'
import { sqsNudges } from '../../aws/nudges.ts'
import { recordPorts, recordSettings } from '../../aws/record-ports.ts'
import { clientsByReach } from '../../aws/spoke-access.ts'
import { placeSettings } from '../../aws/spokes.ts'
import { sfnTaskTokens } from '../../aws/task-tokens.ts'
import { countMetric, queueBatchHandler } from '../../kit/lambda-handler.ts'
import { type Ports, readMessages, run } from '../dispatch-hosts.ts'
import { rememberedPlans } from '../plans.ts'

export { run }

export const Configuration = Settings.pick({
  ...recordSettings,
  ...placeSettings,
  outputBucket: true,
  dispatchQueueUrl: true,
  archiveQueueUrl: true,
})

export const handler = queueBatchHandler(
  configured(Configuration, (settings): Ports => {
    const ports = recordPorts(settings)
    return {
      ...ports,
      plans: rememberedPlans(ports.ledger),
      commands: ssmCommands(clientsByReach(settings), settings.outputBucket),
      nudges: sqsNudges({ dispatch: settings.dispatchQueueUrl, archive: settings.archiveQueueUrl }),
      metrics: countMetric,
      tokens: sfnTaskTokens(),
    }
  }),
  async (bodies, ports) => {
    const { messages, unreadable } = readMessages(bodies)
    const { failed } = await run(messages, ports)
    return new Map([...unreadable, ...failed])
  },
)
