/** Has a host's findings reassessed when its reachability from the internet changes. */
import { FindingRecord } from '../finding/index.ts'
import { keys, lists } from '../kit/keys.ts'
import type { Ledger } from '../kit/ledger.ts'
import type { Nudges } from '../kit/ports.ts'
import { AssessmentRecord } from '../risk/index.ts'
import { HostExposureRecord } from './exposure.ts'

/**
 * Has those findings of a host reassessed whose assessment predates its current reachability from the internet.
 *
 * It compares with the ledger, so a redelivered message finishes what a crash left undone.
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
