/** Checks every gate before a ring opens; a change that may not go is held with the reason and, if known, until when. */
import * as z from 'zod'
import { BallotRecord } from '../approvals/index.ts'
import { type CalendarStates, readCalendars } from '../calendar/index.ts'
import { CatalogueRecord } from '../catalogue/index.ts'
import { ChangeRecord, type MovePorts, moveRecordedChange, StopRecord } from '../changes/index.ts'
import { DrydockError } from '../kit/errors.ts'
import { keys } from '../kit/keys.ts'
import type { RecordKind } from '../kit/ledger.ts'
import { isoInstant } from '../kit/time.ts'
import { type DocumentPins, type Plan, PlanRecord } from '../planning/index.ts'
import { keepBaseline, probeAll } from './baseline.ts'
import { checkGates } from './gates.ts'
import type { Prober } from './ports.ts'

export const CheckGates = z.strictObject({ changeId: z.string().length(26), ring: z.string() })
export type CheckGates = z.infer<typeof CheckGates>

// Only what the gate asks of the evidence log's head, whose room stands later in the flow.
const EvidenceState: RecordKind<{ lastError?: string | undefined }> = {
  kind: 'evidence-head',
  schema: z.object({ lastError: z.string().optional() }),
}

export interface Ports extends MovePorts {
  readonly pins: DocumentPins
  readonly prober: Prober
  /** Absent: calendars that SSM keeps count as closed. */
  readonly calendarStates?: CalendarStates
}

export async function run({ changeId, ring }: CheckGates, ports: Ports) {
  const { ledger, clock } = ports
  const change = await ledger.read(ChangeRecord, keys.change(changeId))
  if (!change) throw new DrydockError('DD1803', `change ${changeId} is not in the ledger`)
  const { planHash, service } = change.value
  const [plan, ballot, catalogue, stop] = await Promise.all([
    planHash === undefined ? undefined : ledger.read(PlanRecord, keys.plan(changeId, planHash)),
    ledger.read(BallotRecord, keys.ballot(changeId)),
    ledger.read(CatalogueRecord, keys.catalogue()),
    ledger.read(StopRecord, keys.stop()),
  ])
  const nowMs = clock.nowMs()
  const at = isoInstant(nowMs)
  const known = catalogue?.value.services.find(({ name }) => name === service)
  const probes = known ? await probeAll(known, ports.prober, at) : []
  const gate = checkGates({
    change: change.value,
    ring,
    plan: plan?.value,
    ballot: ballot?.value,
    catalogue: catalogue?.value,
    readings: await readCalendars(catalogue?.value.calendars ?? [], ports.calendarStates, nowMs),
    stop: stop && (stop.value.all || stop.value.changeIds.includes(changeId)) ? stop.value : undefined,
    changedDocuments: plan ? await changedDocuments(plan.value, ports.pins) : [],
    failingProbes: probes.flatMap(({ name, isHealthy, because }) =>
      isHealthy ? [] : [`${name}: ${because ?? 'unhealthy'}`],
    ),
    evidenceFault: (await ledger.read(EvidenceState, keys.evidenceHead()))?.value.lastError,
    nowIso: at,
  })
  if (gate.verdict === 'hold') {
    await moveRecordedChange(
      changeId,
      { type: 'held', because: gate.because, ...(gate.until === undefined ? {} : { until: gate.until }) },
      ports,
    )
    return { changeId, ring, verdict: 'hold' }
  }
  const { ids, account } = ports
  await keepBaseline({ changeId, ring, probes }, { leafId: ids.next(), at, account, actor: 'drydock' }, ledger)
  if (change.value.state === 'approved') await moveRecordedChange(changeId, { type: 'scheduled' }, ports)
  return { changeId, ring, verdict: 'go' }
}

async function changedDocuments(plan: Plan, pins: DocumentPins): Promise<string[]> {
  const found = await Promise.all(
    Object.values(plan.manifest.documents).map(async (pinned) => ({ pinned, now: await pins.current(pinned.name) })),
  )
  return found
    .filter(({ pinned, now }) => now?.hash !== pinned.hash || now.version !== pinned.version)
    .map(({ pinned }) => pinned.name)
}
