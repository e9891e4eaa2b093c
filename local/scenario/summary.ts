/**
 * What happened, for people and as JSON: found, decided, approved, patched, rolled back, how long, where the evidence
 * is.
 */

import { BallotRecord } from '../../functions/approvals/index.ts'
import { CatalogueRecord } from '../../functions/catalogue/index.ts'
import { type Change, findingIdsOf } from '../../functions/changes/index.ts'
import { excerpt } from '../../functions/kit/display-text.ts'
import { keys } from '../../functions/kit/keys.ts'
import { msBetween } from '../../functions/kit/time.ts'
import { givenRoles, peopleOf } from '../../functions/people/index.ts'
import { AssessmentRecord } from '../../functions/risk/index.ts'
import { ringsOf } from '../../functions/rollout/index.ts'
import type { LocalCloud } from '../../simulator/cloud.ts'
import { spokeAccount } from '../../simulator/fleet/default-fleet.ts'
import type { Fleet } from '../../simulator/fleet/fleet.ts'
import type { ScenarioOutcome } from './scenario.ts'
import type { Lap } from './stopwatch.ts'
import { storyFindings } from './stories.ts'

export interface Verified {
  readonly directory: string
  readonly keyFile: string
  readonly good: { readonly ok: boolean; readonly size: number }
  readonly bad: {
    readonly ok: boolean
    readonly problems: readonly { readonly kind: string; readonly leaf: string; readonly detail: string }[]
  }
  /** The leaf that was flipped. */
  readonly leaf: string
}

interface SummaryInput {
  readonly cloud: LocalCloud
  readonly fleet: Fleet
  readonly outcome: ScenarioOutcome
  readonly verified: Verified
  /** Of the cloud's own time, which may be virtual. */
  readonly startMs: number
  readonly readyMs: number
  /** What the real seconds went into. */
  readonly laps: readonly Lap[]
}

export async function summary({ cloud, fleet, outcome, verified, startMs, readyMs, laps }: SummaryInput) {
  const { patched, rolledBack, held } = outcome
  const nodes = fleet
    .describeNodes()
    .filter((node) => node.tags['patch-service']?.split(',').includes(storyFindings.patched.service))
  const proven = await provenHosts(cloud, patched.change)
  const approvals = await Promise.all([patched, rolledBack, held].map(({ change }) => approvalOf(cloud, change)))
  const findingIds = (await Array.fromAsync(findingIdsOf(patched.change, cloud.ledger))).flat()
  const [findingId] = findingIds
  const assessment =
    findingId === undefined ? undefined : await cloud.ledger.read(AssessmentRecord, keys.assessment(findingId))
  const badPatchLeft = fleet
    .describeNodes()
    .filter(
      (node) => node.packages[storyFindings.rolledBack.packageName] === storyFindings.rolledBack.fixedVersion,
    ).length
  const promises = {
    'the first change is closed': patched.change.state === 'closed',
    'three copies of one finding made one change': findingIds.length === 1,
    'one node is quarantined and reported': patched.change.quarantined.length === 1,
    'every other node of the service is proven patched': proven >= nodes.length - 1,
    'the nodes of the second account are patched through its role': fleet
      .describeNodes(spokeAccount)
      .every((node) => node.packages[storyFindings.patched.packageName] === storyFindings.patched.fixedVersion),
    'the bad patch is rolled back': rolledBack.change.state === 'rolled-back',
    'no node keeps the bad patch': badPatchLeft === 0,
    'the third change is held by the freeze':
      held.change.state === 'held' && held.change.heldBecause?.includes('quarter-end') === true,
    'the evidence verifies': verified.good.ok,
    'the verifier names the flipped leaf':
      !verified.bad.ok && verified.bad.problems[0]?.leaf.includes(verified.leaf) === true,
  }
  const counts = await cloud.counts()
  const document = {
    schemaVersion: 1,
    kind: cloud.kind,
    seconds: {
      total: (cloud.clock.nowMs() - startMs) / 1000,
      wall: laps.reduce((sum, { seconds }) => sum + seconds, 0),
      start: (readyMs - startMs) / 1000,
      patched: patched.seconds,
      rolledBack: rolledBack.seconds,
      held: held.seconds,
    },
    changes: { patched: patched.change, rolledBack: rolledBack.change, held: held.change },
    decision: assessment?.value.assessment.winner,
    approvals,
    nodes: { service: storyFindings.patched.service, total: nodes.length, proven },
    counts,
    laps,
    evidence: {
      directory: verified.directory,
      keyFile: verified.keyFile,
      leavesInLog: verified.good.size,
      verified: verified.good.ok,
      tampered: verified.bad.problems[0],
    },
    promises,
  }
  return {
    document,
    isAsPromised: Object.values(promises).every(Boolean),
    text: textOf(document, assessment?.value.assessment.reasons ?? []),
  }
}

interface Approval {
  readonly service: string
  readonly outcome: string
  /** `Olivia Owner (service-owner)`, in the order of the quorum's roles. */
  readonly by: readonly string[]
  readonly seconds: number | undefined
}

/** Who gave which role of a change's quorum, and how long that took from asking. */
async function approvalOf(cloud: LocalCloud, change: Change): Promise<Approval> {
  const ballot = (await cloud.ledger.read(BallotRecord, keys.ballot(change.changeId)))?.value
  const people = peopleOf((await cloud.ledger.read(CatalogueRecord, keys.catalogue()))?.value.people ?? [])
  const seconds = ballot?.decidedAt ? msBetween(ballot.openedAt, ballot.decidedAt) / 1000 : undefined
  return {
    service: change.service,
    outcome: ballot?.outcome ?? 'not asked for',
    by: ballot
      ? givenRoles(ballot, people).flatMap(({ role, by }) => (by ? [`${people.nameOf(by)} (${role})`] : []))
      : [],
    seconds,
  }
}

/** Hosts whose verify step proved them, by the rings on the ledger. */
async function provenHosts(cloud: LocalCloud, change: Change): Promise<number> {
  const rings = await ringsOf(change.changeId, cloud.ledger)
  return rings.flatMap(({ hosts }) => Object.values(hosts)).filter(({ state }) => state === 'done').length
}

export interface Told {
  readonly kind: LocalCloud['kind']
  readonly seconds: Readonly<Record<'total' | 'wall' | 'start' | 'patched' | 'rolledBack' | 'held', number>>
  readonly changes: { readonly patched: Change; readonly rolledBack: Change; readonly held: Change }
  readonly decision:
    | { readonly table: string; readonly decision: string; readonly dueAt?: string | undefined }
    | undefined
  readonly approvals: readonly Approval[]
  readonly nodes: { readonly total: number; readonly proven: number }
  readonly laps: readonly Lap[]
  readonly counts: { readonly sendCommands: number }
  readonly evidence: {
    readonly directory: string
    readonly keyFile: string
    readonly leavesInLog: number
    readonly verified: boolean
    readonly tampered: { readonly kind: string; readonly leaf: string } | undefined
  }
  readonly promises: Readonly<Record<string, boolean>>
}

/** What happened, one line each; long reasons are cut, the console has them in full. */
export function textOf(
  { kind, seconds, changes, decision, approvals, nodes, counts, laps, evidence, promises }: Told,
  reasons: readonly string[],
): string {
  const second = (value: number) => `${value.toFixed(1)} s`
  const { patched, rolledBack, held } = changes
  return [
    '',
    `Found        ${patched.vulnerabilityIds.join(', ')} in ${patched.service} (Inspector, Security Hub copy, duplicate): one change ${patched.changeId}`,
    ...[rolledBack, held].map(
      ({ vulnerabilityIds, service, changeId }) =>
        `             ${vulnerabilityIds.join(', ')} in ${service}: change ${changeId}`,
    ),
    `Decided      ${patched.service}: ${decision ? `${decision.table}: ${decision.decision}, due ${decision.dueAt?.slice(0, 10) ?? 'on system upgrade'}` : 'no assessment'}; class ${patched.class}`,
    ...reasons.slice(0, 4).map((reason) => `             because ${reason}`),
    ...approvals.map(
      ({ service, outcome, by, seconds: waited }, index) =>
        `${index === 0 ? 'Approved ' : '         '}    ${service}: ${outcome}${by.length > 0 ? ` by ${by.join(' and ')}` : ''}${waited === undefined ? '' : `, ${second(waited)} after the request`}`,
    ),
    `Patched      ${patched.service}: ${nodes.proven} of ${nodes.total} nodes proven in ${patched.ringsDone.join(', ')}, ${second(seconds.patched)} after the finding; ${counts.sendCommands} commands sent in all`,
    ...patched.quarantined.map(({ hostId, reason }) => `Quarantined  ${hostId}: ${reason}`),
    `Rolled back  ${rolledBack.service}, ${second(seconds.rolledBack)} after the finding: ${excerpt(rolledBack.outcome ?? rolledBack.state)}`,
    `Held         ${held.service}, ${second(seconds.held)} after the finding: ${held.heldBecause ?? held.state}${held.heldUntil ? `; can continue at ${held.heldUntil}` : ''}`,
    `Evidence     ${evidence.leavesInLog} leaves in the log, export in ${evidence.directory}: ${evidence.verified ? 'verified' : 'NOT VERIFIED'}`,
    `             again, with no AWS: npx drydock evidence verify ${evidence.directory} --key ${evidence.keyFile}`,
    `Tampered     one byte flipped in a copy: ${evidence.tampered ? `${evidence.tampered.kind} ${evidence.tampered.leaf}` : 'NOT DETECTED'}`,
    kind === 'in-process'
      ? `Time         ${second(seconds.total)} of virtual time in ${second(seconds.wall)}`
      : `Time         ${second(seconds.total)}, of which ${second(seconds.start)} to bring the cloud up`,
    `             ${laps.map((lap) => `${lap.name} ${second(lap.seconds)}`).join(' · ')}`,
    '',
    ...Object.entries(promises).map(([promise, isKept]) => `  ${isKept ? 'ok' : 'NO'}  ${promise}`),
  ].join('\n')
}
