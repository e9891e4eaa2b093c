/** Closes a change whose rings are all validated, once its evidence is filed; until then asks the driver to come back. */
import { hash } from 'node:crypto'
import { dynamoLedger } from '../../aws/ledger.ts'
import { sqsNudges } from '../../aws/nudges.ts'
import { environment, hubAccount, systemClock, systemIds } from '../../aws/runtime.ts'
import { unfiledEvidence } from '../../aws/unfiled-evidence.ts'
import { lambdaHandler } from '../../kit/lambda-handler.ts'
import { CloseChange, run } from '../close-change.ts'

export { run }

export const handler = lambdaHandler(
  CloseChange,
  () => ({
    ledger: dynamoLedger(),
    clock: systemClock,
    ids: systemIds,
    account: hubAccount(),
    region: environment('AWS_REGION'),
    digest: (text) => hash('sha256', text, 'hex'),
    nudges: sqsNudges(),
    unfiled: unfiledEvidence(),
  }),
  run,
)
