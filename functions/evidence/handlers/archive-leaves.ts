/** Files what waits in the outbox: woken by nudges on the archive queue, and by a schedule in case one is lost. */
import { configured, Settings } from '../../aws/configuration.ts'
import { evidencePorts, evidenceSettings } from '../../aws/evidence-ports.ts'
import { lambdaHandler } from '../../kit/lambda-handler.ts'
import { ArchiveLeaves, run } from '../archive-leaves.ts'

export { run }

export const Configuration = Settings.pick(evidenceSettings)

export const handler = lambdaHandler(ArchiveLeaves, configured(Configuration, evidencePorts), run)
