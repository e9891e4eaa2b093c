/** The dispatcher's Lambda: wakes on nudges and on Run Command events, and takes turns until a ring has nothing left to do now. */
import { ssmCalendarStates } from '../../aws/calendar-state.ts'
import { ssmCommands } from '../../aws/commands.ts'
import { dynamoLedger } from '../../aws/ledger.ts'
import { sqsNudges } from '../../aws/nudges.ts'
import { hubAccount, systemClock, systemIds } from '../../aws/runtime.ts'
import { sfnTaskTokens } from '../../aws/task-tokens.ts'
import { countMetric, queueBatchHandler } from '../../kit/lambda-handler.ts'
import { type Ports, readMessages, run } from '../dispatch-hosts.ts'
import { rememberedPlans } from '../plans.ts'

export { run }

export const handler = queueBatchHandler(
  (): Ports => {
    const ledger = dynamoLedger()
    return {
      ledger,
      plans: rememberedPlans(ledger),
      commands: ssmCommands(),
      calendarStates: ssmCalendarStates({ changesMax: 2 }),
      nudges: sqsNudges(),
      clock: systemClock,
      ids: systemIds,
      metrics: countMetric,
      account: hubAccount(),
      tokens: sfnTaskTokens(),
    }
  },
  async (bodies, ports) => {
    const { messages, unreadable } = readMessages(bodies)
    const { failed } = await run(messages, ports)
    return new Map([...unreadable, ...failed])
  },
)
