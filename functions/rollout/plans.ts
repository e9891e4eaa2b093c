/** A cache of plans: a plan never changes under its hash, so one read serves every later pass. */
import { keys } from '../kit/keys.ts'
import type { Ledger } from '../kit/ledger.ts'
import { type Plan, PlanRecord } from '../planning/index.ts'

export type Plans = (changeId: string, planHash: string) => Promise<Plan | undefined>

/** Most plans kept: about as many as changes in work at once. */
const keptMax = 8

export function rememberedPlans(ledger: Pick<Ledger, 'read'>): Plans {
  const kept = new Map<string, Plan>()
  return async (changeId, planHash) => {
    const name = `${changeId} ${planHash}`
    const plan = kept.get(name) ?? (await ledger.read(PlanRecord, keys.plan(changeId, planHash)))?.value
    if (!plan) return undefined
    kept.delete(name)
    kept.set(name, plan)
    const oldest = kept.keys().next().value
    if (kept.size > keptMax && oldest !== undefined) kept.delete(oldest)
    return plan
  }
}
