/** Builds the plan of a change: scope, rings, order, limits, and the way back. Same inputs in any order, same bytes. */
import type { Asset, Catalogue, Policy, Service } from '../catalogue/index.ts'
import type { Change } from '../changes/index.ts'
import type { BlockedPatch } from './blocked-patch.ts'
import { mayStart } from './calendar.ts'
import { limitOf, minimumOf } from './limits.ts'
import type { Plan, PlannedRing } from './plan.ts'
import type { DocumentPin } from './ports.ts'
import type { PlanningProblem } from './problem.ts'
import { schedule } from './schedule.ts'
import { type Scope, schemes, scopeOf } from './scope.ts'
import { stepDocuments } from './step-documents.ts'
import { verifySchedule } from './verify-schedule.ts'
import { compareVersions } from './version-order.ts'

export interface BuildPlanInput {
  readonly change: Change
  readonly catalogue: Catalogue
  readonly policy: Policy
  readonly assets: readonly Asset[]
  /** Installed versions now, by host; fresher than the assets. */
  readonly installed: ReadonlyMap<string, Readonly<Record<string, string>>>
  readonly documents: Readonly<Record<string, DocumentPin>>
  readonly blocked: readonly BlockedPatch[]
  readonly nowIso: string
}

export type BuiltPlan =
  | { readonly plan: Plan }
  | { readonly refused: string; readonly because: string; readonly names: readonly string[] }

/** Seconds that a host is expected to take: drain, install, reboot, verify. */
const hostSeconds = 600
/** Who writes rollback plans; their reviewer must be someone else. */
const author = 'drydock'
const byText = (left: string, right: string) => (left < right ? -1 : left > right ? 1 : 0)
const refuse = (refused: string, because: string, names: readonly string[] = []): BuiltPlan => ({
  refused,
  because,
  names,
})

export function buildPlan(input: BuildPlanInput): BuiltPlan {
  const { change, catalogue, assets } = input
  const service = catalogue.services.find(({ name }) => name === change.service)
  if (!service) return refuse('unknown-service', `service ${change.service} is not in the catalogue`, [change.service])
  const packages = newestOf(change, service, assets)
  const unready = refuseUnready(input, service, packages)
  if (unready) return unready
  const { hosts, excluded } = scopeOf({ service, packages, assets, installed: input.installed })
  if (hosts.length === 0) {
    const names = excluded.map(({ hostId }) => hostId)
    return refuse('no-hosts', `no node of ${service.name} needs this patch and can take it`, names)
  }
  const touched = hosts.map(({ asset }) => asset)
  const services = servicesOf(touched, catalogue)
  const limits = services
    .map((one) => limitOf(one, assets))
    .toSorted((left, right) => byText(left.service, right.service))
  const stuck = limits.filter(({ unavailableMax }) => unavailableMax === 0)
  if (stuck.length > 0) {
    const needs = stuck.map((limit) => `${limit.service} needs ${limit.minimumHealthy} of ${limit.hosts}`).join('; ')
    const names = stuck.map((limit) => limit.service)
    return refuse('minimum-healthy', `minimum healthy leaves nothing to take down: ${needs}`, names)
  }
  const rings = ringsOf({ service, hosts: touched, limits, input, services })
  if ('refused' in rings) return rings
  const noWindow = refuseWithoutWindow(input, service, rings.planned)
  return (
    noWindow ?? {
      plan: assemble(input, { service, packages, hosts, excluded, services, limits, rings: rings.planned }),
    }
  )
}

/** What must be so before a plan is worth making. */
function refuseUnready(
  { blocked, documents }: BuildPlanInput,
  service: Service,
  packages: Plan['manifest']['packages'],
): BuiltPlan | undefined {
  const bad = packages.filter(({ name, version }) =>
    blocked.some((entry) => entry.package === name && entry.version === version),
  )
  if (bad.length > 0) {
    const named = bad.map(({ name, version }) => `${name} ${version}`).join(', ')
    const names = bad.map(({ name }) => name)
    return refuse('blocked-patch', `blocked for the fleet after it was rolled back: ${named}`, names)
  }
  const missing = Object.keys(stepDocuments).filter((step) => !documents[step])
  if (missing.length > 0) return refuse('missing-document', `no SSM document for ${missing.join(', ')}`, missing)
  if ((service.steward ?? service.owner) !== author) return undefined
  return refuse('no-reviewer', 'the rollback plan has no reviewer other than its author', [service.name])
}

function refuseWithoutWindow({ catalogue, nowIso }: BuildPlanInput, service: Service, rings: readonly PlannedRing[]) {
  const durationSeconds = Math.max(...rings.map(spanOf))
  const { windows, name } = service
  const { freezes, calendars } = catalogue
  const calendar = mayStart({ service: name, windows, freezes, calendars, nowIso, durationSeconds })
  const isNever = calendar.verdict === 'hold' && calendar.until === undefined
  return isNever ? refuse('no-window', calendar.because, [name]) : undefined
}

interface Parts {
  readonly service: Service
  readonly packages: Plan['manifest']['packages']
  readonly hosts: Scope['hosts']
  readonly excluded: Scope['excluded']
  readonly services: readonly Service[]
  readonly limits: Plan['limits']
  readonly rings: PlannedRing[]
}

function assemble(input: BuildPlanInput, parts: Parts): Plan {
  const { change, catalogue, policy } = input
  const { service, packages, hosts, excluded, services, limits, rings } = parts
  const pins = Object.entries(input.documents).toSorted(([left], [right]) => byText(left, right))
  const documents = Object.fromEntries(pins.map(([step, { name, version, hash }]) => [step, { name, version, hash }]))
  const names = services.map(({ name }) => name)
  return {
    schemaVersion: 1,
    changeId: change.changeId,
    service: service.name,
    manifest: { packages, documents },
    rings,
    limits,
    conflicts: catalogue.conflicts
      .map(([left, right]): [string, string] => (left < right ? [left, right] : [right, left]))
      .toSorted((left, right) => byText(left.join(), right.join())),
    concurrencyMax: Math.min(policy.rollout.concurrencyMax, service.concurrencyMax),
    rebootsMax: policy.rollout.rebootsMax,
    excluded,
    downstream: downstreamOf(names, catalogue),
    rollbackPlan: {
      rung: 'package-downgrade',
      previousVersions: Object.fromEntries(hosts.map(({ asset, previous }) => [asset.hostId, previous])),
      author,
      reviewer: service.steward ?? service.owner,
      rtoMinutes: service.rtoMinutes,
    },
    makespanSeconds: rings.reduce((sum, ring) => sum + spanOf(ring) + ring.soakSeconds, 0),
  }
}

/** One version a package: the newest that any finding of the change names. */
function newestOf(change: Change, service: Service, assets: readonly Asset[]): { name: string; version: string }[] {
  const scheme =
    assets.flatMap((asset) =>
      asset.services.includes(service.name) ? [schemes[asset.platform] ?? []].flat() : [],
    )[0] ?? 'deb'
  const newest = new Map<string, string>()
  for (const { name, fixedVersion } of change.packages) {
    const known = newest.get(name)
    if (known === undefined || compareVersions(scheme, known, fixedVersion) < 0) newest.set(name, fixedVersion)
  }
  return [...newest]
    .map(([name, version]) => ({ name, version }))
    .toSorted((left, right) => byText(left.name, right.name))
}

const servicesOf = (assets: readonly Asset[], catalogue: Catalogue): Service[] =>
  catalogue.services.filter(({ name }) => assets.some(({ services }) => services.includes(name)))
const spanOf = ({ hosts }: PlannedRing) =>
  Math.max(0, ...hosts.map(({ startSeconds, durationSeconds }) => startSeconds + durationSeconds))

interface RingsInput {
  readonly service: Service
  readonly hosts: readonly Asset[]
  readonly limits: Plan['limits']
  readonly services: readonly Service[]
  readonly input: BuildPlanInput
}

function ringsOf({
  service,
  hosts,
  limits,
  input,
  services,
}: RingsInput): { planned: PlannedRing[] } | Extract<BuiltPlan, { refused: string }> {
  const planned: PlannedRing[] = []
  for (const definition of service.rings) {
    const own = hosts.filter(({ stage }) => stage === definition.stage)
    if (own.length === 0) continue
    const problem = problemOf(definition.name, own, limits, services, input)
    const solution = schedule(problem)
    if ('infeasible' in solution)
      return {
        refused: 'infeasible',
        because: `ring ${definition.name}: ${solution.infeasible}`,
        names: solution.names,
      }
    const violations = verifySchedule(problem, solution.start)
    if (violations.length > 0)
      return {
        refused: 'unverified',
        because: `ring ${definition.name}: the schedule breaks ${violations[0]}`,
        names: [],
      }
    const order = own.toSorted(
      (left, right) =>
        (solution.start[left.hostId] ?? 0) - (solution.start[right.hostId] ?? 0) || byText(left.hostId, right.hostId),
    )
    planned.push({
      name: definition.name,
      index: planned.length,
      hosts: order.map((asset, index) => ({
        hostId: asset.hostId,
        services: asset.services.toSorted(),
        zone: asset.zone,
        order: index,
        startSeconds: solution.start[asset.hostId] ?? 0,
        durationSeconds: hostSeconds,
      })),
      soakSeconds: definition.soakSeconds,
      isCanary: definition.isCanary,
      failureBudget: minimumOf(definition.failureBudget, own.length),
    })
  }
  return planned.length === 0
    ? { refused: 'no-ring', because: `no ring of ${service.name} has a node to patch`, names: [service.name] }
    : { planned }
}

/** Zones with their own tighter limits are kept by the dispatcher; the schedule uses the tightest of them. */
function problemOf(
  ring: string,
  hosts: readonly Asset[],
  limits: Plan['limits'],
  services: readonly Service[],
  { catalogue, policy }: BuildPlanInput,
): PlanningProblem {
  const ids = new Set(services.map(({ name }) => name))
  const present = new Set(hosts.map(({ hostId }) => hostId))
  return {
    hosts: hosts.map(({ hostId, services: own, zone }) => ({
      id: hostId,
      services: own.filter((name) => ids.has(name)),
      zone,
      site: 'default',
      ring,
      durationSeconds: hostSeconds,
      bytes: 0,
    })),
    services: limits.map((limit) => ({
      id: limit.service,
      maxUnavailable: limit.unavailableMax,
      maxUnavailablePerZone: Math.max(1, Math.min(...Object.values(limit.unavailableMaxByZone))),
      dependsOn: limit.dependsOn.filter((name) => ids.has(name)),
    })),
    conflicts: catalogue.conflicts.filter(([left, right]) => present.has(left) && present.has(right)),
    bandwidthBytesPerSecond: {},
    concurrency: policy.rollout.concurrencyMax,
  }
}

/** Every service that depends, directly or not, on one of these: the blast radius. */
export function downstreamOf(names: readonly string[], catalogue: Catalogue): string[] {
  const found = new Set(names)
  for (let grew = true; grew; ) {
    grew = false
    for (const { name, dependsOn } of catalogue.services) {
      if (found.has(name) || !dependsOn.some((one) => found.has(one))) continue
      found.add(name)
      grew = true
    }
  }
  return [...found].filter((name) => !names.includes(name)).sort(byText)
}
