/** The dispatcher's Lambda: wakes on nudges and on Run Command events, and reconciles rings until nothing is left to do now. */
import { ssmCommands } from '../../aws/commands.ts'
import { dynamoLedger } from '../../aws/ledger.ts'
import { sqsNudges } from '../../aws/nudges.ts'
import { dynamoEvidenceHealth } from '../../aws/outbox.ts'
import { hubAccount, systemClock, systemIds } from '../../aws/runtime.ts'
import { sfnTaskTokens } from '../../aws/task-tokens.ts'
import { countMetric, queueBatchHandler } from '../../kit/lambda-handler.ts'
import { run, runBodies, withPlans } from '../dispatch-hosts.ts'

export { run }

const buildPorts = () =>
  withPlans({
    ledger: dynamoLedger(),
    commands: ssmCommands(),
    nudges: sqsNudges(),
    clock: systemClock,
    ids: systemIds,
    metrics: countMetric,
    account: hubAccount(),
    tokens: sfnTaskTokens(),
    evidenceHealth: dynamoEvidenceHealth(systemClock),
  })

export const handler = queueBatchHandler(buildPorts, runBodies)
