/** Facts with which every gate says go, unless a test says otherwise. */
import type { DocumentPins } from '../../../../functions/planning/ports.ts'
import type { Fact, GateFacts } from '../../../../functions/rollout/gates/gate.ts'
import { planHash } from '../../approvals/any-ballot.ts'
import { anyChange } from '../../changes/any-change.ts'
import { anyPlan } from '../../planning/any-plan.ts'
import { anyService, approvedBallot, catalogueOf } from '../any-catalogue.ts'

/** A Thursday. */
export const nowIso = '2026-01-01T12:00:00.000Z'

export const known = <T>(value: T): Fact<T> => ({ kind: 'known', value })

export const pinned: Awaited<ReturnType<DocumentPins['current']>>[] = Object.values(anyPlan().manifest.documents)

export const changeOf = (change: Parameters<typeof anyChange>[0] = {}) =>
  known(anyChange({ state: 'approved', planHash, ...change }))

/** Before a ring opens. */
export const anyGateFacts = (facts: Partial<GateFacts> = {}): GateFacts => ({
  ring: 'production',
  inWork: undefined,
  nowIso,
  change: changeOf(),
  plan: known(anyPlan()),
  ballot: known(approvedBallot(anyChange().changeId, planHash)),
  catalogue: known(catalogueOf([anyService('web')])),
  calendars: known(new Map()),
  stop: known({ all: false, changeIds: [], because: '', by: '' }),
  evidence: known({ headAgeSeconds: 0, pending: 0 }),
  documents: known(new Map(pinned.map((pin) => [pin?.name ?? '', pin]))),
  probes: known([{ name: 'front', at: nowIso, isHealthy: true, elapsedMs: 5 }]),
  ...facts,
})

/** While a ring is open: nobody asks for documents and probes there. */
export const anyPassFacts = (facts: Partial<GateFacts> = {}): GateFacts =>
  anyGateFacts({
    inWork: { planHash, longestLeftSeconds: 600 },
    change: changeOf({ state: 'in-progress', ring: 'production' }),
    documents: { kind: 'missing' },
    probes: { kind: 'missing' },
    ...facts,
  })
