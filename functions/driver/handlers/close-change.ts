/** Closes a change whose rings are all validated, once its evidence is filed; until then asks the driver to come back. */
import { configured, Settings } from '../../aws/configuration.ts'
import { sqsNudges } from '../../aws/nudges.ts'
import { recordPorts, recordSettings } from '../../aws/record-ports.ts'
import { unfiledEvidence } from '../../aws/unfiled-evidence.ts'
import { lambdaHandler } from '../../kit/lambda-handler.ts'
import { CloseChange, run } from '../close-change.ts'

export { run }

export const Configuration = Settings.pick({ ...recordSettings, archiveQueueUrl: true })

export const handler = lambdaHandler(
  CloseChange,
  configured(Configuration, (settings) => ({
    ...recordPorts(settings),
    nudges: sqsNudges({ archive: settings.archiveQueueUrl }),
    unfiled: unfiledEvidence(settings.table),
  })),
  run,
)
