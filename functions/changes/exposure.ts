/** Which hosts the internet reaches, as their network-reachability findings say. */
import * as z from 'zod'
import type { Finding } from '../finding/index.ts'
import { keys } from '../kit/keys.ts'
import type { Move, RecordKind, Stored } from '../kit/ledger.ts'

/** The active network-reachability findings of a host; the host is reachable from the internet while there is one. */
export const HostExposure = z.strictObject({ findingIds: z.array(z.string()) })
export type HostExposure = z.infer<typeof HostExposure>

/** The exposure of a host to the internet, one record per host. */
export const HostExposureRecord: RecordKind<HostExposure> = { kind: 'host-exposure', schema: HostExposure }

export const isHostFinding = ({ resource }: Finding) =>
  resource.type === 'ec2-instance' || resource.type === 'managed-node'

/** The move of a host's exposure by a network-reachability finding; none if nothing changes. */
export function exposureMove(finding: Finding, read: Stored<HostExposure> | undefined): Move[] {
  if (finding.type !== 'network-reachability' || !isHostFinding(finding)) return []
  const others = (read?.value.findingIds ?? []).filter((findingId) => findingId !== finding.findingId)
  const findingIds = finding.status === 'active' ? [...others, finding.findingId].sort() : others
  if (findingIds.join() === (read?.value.findingIds ?? []).join()) return []
  const key = keys.hostExposure(finding.resource.id)
  return [{ kind: HostExposureRecord.kind, key, from: read?.version ?? 0, value: { findingIds } }]
}
