/**
 * Builds the plan of a change: scope, rings, order, limits and rollback. Equal inputs in any order give equal bytes.
 */

import type { CalendarReadings } from '../calendar/index.ts'
import {
  approvalValidSecondsDefault,
  type Catalogue,
  ownName,
  type Policy,
  quorumFor,
  type Service,
} from '../catalogue/index.ts'
import type { Change } from '../changes/index.ts'
import { installItemsMax } from '../finding/index.ts'
import type { Asset } from '../inventory/index.ts'
import { byText } from '../kit/by-text.ts'
import { findCycle } from '../kit/graph.ts'
import { canonicalJson } from '../kit/json.ts'
import { ownValue } from '../kit/table.ts'
import type { BlockedPatch } from './blocked-patch.ts'
import { checkCalendar, spanOf } from './check-calendar.ts'
import { reach, reversed } from './dependencies.ts'
import { freezeInTheWay } from './freeze.ts'
import { limitOf, stuckBy } from './limits.ts'
import { packagesOf } from './manifest.ts'
import type { Plan, PlannedRing } from './plan.ts'
import type { DocumentPin } from './ports.ts'
import { ringsOf } from './rings.ts'
import { rungOf } from './rung.ts'
import { type Scope, scopeOf } from './scope.ts'
import { stepDocumentsOf } from './step-documents.ts'
import type { WindowsPatch } from './windows-patch.ts'

export interface BuildPlanInput {
  readonly change: Change
  readonly catalogue: Catalogue
  readonly policy: Policy
  readonly assets: readonly Asset[]
  /** Installed versions now, by host; fresher than the assets. */
  readonly installed: ReadonlyMap<string, Readonly<Record<string, string>>>
  /** Hosts whose inventory could not be read; absent: none. */
  readonly unread?: ReadonlySet<string>
  readonly documents: Readonly<Record<string, DocumentPin>>
  readonly blocked: readonly BlockedPatch[]
  /** Present only for a change of Windows updates. */
  readonly windows?: WindowsPatch | undefined
  /** States of the calendars that SSM keeps; absent: they count as closed. */
  readonly readings?: CalendarReadings | undefined
  readonly nowIso: string
}

type Refused = { readonly refused: string; readonly because: string; readonly names: readonly string[] }
export type BuiltPlan = { readonly plan: Plan } | Refused

/**
 * B21: most characters of a plan's canonical JSON: 10,000 hosts with 200 packages each, read and checked in about a
 * second.
 */
const planCharactersMax = 100_000_000
/** Most hosts of a plan: what rollouts are measured with. */
const planHostsMax = 10_000

const refuse = (refused: string, because: string, names: readonly string[] = []): Refused => ({
  refused,
  because,
  names,
})

/**
 * The plan, or why none is possible, with the names responsible (B40, B41).
 *
 * I17: the order of assets, packages, services and conflicts does not matter; `nowIso` only decides whether a window is
 * left.
 */
export function buildPlan(input: BuildPlanInput): BuiltPlan {
  const { change, catalogue, policy } = input
  const service = catalogue.services.find(({ name }) => name === change.service)
  if (!service) return refuse('unknown-service', `service ${change.service} is not in the catalogue`, [change.service])
  const assets = input.assets.filter(({ services }) => services.includes(service.name))
  const manifest = packagesOf(change, assets)
  if ('unplaced' in manifest)
    return refuse(
      'unknown-platform',
      `${service.name} runs on several platforms, and the change does not say which its versions of ${manifest.unplaced.join(', ')} are for`,
      manifest.unplaced,
    )
  const { packages } = manifest
  const unready = refuseUnready(input, service, packages)
  if (unready) return unready
  const known = new Set(catalogue.services.map(({ name }) => name))
  const { installed, unread = new Set<string>() } = input
  const updatesByHost = input.windows?.updatesByHost
  const { hosts, excluded } = scopeOf({ service, known, packages, assets, installed, unread, updatesByHost })
  if (hosts.length === 0) {
    const names = excluded.map(({ hostId }) => hostId)
    return refuse('no-hosts', `no node of ${service.name} needs this patch and can take it`, names)
  }
  const touched = hosts.map(({ asset }) => asset)
  const limits = catalogue.services
    .filter(({ name }) => touched.some(({ services }) => services.includes(name)))
    .map((one) => limitOf(one, input.assets, catalogue))
    .toSorted((left, right) => byText(left.service, right.service))
  const stuck = stuckBy(limits, touched)
  if (stuck) return refuse('minimum-healthy', stuck.because, stuck.names)
  const conflicts = conflictsOf(catalogue, touched)
  const concurrency = Math.min(policy.rollout.concurrencyMax, service.concurrencyMax)
  const rungs = new Map(
    hosts.map(({ asset, previous }) => [asset.hostId, input.windows ? 'none' : rungOf(Object.keys(previous))] as const),
  )
  const rings = ringsOf({ service, hosts: touched, limits, conflicts, concurrency, rungs })
  if ('refused' in rings) return rings
  const parts = { service, packages, hosts, excluded, limits, conflicts, rings: rings.planned }
  const plan = assemble(input, parts)
  const freeze = freezeInTheWay({ ...input, plan })
  return finish(freeze ? { ...plan, freeze } : plan, input)
}

/** The last checks of a plan: a window in which it fits, and its size. */
function finish(plan: Plan, { change, catalogue, readings, nowIso }: BuildPlanInput): BuiltPlan {
  const isEmergency = change.class === 'emergency'
  for (const { name: ring } of plan.rings) {
    const overridden = plan.freeze?.overrideRole === undefined ? {} : { freezeOverriddenBy: plan.freeze.overrideRole }
    const where = { plan, catalogue, readings, service: plan.service, ring, nowIso, isEmergency }
    const calendar = checkCalendar({ ...where, ...overridden })
    if (calendar.verdict === 'hold' && calendar.until === undefined)
      return refuse('no-window', `ring ${ring}: ${calendar.because}`, [plan.service])
  }
  const hosts = plan.rings.reduce((count, ring) => count + ring.hosts.length, 0)
  if (hosts > planHostsMax)
    return refuse(
      'too-large',
      `a plan over ${hosts} nodes; at most ${planHostsMax} go: split service ${plan.service}`,
      [plan.service],
    )
  const characters = canonicalJson(plan).length
  if (characters <= planCharactersMax) return { plan }
  return refuse(
    'too-large',
    `a plan over ${hosts} nodes has ${characters} characters; at most ${planCharactersMax} can be stored: split service ${plan.service}`,
    [plan.service],
  )
}

/** Preconditions of a plan. */
function refuseUnready(
  { change, blocked, documents, catalogue, policy }: BuildPlanInput,
  service: Service,
  packages: Plan['manifest']['packages'],
): BuiltPlan | undefined {
  const bad = packages.filter(({ name, version }) =>
    blocked.some((entry) => entry.package === name && entry.version === version),
  )
  if (packages.length === 0) return refuse('no-packages', 'the change names no package that can be patched')
  const most = Math.max(...[...Map.groupBy(packages, ({ platform }) => platform).values()].map(({ length }) => length))
  if (most > installItemsMax)
    return refuse(
      'too-large',
      `the change names ${most} packages of one platform; one command installs at most ${installItemsMax}`,
      [service.name],
    )
  if (bad.length > 0) {
    const named = bad.map(({ name, version }) => `${name} ${version}`).join(', ')
    const names = bad.map(({ name }) => name)
    return refuse('blocked-patch', `blocked for the fleet after it was rolled back: ${named}`, names)
  }
  const missing = Object.keys(stepDocumentsOf(change.patchSet)).filter(
    (step) => ownValue(documents, step) === undefined,
  )
  if (missing.length > 0) return refuse('missing-document', `no SSM document for ${missing.join(', ')}`, missing)
  const cycle = findCycle(new Map(catalogue.services.map(({ name, dependsOn }) => [name, dependsOn])))
  if (cycle) return refuse('cycle', `services depend on each other in a circle: ${cycle.join(' -> ')}`, cycle)
  const reviewer = reviewerOf(service, policy, change)
  if (reviewer === undefined) return undefined
  if (reviewer !== ownName && catalogue.people.some(({ id }) => id === reviewer)) return undefined
  return refuse('no-reviewer', 'the rollback plan has no reviewer in the catalogue other than its author', [reviewer])
}

/**
 * 2.4: the rollback plan is Drydock's, so its reviewer is the steward or, without one, the owner; nobody where the
 * policy asks for no review.
 */
const reviewerOf = (service: Service, policy: Policy, change: Pick<Change, 'class'>): string | undefined =>
  quorumFor(change, policy).rollbackReview ? (service.steward ?? service.owner) : undefined

interface Parts {
  readonly service: Service
  readonly packages: Plan['manifest']['packages']
  readonly hosts: Scope['hosts']
  readonly excluded: Scope['excluded']
  readonly limits: Plan['limits']
  readonly conflicts: Plan['conflicts']
  readonly rings: PlannedRing[]
}

function assemble(input: BuildPlanInput, parts: Parts): Plan {
  const { change, catalogue, policy } = input
  const { service, packages, hosts, excluded, limits, conflicts, rings } = parts
  const reviewer = reviewerOf(service, policy, change)
  const pins = Object.entries(input.documents).toSorted(([left], [right]) => byText(left, right))
  const documents = Object.fromEntries(pins.map(([step, { name, version, hash }]) => [step, { name, version, hash }]))
  return {
    schemaVersion: 2,
    changeId: change.changeId,
    service: service.name,
    manifest: { packages, documents, ...(input.windows ? { overrideList: input.windows.overrideList } : {}) },
    rings,
    limits,
    conflicts,
    concurrencyMax: Math.min(policy.rollout.concurrencyMax, service.concurrencyMax),
    rebootsMax: policy.rollout.rebootsMax,
    excluded,
    downstream: downstreamOf(
      limits.map((limit) => limit.service),
      catalogue,
    ),
    rollbackPlan: {
      // A cumulative update can only be removed by hand, a servicing stack update never: the approvers must accept
      // that.
      rung: input.windows ? 'none' : 'package-downgrade',
      previousVersions: Object.fromEntries(hosts.map(({ asset, previous }) => [asset.hostId, previous])),
      author: ownName,
      ...(reviewer === undefined ? {} : { reviewer }),
      rtoMinutes: service.rtoMinutes,
    },
    approvalValidSeconds: quorumFor(change, policy).validForSeconds ?? approvalValidSecondsDefault,
    makespanSeconds: rings.reduce((sum, ring) => sum + spanOf(ring) + ring.soakSeconds, 0),
  }
}

/** Conflict pairs that touch a host of the plan, each once and in text order. */
function conflictsOf(catalogue: Catalogue, hosts: readonly Asset[]): Plan['conflicts'] {
  const touched = new Set(hosts.map(({ hostId }) => hostId))
  const pairs = catalogue.conflicts
    .filter((pair) => pair.some((hostId) => touched.has(hostId)))
    .map(([left, right]): [string, string] => (left < right ? [left, right] : [right, left]))
  return [...new Map(pairs.map((pair) => [pair.join(' '), pair]))]
    .toSorted(([left], [right]) => byText(left, right))
    .map(([, pair]) => pair)
}

/** 1.6: every service that depends, directly or not, on one of these: the blast radius. */
export function downstreamOf(names: readonly string[], catalogue: Catalogue): string[] {
  const dependents = reversed(new Map(catalogue.services.map(({ name, dependsOn }) => [name, dependsOn])))
  return reach(names, dependents).filter((name) => !names.includes(name))
}
