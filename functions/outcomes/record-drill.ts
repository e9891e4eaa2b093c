/** Records a restore drill, once. */
import type * as z from 'zod'
import { DrydockError } from '../kit/errors.ts'
import { type EvidenceByPorts, evidenceBy } from '../kit/evidence-by.ts'
import { canonicalJson } from '../kit/json.ts'
import { keys, lists } from '../kit/keys.ts'
import type { Ledger } from '../kit/ledger.ts'
import { RestoreDrill, RestoreDrillRecord } from './drill.ts'

/** A drill to record, in the form of the ledger without its schema version. */
export const RecordDrill = RestoreDrill.omit({ schemaVersion: true })
export type RecordDrill = z.infer<typeof RecordDrill>

/** What recording a restore drill needs from outside. */
export interface DrillPorts extends EvidenceByPorts {
  readonly ledger: Ledger
}

/**
 * Records a drill under its service, host and instant; idempotent.
 *
 * @throws DrydockError DD2502 when the same drill is already recorded with another result: a drill is never changed.
 */
export async function run(told: RecordDrill, ports: DrillPorts, actor = 'drydock') {
  const { ledger } = ports
  const drill: RestoreDrill = { schemaVersion: 1, ...RecordDrill.parse(told) }
  const { service, hostId, at } = drill
  const key = keys.restoreDrill(service, at, hostId)
  const result = await ledger.commit({
    moves: [
      {
        kind: RestoreDrillRecord.kind,
        key,
        from: 0,
        value: drill,
        list: { pk: lists.restoreDrillsOf(service), sk: `${at}#${hostId}` },
      },
    ],
    evidence: [{ ...evidenceBy(ports, at, actor), type: 'outcome.drill-recorded', changeId: 'none', body: drill }],
  })
  if ('committed' in result) return { outcome: 'recorded' as const }
  const known = await ledger.read(RestoreDrillRecord, key)
  if (known && canonicalJson(known.value) === canonicalJson(drill)) return { outcome: 'known' as const }
  throw new DrydockError(
    'DD2502',
    `a drill of ${service} on ${hostId} at ${at} is already recorded, with another result`,
  )
}
