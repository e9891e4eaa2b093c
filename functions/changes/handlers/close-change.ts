/** Closes a change whose rings are all validated, once its evidence is filed; until then asks the driver to come back. */
import * as z from 'zod'
import { dynamoLedger } from '../../aws/ledger.ts'
import { sqsNudges } from '../../aws/nudges.ts'
import { hubAccount, systemClock, systemIds } from '../../aws/runtime.ts'
import { unfiledEvidence } from '../../aws/unfiled-evidence.ts'
import { DrydockError } from '../../kit/errors.ts'
import { keys } from '../../kit/keys.ts'
import { lambdaHandler } from '../../kit/lambda-handler.ts'
import type { Nudges, UnfiledEvidence } from '../../kit/ports.ts'
import { ChangeRecord } from '../change.ts'
import { type MovePorts, moveRecordedChange } from '../move.ts'

export const CloseChange = z.strictObject({ changeId: z.string().length(26) })
export type CloseChange = z.infer<typeof CloseChange>

interface Ports extends MovePorts {
  readonly nudges: Nudges
  readonly unfiled: UnfiledEvidence
}

export async function run({ changeId }: CloseChange, ports: Ports) {
  const read = await ports.ledger.read(ChangeRecord, keys.change(changeId))
  if (!read) throw new DrydockError('DD1501', `change ${changeId} is not in the ledger`)
  if (read.value.state === 'closed') return { outcome: 'closed', waitSeconds: 0 }
  if (await ports.unfiled.hasAny(changeId)) {
    await ports.nudges.send('archive', { changeId })
    return { outcome: 'evidence-pending', waitSeconds: 2 }
  }
  const { quarantined, ringsDone } = read.value
  const outcome = `proven in ${ringsDone.join(', ')}${quarantined.length > 0 ? `; ${quarantined.length} quarantined` : ''}`
  const moved = await moveRecordedChange(changeId, { type: 'closed', outcome }, ports)
  return { outcome: 'change' in moved ? 'closed' : moved.refused, waitSeconds: 0 }
}

export const handler = lambdaHandler(
  CloseChange,
  () => ({
    ledger: dynamoLedger(),
    clock: systemClock,
    ids: systemIds,
    account: hubAccount(),
    nudges: sqsNudges(),
    unfiled: unfiledEvidence(),
  }),
  run,
)
