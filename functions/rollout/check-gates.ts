/** Asks every gate before a ring opens; a refused change is held with every reason and what ends each. */
import * as z from 'zod'
import { heldEvent, type MovePorts, moveRecordedChange } from '../changes/index.ts'
import { DrydockError } from '../kit/errors.ts'
import { evidenceBy } from '../kit/evidence-by.ts'
import { keepBaseline } from './baseline.ts'
import { checkGates } from './gates/gates.ts'
import { type OpeningPorts, readOpeningFacts } from './read-gate-facts.ts'

export const CheckGates = z.strictObject({ changeId: z.string().length(26), ring: z.string() })
export type CheckGates = z.infer<typeof CheckGates>

export type Ports = MovePorts & OpeningPorts

/**
 * Holds the change, or stores the probe baseline and lets it continue.
 *
 * @throws DrydockError DD1803 when the change is missing or unreadable: there is nothing to hold then.
 */
export async function run({ changeId, ring }: CheckGates, ports: Ports) {
  const { facts, change } = await readOpeningFacts({ changeId, ring }, ports)
  if (!change) throw new DrydockError('DD1803', `change ${changeId} is not in the ledger, or cannot be read`)
  const gate = checkGates(facts, 'opening')
  if (gate.verdict === 'hold') {
    await moveRecordedChange(changeId, heldEvent(gate.holds), ports)
    return { changeId, ring, verdict: 'hold' }
  }
  const probes = facts.probes.kind === 'known' ? [...facts.probes.value] : []
  await keepBaseline({ changeId, ring, probes }, evidenceBy(ports, facts.nowIso), ports.ledger)
  if (change.value.state === 'approved') await moveRecordedChange(changeId, { type: 'scheduled' }, ports)
  return { changeId, ring, verdict: 'go' }
}
