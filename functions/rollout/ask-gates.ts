/** Asks every gate about a ring as it stands now, and moves nothing: what a reconciler knows of a held change. */
import type { HoldReason } from '../changes/index.ts'
import { checkGates } from './gates/gates.ts'
import { type GateQuestion, type OpeningPorts, readOpeningFacts } from './read-gate-facts.ts'

/** Every reason that would keep this ring from opening now; empty: it may open. A change that cannot be read is a reason too. */
export async function askGates(question: GateQuestion, ports: OpeningPorts): Promise<readonly HoldReason[]> {
  const { facts } = await readOpeningFacts(question, ports)
  const asked = checkGates(facts, 'opening')
  return asked.verdict === 'hold' ? asked.holds : []
}
