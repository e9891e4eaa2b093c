/** The context of one dispatcher pass over a ring, read before it decides. */
import type { Policy } from '../catalogue/index.ts'
import type { Change } from '../changes/index.ts'
import { evidenceBy } from '../kit/evidence-by.ts'
import type { EvidenceRecord, Ledger, Stored } from '../kit/ledger.ts'
import type { Clock, Ids, Metrics, Nudges } from '../kit/ports.ts'
import { isoInstant } from '../kit/time.ts'
import type { Plan } from '../planning/index.ts'
import type { GateVerdict } from './gates/gates.ts'
import type { Occupancies } from './occupancy.ts'
import type { Plans } from './plans.ts'
import type { Commands } from './ports.ts'
import type { GatePorts } from './read-gate-facts.ts'
import type { Ring } from './ring.ts'
import type { ReadRing } from './ring-record.ts'
import type { Rings } from './rings.ts'

export interface ReconcilePorts extends GatePorts {
  readonly ledger: Ledger
  /** Reads and caches plans, which never change. */
  readonly plans: Plans
  /** Rings as last read; absent: every pass reads all of its ring. */
  readonly rings?: Rings
  readonly commands: Commands
  readonly nudges: Nudges
  readonly clock: Clock
  readonly ids: Ids
  readonly metrics: Metrics
  readonly account: string
}

export interface RingContext {
  readonly read: ReadRing
  readonly plan: Plan
  readonly policy: Policy
  /** Occupancy of the plan's services and of their dependencies. */
  readonly occupancies: Occupancies
  readonly change: Stored<Change> | undefined
  /** The gates' verdict at the start of the pass; always go for a rollback. */
  readonly gates: GateVerdict
}

/** Evidence of what a pass did to a ring. */
export function ringEvidence(
  ring: Ring,
  type: string,
  body: EvidenceRecord['body'],
  ports: ReconcilePorts,
): EvidenceRecord {
  return {
    ...evidenceBy(ports, isoInstant(ports.clock.nowMs())),
    type,
    changeId: ring.changeId,
    body: { ring: ring.name, mode: ring.mode, detail: body },
  }
}
