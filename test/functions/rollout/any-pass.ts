/** One ring with what a pass over it needs, on ports that a test steers. */
import { PolicyRecord } from '../../../functions/catalogue/policy.ts'
import { keys } from '../../../functions/kit/keys.ts'
import type { Move } from '../../../functions/kit/ledger.ts'
import type { Plan } from '../../../functions/planning/plan.ts'
import type { Commands, Invocation, SendResult } from '../../../functions/rollout/ports.ts'
import type { HostProgress, Ring } from '../../../functions/rollout/ring.ts'
import type { ReconcilePorts } from '../../../functions/rollout/ring-context.ts'
import { ringMoves } from '../../../functions/rollout/ring-moves.ts'
import { openedRing } from '../../../functions/rollout/ring-opening.ts'
import { readRing } from '../../../functions/rollout/ring-record.ts'
import { rememberedRings } from '../../../functions/rollout/rings.ts'
import { scenarioPolicy } from '../../../local/scenario/seed.ts'
import { memoryLedger } from '../../../simulator/ports/ledger.ts'
import { memoryNudges } from '../../../simulator/ports/nudges.ts'
import { fixedClock, sequentialIds } from '../../../simulator/ports/time.ts'
import { planHash } from '../approvals/any-ballot.ts'
import { anyChange } from '../changes/any-change.ts'
import { anyPlan } from '../planning/any-plan.ts'
import { anyService, approvalMove, catalogueOf, healthyEvidence } from './any-catalogue.ts'

export const { changeId } = anyChange()
export const [one, two, three] = ['i-00000001', 'i-00000002', 'i-00000003'] as const
export const startMs = Date.parse('2026-01-01T12:00:00.000Z')

export const anyRing = (ring: Partial<Ring> = {}): Ring => ({
  ...openedRing(anyPlan(), planHash, 'production', undefined, 'token', '2026-01-01T12:00:00.000Z'),
  ...ring,
})

/** A ring with one command of this step out to all of its hosts. */
export function ringOut(step: HostProgress['step'], command: Partial<Ring['commands'][string]> = {}): Ring {
  const sent: HostProgress = { step, state: 'sent', attempt: 1, intentId: 'intent' }
  const hostIds = [one, two, three]
  return anyRing({
    hosts: Object.fromEntries(hostIds.map((hostId) => [hostId, sent])),
    commands: {
      intent: { step, hostIds, packages: 'snapd=2', intendedAtMs: startMs, deadlineMs: startMs + 60_000, ...command },
    },
  })
}

interface Steered {
  readonly send: () => SendResult
  readonly find: () => string | undefined
  readonly invocations: (commandId: string) => readonly Invocation[]
}

/** The ledger holds this ring and all that lets it go on; answers of SSM come from the test. */
export async function anyPass(ring: Ring, steered: Partial<Steered> = {}, plan: Plan = anyPlan()) {
  const ledger = memoryLedger()
  const clock = fixedClock(startMs)
  const calls: string[] = []
  const counted: string[] = []
  const seeded: Move[] = [
    { kind: PolicyRecord.kind, key: keys.policy(), from: 0, value: scenarioPolicy() },
    { kind: 'catalogue', key: keys.catalogue(), from: 0, value: catalogueOf([anyService('web')]) },
    {
      kind: 'change',
      key: keys.change(changeId),
      from: 0,
      value: anyChange({ state: 'in-progress', planHash, ring: ring.name }),
    },
    approvalMove(changeId, planHash),
    ...ringMoves(undefined, ring).moves,
  ]
  await ledger.commit({
    moves: seeded,
    evidence: [{ leafId: '0', at: '', type: 'test.seeded', account: '', changeId, actor: '', body: {} }],
  })
  const commands: Commands = {
    async send({ step, hostIds }) {
      calls.push(`send ${step} ${hostIds.length}`)
      return steered.send?.() ?? { commandId: `command-${calls.length}` }
    },
    async find({ intentIds }) {
      calls.push(`find ${intentIds.join(' ')}`)
      const commandId = steered.find?.()
      return new Map(commandId === undefined ? [] : intentIds.map((intentId) => [intentId, commandId] as const))
    },
    async invocations(commandId) {
      calls.push(`ask ${commandId}`)
      return steered.invocations?.(commandId) ?? []
    },
    cancel: async () => undefined,
  }
  const ports: ReconcilePorts = {
    ledger,
    plans: async () => plan,
    commands,
    nudges: memoryNudges(),
    clock,
    ids: sequentialIds(),
    metrics: { count: (name) => counted.push(name) },
    account: '123456789012',
    evidenceHealth: healthyEvidence,
    rings: rememberedRings(),
  }
  const ringNow = async () => {
    const read = await readRing(changeId, ring.name, ledger)
    if (!read) throw new Error('no ring')
    return read
  }
  const leaves = () => ledger.outbox().filter(({ type }) => type !== 'test.seeded')
  return { ports, ledger, clock, plan, policy: scenarioPolicy(), calls, counted, ringNow, leaves }
}
