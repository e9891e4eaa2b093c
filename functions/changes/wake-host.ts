/** Has a host's findings reassessed when its reachability from the internet changes. */
import * as z from 'zod'
import { FindingRecord } from '../finding/index.ts'
import { inParallel } from '../kit/in-parallel.ts'
import { keys, lists } from '../kit/keys.ts'
import type { Ledger } from '../kit/ledger.ts'
import { everyListed } from '../kit/listed.ts'
import type { Nudges } from '../kit/ports.ts'
import { AssessmentRecord } from '../risk/index.ts'
import { HostExposureRecord } from './exposure.ts'

interface Ports {
  readonly ledger: Ledger
  readonly nudges: Nudges
}

/** Findings looked at side by side. */
const looksAtOnce = 20

/**
 * Has those findings of a host reassessed whose assessment predates its current reachability from the internet.
 *
 * It reads the host's own findings only, and compares with the ledger, so a redelivered message finishes what a crash
 * left undone.
 */
export async function wakeHost(hostId: string, ports: Ports): Promise<void> {
  const exposure = await ports.ledger.read(HostExposureRecord, keys.hostExposure(hostId))
  const isReachable = (exposure?.value.findingIds.length ?? 0) > 0
  for await (const page of everyListed(ports.ledger, AnyRecord, lists.findingsOnHost(hostId))) {
    const findingIds = new Set(page.flatMap(({ listSk }) => (listSk === undefined ? [] : [listSk])))
    await inParallel([...findingIds], looksAtOnce, (findingId) =>
      wakeFinding(findingId, { hostId, isReachable }, ports),
    )
  }
}

/** Records of two kinds are in the list; their place in it is the finding's id. */
const AnyRecord = { kind: 'joined-finding or finding-entry', schema: z.unknown() }

async function wakeFinding(
  findingId: string,
  { hostId, isReachable }: { readonly hostId: string; readonly isReachable: boolean },
  { ledger, nudges }: Ports,
): Promise<void> {
  const [finding, assessment] = await Promise.all([
    ledger.read(FindingRecord, keys.finding(findingId)),
    ledger.read(AssessmentRecord, keys.assessment(findingId)),
  ])
  const isConcerned =
    finding?.value.status === 'active' &&
    finding.value.type === 'package-vulnerability' &&
    finding.value.resource.id === hostId
  if (!assessment || !isConcerned) return
  const wasReachable = assessment.value.assessment.facts.publiclyExposedBecause === 'reachability-finding'
  if (wasReachable !== isReachable) await nudges.send('assess', { findingId })
}
