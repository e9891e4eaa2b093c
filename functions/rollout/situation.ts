/** What a turn of the dispatcher stands on. */
import type { CalendarStates } from '../calendar/index.ts'
import type { Policy } from '../catalogue/index.ts'
import type { Change } from '../changes/index.ts'
import type { EvidenceRecord, Ledger, Stored } from '../kit/ledger.ts'
import type { Clock, Ids, Metrics, Nudges } from '../kit/ports.ts'
import { isoInstant } from '../kit/time.ts'
import type { Plan } from '../planning/index.ts'
import type { Permission } from './permission.ts'
import type { Plans } from './plans.ts'
import type { Commands } from './ports.ts'
import type { Ring } from './ring.ts'
import type { Works } from './work.ts'

export interface TurnPorts {
  readonly ledger: Ledger
  /** Reads plans; remembers them, as they never change. */
  readonly plans: Plans
  readonly commands: Commands
  /** Absent: calendars that SSM keeps count as closed. */
  readonly calendarStates?: CalendarStates
  readonly nudges: Nudges
  readonly clock: Clock
  readonly ids: Ids
  readonly metrics: Metrics
  readonly account: string
}

export interface Situation {
  readonly read: Stored<Ring>
  readonly plan: Plan
  readonly policy: Policy
  /** What changes have in work on the plan's services and on what those depend on. */
  readonly works: Works
  readonly change: Stored<Change> | undefined
  readonly permission: Permission
}

/** Evidence of what a turn did to a ring. */
export function evidenceOf(
  ring: Ring,
  type: string,
  body: EvidenceRecord['body'],
  { ids, clock, account }: TurnPorts,
): EvidenceRecord {
  return {
    leafId: ids.next(),
    at: isoInstant(clock.nowMs()),
    type,
    account,
    changeId: ring.changeId,
    actor: 'drydock',
    body: { ring: ring.name, mode: ring.mode, detail: body },
  }
}
