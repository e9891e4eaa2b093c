/** A ring in work: the progress of each of its hosts, and the commands in flight. */
import * as z from 'zod'
import { Asset } from '../inventory/index.ts'
import { tableOf } from '../kit/table.ts'
import type { SpokeAccess } from './ports.ts'
import { EndedStep } from './step-log.ts'

export const stepNames = ['precheck', 'restore-point', 'install', 'reboot', 'verify', 'collect', 'rollback'] as const
export const StepName = z.enum(stepNames)
export type StepName = z.infer<typeof StepName>

/** The id of a managed node; by this grammar it is a safe record key. */
export const HostId = Asset.shape.hostId

/** The steps on a host in order, by mode. */
export const stepsOf = {
  patch: ['precheck', 'restore-point', 'install', 'reboot', 'verify'],
  rollback: ['collect', 'rollback', 'reboot', 'verify'],
} as const satisfies Record<string, readonly StepName[]>

/** The progress of one host of a ring. */
export const HostProgress = z.strictObject({
  step: StepName,
  /** `waiting`: the step is to be sent; `sent`: a command is in flight; the others are final. */
  state: z.enum(['waiting', 'sent', 'done', 'failed', 'skipped', 'quarantined', 'gone']),
  attempt: z.number().int().min(1),
  intentId: z.string().optional(),
  notBeforeMs: z.number().optional(),
  because: z.string().optional(),
  /** Boot id read before the reboot. */
  bootId: z.string().optional(),
  /** Whether the install said that a reboot is needed. */
  needsReboot: z.boolean().optional(),
  flags: z.array(z.string()).optional(),
  /** SSM refused a command that included this host: it now goes in its own command, so that it delays no other. */
  isAlone: z.boolean().optional(),
})
/** The progress of one host of a ring. */
export type HostProgress = z.infer<typeof HostProgress>

export const CommandOut = z.strictObject({
  step: StepName,
  hostIds: z.array(HostId),
  packages: z.string(),
  /** Account and region of the hosts; absent: the hub's own. */
  place: z.strictObject({ account: z.string(), region: z.string() }).optional(),
  intendedAtMs: z.number(),
  deadlineMs: z.number(),
  commandId: z.string().optional(),
})
export type CommandOut = z.infer<typeof CommandOut>

/** Most hosts per ring: what rollouts are measured with. */
export const ringHostsMax = 10_000

/** A ring in work: its hosts, commands, budget and end. */
export const Ring = z.strictObject({
  changeId: z.string(),
  name: z.string(),
  mode: z.enum(['patch', 'rollback']),
  planHash: z.string(),
  state: z.enum(['open', 'succeeded', 'failed', 'halted', 'stopped']),
  because: z.string().optional(),
  /** Of the machine that waits for the ring's end; gone once it was answered. */
  taskToken: z.string().optional(),
  /** Since when gates hold for nothing but what may be over in a moment; the ring waits for that a while before it ends. */
  doubtedSince: z.string().optional(),
  openedAt: z.string(),
  endedAt: z.string().optional(),
  rtoDeadlineAt: z.string().optional(),
  failureBudget: z.number().int().min(0),
  /** Why every host that still waited has failed: a fault of our own that one host met. */
  nobodyWaitsBecause: z.string().optional(),
  /** Target packages of a host, as `name=version` items: the manifest, or the previous versions in a rollback. */
  packagesByHost: z.record(HostId, z.string()),
  hosts: z.record(HostId, HostProgress),
  commands: tableOf(CommandOut),
  /** Steps that have ended on hosts that are still in work; those of the others are in the execution log. */
  endedSteps: z.record(HostId, z.array(EndedStep)).optional(),
  /** Consecutive sends refused by limits or outages; each doubles the pause before the next. */
  sendsRefused: z.number().int().optional(),
  /** When people were warned that the RTO is at risk. */
  rtoEscalatedAt: z.string().optional(),
})
/** A ring in work. */
export type Ring = z.infer<typeof Ring>

/** Hosts by state; a state that no host is in is absent. */
export const HostCounts = z.partialRecord(HostProgress.shape.state, z.number().int())
export type HostCounts = z.infer<typeof HostCounts>

/** How many hosts of a ring are in each state. */
export function countHosts({ hosts }: Pick<Ring, 'hosts'>): HostCounts {
  const counts: HostCounts = {}
  for (const { state } of Object.values(hosts)) counts[state] = (counts[state] ?? 0) + 1
  return counts
}

/** The state of a ring as a whole: cheap to read where hosts do not matter. */
export const RingSummary = z.object({
  ...Ring.pick({
    changeId: true,
    name: true,
    mode: true,
    state: true,
    because: true,
    taskToken: true,
    openedAt: true,
    endedAt: true,
    rtoDeadlineAt: true,
  }).shape,
  /** Absent where an older Drydock moved the ring last. */
  counts: HostCounts.optional(),
})
/** The state of a ring as a whole. */
export type RingSummary = z.infer<typeof RingSummary>

/** Whether somebody is still to look at the ring: it is open, or nobody told its machine yet that it has ended. */
export const isUnsettled = ({ state, taskToken }: Pick<Ring, 'state' | 'taskToken'>): boolean =>
  state === 'open' || taskToken !== undefined

/** The place and session tags for the commands of a ring. */
export const spokeAccess = ({ changeId, planHash }: Ring, { place }: CommandOut): SpokeAccess | undefined =>
  place && { ...place, changeId, planHash }

export const isFinal = (host: HostProgress) => host.state !== 'waiting' && host.state !== 'sent'

/** A host that waits in a ring where nobody waits any more has failed, without a record of its own. */
export const asItStands = (host: HostProgress, because: string | undefined): HostProgress =>
  because !== undefined && host.state === 'waiting' ? { ...host, state: 'failed', because } : host

/** Hosts whose progress changed, but for those that failed because nobody waits any more. */
export function movedHosts(before: Pick<Ring, 'hosts'>, after: Ring): [string, HostProgress][] {
  const { nobodyWaitsBecause: because } = after
  return Object.entries(after.hosts).filter(([hostId, host]) => {
    const was = before.hosts[hostId]
    if (was === host) return false
    return !(because !== undefined && was?.state === 'waiting' && host.state === 'failed' && host.because === because)
  })
}
