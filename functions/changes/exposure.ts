/** Which hosts the internet reaches, as their network-reachability findings say. */
import * as z from 'zod'
import { type Finding, FindingRecord } from '../finding/index.ts'
import { keys, lists } from '../kit/keys.ts'
import type { Ledger, Move, RecordKind, Stored } from '../kit/ledger.ts'
import type { Nudges } from '../kit/ports.ts'
import { AssessmentRecord } from '../risk/index.ts'

/** The active network-reachability findings of a host; the internet reaches it while there is one. */
export const HostExposure = z.strictObject({ findingIds: z.array(z.string()) })
export type HostExposure = z.infer<typeof HostExposure>
export const HostExposureRecord: RecordKind<HostExposure> = { kind: 'host-exposure', schema: HostExposure }

export const isHostFinding = ({ resource }: Finding) =>
  resource.type === 'ec2-instance' || resource.type === 'managed-node'

/** The move that a network-reachability finding makes on its host's exposure; none where it changes nothing. */
export function exposureMove(finding: Finding, read: Stored<HostExposure> | undefined): Move[] {
  if (finding.type !== 'network-reachability' || !isHostFinding(finding)) return []
  const others = (read?.value.findingIds ?? []).filter((findingId) => findingId !== finding.findingId)
  const findingIds = finding.status === 'active' ? [...others, finding.findingId].sort() : others
  if (findingIds.join() === (read?.value.findingIds ?? []).join()) return []
  const key = keys.hostExposure(finding.resource.id)
  return [{ kind: HostExposureRecord.kind, key, from: read?.version ?? 0, value: { findingIds } }]
}

/**
 * Has the findings of a host assessed again whose assessment does not know yet whether the internet reaches it.
 *
 * It compares with what stands in the ledger, so a message delivered again finishes what a crash left undone.
 */
export async function wakeHost(
  hostId: string,
  { ledger, nudges }: { readonly ledger: Ledger; readonly nudges: Nudges },
): Promise<void> {
  const exposure = await ledger.read(HostExposureRecord, keys.hostExposure(hostId))
  const isReachable = (exposure?.value.findingIds.length ?? 0) > 0
  for (const { value } of await ledger.list(FindingRecord, lists.findings)) {
    if (value.status !== 'active' || value.type !== 'package-vulnerability' || value.resource.id !== hostId) continue
    const assessment = await ledger.read(AssessmentRecord, keys.assessment(value.findingId))
    const wasReachable = assessment?.value.facts.publiclyExposedBecause === 'reachability-finding'
    if (assessment && wasReachable !== isReachable) await nudges.send('assess', { findingId: value.findingId })
  }
}
