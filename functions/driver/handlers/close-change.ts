/** Closes a change whose rings are all validated, once its evidence is filed; until then asks the driver to come back. */
import { configured, Settings } from '../../aws/configuration.ts'
import { sqsNudges } from '../../aws/nudges.ts'
import { recordPorts, recordSettings } from '../../aws/record-ports.ts'
import { digestOf } from '../../aws/runtime.ts'
import { unfiledEvidence } from '../../aws/unfiled-evidence.ts'
import { lambdaHandler } from '../../kit/lambda-handler.ts'
import { CloseChange, run } from '../close-change.ts'

export { run }

const queues = { archiveQueueUrl: true, assessQueueUrl: true } as const
export const Configuration = Settings.pick({ ...recordSettings, ...queues, region: true })
export const handler = lambdaHandler(
  CloseChange,
  configured(Configuration, (settings) => ({
    ...recordPorts(settings),
    region: settings.region,
    digest: digestOf,
    nudges: sqsNudges({ archive: settings.archiveQueueUrl, assess: settings.assessQueueUrl }),
    unfiled: unfiledEvidence(settings.table),
  })),
  run,
)
