/** The dispatcher's Lambda: wakes on nudges and on Run Command events, and takes turns until a ring has nothing left to do now. */
import { ssmCommands } from '../../aws/commands.ts'
import { dynamoLedger } from '../../aws/ledger.ts'
import { sqsNudges } from '../../aws/nudges.ts'
import { hubAccount, systemClock, systemIds } from '../../aws/runtime.ts'
import { sfnTaskTokens } from '../../aws/task-tokens.ts'
import { countMetric, queueHandler } from '../../kit/lambda-handler.ts'
import { DispatchMessage, type Ports, run } from '../dispatch-hosts.ts'

export { run }

export const handler = queueHandler(
  (): Ports => ({
    ledger: dynamoLedger(),
    commands: ssmCommands(),
    nudges: sqsNudges(),
    clock: systemClock,
    ids: systemIds,
    metrics: countMetric,
    account: hubAccount(),
    tokens: sfnTaskTokens(),
  }),
  async (body, ports) => {
    await run(DispatchMessage.parse(JSON.parse(body)), ports)
  },
)
