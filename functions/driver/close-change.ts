/** Closes a change whose rings are all validated, once its evidence is filed; until then asks the driver to come back. */
import * as z from 'zod'
import { type Change, ChangeRecord, type MovePorts, moveRecordedChange } from '../changes/index.ts'
import { type Finding, FindingRecord } from '../finding/index.ts'
import { DrydockError } from '../kit/errors.ts'
import { keys } from '../kit/keys.ts'
import type { Ledger, RecordKind, Stored } from '../kit/ledger.ts'
import type { Nudges, UnfiledEvidence } from '../kit/ports.ts'
import { accountFindings, type FindingAccount, type HostEnd, openInWords } from './account-findings.ts'

export const CloseChange = z.strictObject({ changeId: z.string().length(26) })
export type CloseChange = z.infer<typeof CloseChange>

export interface Ports extends MovePorts {
  readonly nudges: Nudges
  readonly unfiled: UnfiledEvidence
}

// Only what is asked of rings, whose room stands later in the flow.
const RingEnd = z.object({
  mode: z.string(),
  endedAt: z.string().optional(),
  groups: z.array(
    z.object({
      progress: z.object({ step: z.string(), state: z.string(), because: z.string().optional() }),
      hostIds: z.array(z.string()),
    }),
  ),
})
const RingEndRecord: RecordKind<z.infer<typeof RingEnd>> = { kind: 'ring', schema: RingEnd }

/** Findings read at a time, and open ones named in the evidence. */
const readAtOnceMax = 50
const namedMax = 100

export async function run({ changeId }: CloseChange, ports: Ports) {
  const read = await ports.ledger.read(ChangeRecord, keys.change(changeId))
  if (!read) throw new DrydockError('DD1501', `change ${changeId} is not in the ledger`)
  if (read.value.state === 'closed') return { outcome: 'closed', waitSeconds: 0 }
  if (await ports.unfiled.hasAny(changeId)) {
    await ports.nudges.send('archive', { changeId })
    return { outcome: 'evidence-pending', waitSeconds: 2 }
  }
  const account = await accountOf(read.value, ports.ledger)
  const { quarantined, ringsDone } = read.value
  const outcome = `proven in ${ringsDone.join(', ')}${quarantined.length > 0 ? `; ${quarantined.length} quarantined` : ''}${openInWords(account)}`
  const { closed, explained, open } = account
  const findings = { closed, explained, open: open.length, named: open.slice(0, namedMax) }
  const moved = await moveRecordedChange(changeId, { type: 'closed', outcome, findings }, ports)
  return { outcome: 'change' in moved ? 'closed' : moved.refused, waitSeconds: 0 }
}

async function accountOf({ changeId, findingIds }: Change, ledger: Ledger): Promise<FindingAccount> {
  const rings = await ledger.query(RingEndRecord, `CHANGE#${changeId}`, 'RING#')
  const ends = new Map<string, HostEnd>()
  for (const { value: ring } of rings.filter(({ value }) => value.mode === 'patch'))
    for (const { progress, hostIds } of ring.groups)
      for (const hostId of hostIds)
        ends.set(hostId, {
          isProven: progress.step === 'verify' && progress.state === 'done',
          endedAt: ring.endedAt ?? '',
          because: `is ${progress.state} at ${progress.step}${progress.because ? `: ${progress.because}` : ''}`,
        })
  const findings: (Stored<Finding> | undefined)[] = []
  for (let start = 0; start < findingIds.length; start += readAtOnceMax)
    findings.push(
      ...(await Promise.all(
        findingIds.slice(start, start + readAtOnceMax).map((id) => ledger.read(FindingRecord, keys.finding(id))),
      )),
    )
  return accountFindings(
    findings.flatMap((finding) => (finding ? [finding.value] : [])),
    ends,
  )
}
