/**
 * The dispatcher's Lambda: wakes on nudges and Run Command events, and reconciles rings until nothing is left to do
 * now.
 */
import { ssmCalendarStates } from '../../aws/calendar-state.ts'
import { ssmCommands } from '../../aws/commands.ts'
import { configured, Settings } from '../../aws/configuration.ts'
import { sqsNudges } from '../../aws/nudges.ts'
import { dynamoEvidenceHealth } from '../../aws/outbox.ts'
import { recordPorts, recordSettings } from '../../aws/record-ports.ts'
import { systemClock } from '../../aws/runtime.ts'
import { clientsByReach } from '../../aws/spoke-access.ts'
import { placeSettings } from '../../aws/spokes.ts'
import { sfnTaskTokens } from '../../aws/task-tokens.ts'
import { countMetric, queueBatchHandler } from '../../kit/lambda-handler.ts'
import { run, runBodies, withPlans } from '../dispatch-hosts.ts'

export { run }

const queues = { dispatchQueueUrl: true, archiveQueueUrl: true } as const
export const Configuration = Settings.pick({ ...recordSettings, ...placeSettings, ...queues, outputBucket: true })

const buildPorts = configured(Configuration, ({ dispatchQueueUrl: dispatch, archiveQueueUrl: archive, ...settings }) =>
  withPlans({
    ...recordPorts(settings),
    commands: ssmCommands(clientsByReach(settings), settings.outputBucket),
    nudges: sqsNudges({ dispatch, archive }),
    metrics: countMetric,
    tokens: sfnTaskTokens(),
    evidenceHealth: dynamoEvidenceHealth(settings.table, systemClock),
    calendarStates: ssmCalendarStates({ changesMax: 2 }),
  }),
)

export const handler = queueBatchHandler(buildPorts, runBodies)
