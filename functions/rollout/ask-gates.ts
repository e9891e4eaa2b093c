/** Asks every gate about a ring now, without moving anything: for the reconciler's check of a held change. */
import type { HoldReason } from '../changes/index.ts'
import { checkGates } from './gates/gates.ts'
import { type GateQuestion, type OpeningPorts, readOpeningFacts } from './read-gate-facts.ts'

/** Every reason that keeps this ring from opening now; empty: it may open. An unreadable change is a reason too. */
export async function askGates(question: GateQuestion, ports: OpeningPorts): Promise<readonly HoldReason[]> {
  const { facts } = await readOpeningFacts(question, ports)
  const asked = checkGates(facts, 'opening')
  return asked.verdict === 'hold' ? asked.holds : []
}
