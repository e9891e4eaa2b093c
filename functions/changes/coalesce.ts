/** How a finding becomes part of a change: one open change for each service and patch set. */

import { Temporal } from 'temporal-polyfill'
import * as z from 'zod'
import type { Policy, Service } from '../catalogue/index.ts'
import type { Finding } from '../finding/index.ts'
import type { RecordKind } from '../kit/ledger.ts'
import type { Assessment } from '../risk/index.ts'
import type { Change } from './change.ts'
import { type ChangeEvent, moveChange } from './reducer.ts'

/** Points to the change that still takes findings in. */
export const OpenChange = z.strictObject({ changeId: z.string() })
export const OpenChangeRecord: RecordKind<z.infer<typeof OpenChange>> = { kind: 'open-change', schema: OpenChange }

export interface CoalesceInput {
  readonly finding: Finding
  readonly assessment: Assessment
  readonly service: Service | undefined
  readonly isWindows: boolean
  readonly open: Change | undefined
  readonly policy: Policy
  readonly at: string
  readonly newChangeId: string
}

export type Coalesced =
  | { readonly change: Change; readonly events: readonly ChangeEvent[]; readonly isNew: boolean }
  | { readonly unchanged: 'not-patchable' | 'no-fix' | 'not-active' | 'unassigned' | 'already-joined' }

/** Joins the open change while it is in draft or assessed; a planned one is left alone and the finding opens the next. */
export function coalesce({
  finding,
  assessment,
  service,
  isWindows,
  open,
  policy,
  at,
  newChangeId,
}: CoalesceInput): Coalesced {
  if (finding.status !== 'active') return { unchanged: 'not-active' }
  if (finding.route !== 'patch') return { unchanged: 'not-patchable' }
  const packages = finding.packages.flatMap(({ name, fixedVersion, isPatchable }) =>
    isPatchable && fixedVersion !== undefined ? [{ name, fixedVersion }] : [],
  )
  if (packages.length === 0) return { unchanged: 'no-fix' }
  if (!service) return { unchanged: 'unassigned' }
  if (open?.findingIds.includes(finding.findingId)) return { unchanged: 'already-joined' }
  const { winner, order, reasons } = assessment
  const joined: ChangeEvent = {
    type: 'finding-joined',
    findingId: finding.findingId,
    vulnerabilityIds: finding.vulnerabilityId === undefined ? [] : [finding.vulnerabilityId],
    packages,
    ...(winner.dueAt === undefined ? {} : { dueAt: winner.dueAt }),
    order,
    reasons,
    needsForensicTriage: winner.needsForensicTriage,
    class: classOf(assessment, policy),
  }
  const isTaking = open !== undefined && (open.state === 'draft' || open.state === 'assessed')
  const start = isTaking ? open : emptyChange(service.name, isWindows, newChangeId, at)
  const events: ChangeEvent[] = isTaking ? [joined] : [joined, { type: 'assessed' }]
  let change = start
  for (const event of events) {
    const moved = moveChange(change, event, at)
    if ('refused' in moved) throw new Error(`${event.type} refused from ${moved.from}`)
    change = moved.change
  }
  return { change, events, isNew: !isTaking }
}

function classOf({ winner, facts }: Assessment, policy: Policy): Change['class'] {
  if (winner.needsForensicTriage) return 'emergency'
  if (winner.dueAt === undefined) return 'normal'
  const start =
    facts.kevDateAdded !== undefined && facts.kevDateAdded < facts.detectedAt
      ? `${facts.kevDateAdded}T00:00:00Z`
      : facts.detectedAt
  const days = Temporal.Instant.from(winner.dueAt).since(Temporal.Instant.from(start)).total('hours') / 24
  return days <= policy.changes.emergencyDueDaysMax ? 'emergency' : 'normal'
}

const emptyChange = (service: string, isWindows: boolean, changeId: string, at: string): Change => ({
  changeId,
  service,
  patchSet: isWindows ? 'windows-updates' : 'os-packages',
  packages: [],
  findingIds: [],
  vulnerabilityIds: [],
  state: 'draft',
  class: 'normal',
  order: 0,
  reasons: [],
  needsForensicTriage: false,
  requester: 'drydock',
  ringsDone: [],
  quarantined: [],
  openedAt: at,
  updatedAt: at,
})
