/** The probe results of a service when a ring passed its gates: validation compares with them. */
import * as z from 'zod'
import type { Service } from '../catalogue/index.ts'
import { keys } from '../kit/keys.ts'
import type { EvidenceRecord, Ledger, RecordKind } from '../kit/ledger.ts'
import type { Prober } from './ports.ts'

/** One probe result: instant, whether healthy, milliseconds taken, and why not. */
export const ProbeOutcome = z.strictObject({
  name: z.string(),
  at: z.string(),
  isHealthy: z.boolean(),
  elapsedMs: z.number().optional(),
  because: z.string().optional(),
})
/** One answer of a probe. */
export type ProbeOutcome = z.infer<typeof ProbeOutcome>

const Baseline = z.strictObject({ changeId: z.string(), ring: z.string(), probes: z.array(ProbeOutcome) })
export type Baseline = z.infer<typeof Baseline>

/** The probe results of a service before a ring opened: one record per ring, written once. */
export const BaselineRecord: RecordKind<Baseline> = { kind: 'baseline', schema: Baseline }

/** Runs every probe of the service once; a probe that throws counts as failed. */
export async function probeAll(service: Service, prober: Prober, at: string): Promise<ProbeOutcome[]> {
  return Promise.all(
    service.probes.map(async ({ name, url, expectStatus, timeoutMs }) => {
      try {
        return { name, at, ...(await prober.probe({ name, url, expectStatus, timeoutMs })) }
      } catch (error) {
        return { name, at, isHealthy: false, because: `the probe itself failed: ${String(error)}` }
      }
    }),
  )
}

/** Stores the first baseline of a ring: a ring that reopens after a stop may be partly patched. */
export async function keepBaseline(
  baseline: Baseline,
  evidence: Omit<EvidenceRecord, 'type' | 'changeId' | 'body'>,
  ledger: Ledger,
): Promise<void> {
  const { changeId, ring, probes } = baseline
  const key = keys.baseline(changeId, ring)
  if (await ledger.read(BaselineRecord, key)) return
  // Another call for the same ring may have written it meanwhile; then that one stays.
  await ledger.commit({
    moves: [{ kind: BaselineRecord.kind, key, from: 0, value: baseline }],
    evidence: [{ ...evidence, type: 'rollout.gates-passed', changeId, body: { ring, probes } }],
  })
}
