/** A ring in work: the progress of each of its hosts, and the commands in flight. */
import * as z from 'zod'
import { Asset } from '../inventory/index.ts'
import { byKey } from '../kit/by-text.ts'
import { canonicalJson } from '../kit/json.ts'
import { keys, lists } from '../kit/keys.ts'
import type { Move, RecordKind, Stored } from '../kit/ledger.ts'
import { ownValue, tableOf } from '../kit/table.ts'
import type { SpokeAccess } from './ports.ts'

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

/**
 * Most hosts per ring: their ids, and the progress of a tenth of them in work, fit into one ledger item with a margin.
 */
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
  /** Target packages of a host, as `name=version` items: the manifest, or the previous versions in a rollback. */
  packagesByHost: z.record(HostId, z.string()),
  hosts: z.record(HostId, HostProgress),
  commands: tableOf(CommandOut),
  /** Consecutive sends refused by limits or outages; each doubles the pause before the next. */
  sendsRefused: z.number().int().optional(),
  /** When people were warned that the RTO is at risk. */
  rtoEscalatedAt: z.string().optional(),
})
/** A ring in work. */
export type Ring = z.infer<typeof Ring>

/** Hosts with the same progress and packages, grouped: most of a ring at any time. */
const HostGroup = z.strictObject({ packages: z.string(), progress: HostProgress, hostIds: z.array(HostId) })
const StoredRing = Ring.omit({ hosts: true, packagesByHost: true }).extend({ groups: z.array(HostGroup) })
type StoredRing = z.infer<typeof StoredRing>

/** A record of zod passes over a key `__proto__` in silence: no host may be lost so. */
const keepsEveryKey = (value: unknown): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (!Object.hasOwn(value, '__proto__') && Object.values(value).every(keepsEveryKey))

/** The form of before hosts were grouped. */
const UngroupedRing = z.unknown().refine(keepsEveryKey, 'a key is named __proto__').pipe(Ring)

/** The record of a ring with every host of it. */
export const RingRecord: RecordKind<Ring> = { kind: 'ring', schema: StoredRing.transform(unfolded).or(UngroupedRing) }

/** The state of a ring as a whole: cheap to read where hosts do not matter. */
export const RingSummary = z.object(
  StoredRing.pick({
    changeId: true,
    name: true,
    mode: true,
    state: true,
    because: true,
    taskToken: true,
    openedAt: true,
    endedAt: true,
  }).shape,
)
/** The state of a ring as a whole. */
export type RingSummary = z.infer<typeof RingSummary>

/** The same record as `RingRecord`, read without its hosts. */
export const RingSummaryRecord: RecordKind<RingSummary> = { kind: RingRecord.kind, schema: RingSummary }

function unfolded({ groups, ...rest }: StoredRing): Ring {
  const hosts: Ring['hosts'] = {}
  const packagesByHost: Ring['packagesByHost'] = {}
  for (const { packages, progress, hostIds } of groups)
    for (const hostId of hostIds) {
      hosts[hostId] = progress
      packagesByHost[hostId] = packages
    }
  return { ...rest, hosts, packagesByHost }
}

/** The stored form, with ids and common progress stored once: a ring of 10,000 is read and written in milliseconds. */
function folded({ hosts, packagesByHost, ...rest }: Ring): StoredRing {
  const groups = new Map<string, StoredRing['groups'][number]>()
  const names = new Map<HostProgress, string>()
  for (const [hostId, progress] of Object.entries(hosts)) {
    const packages = ownValue(packagesByHost, hostId) ?? ''
    const name = names.get(progress) ?? canonicalJson(progress)
    names.set(progress, name)
    const key = `${name}${packages}`
    const group = groups.get(key)
    if (group) group.hostIds.push(hostId)
    else groups.set(key, { packages, progress, hostIds: [hostId] })
  }
  const sorted = [...groups].sort(byKey)
  return { ...rest, groups: sorted.map(([, group]) => group) }
}

/** Whether somebody is still to look at the ring: it is open, or nobody told its machine yet that it has ended. */
export const isUnsettled = ({ state, taskToken }: Pick<Ring, 'state' | 'taskToken'>): boolean =>
  state === 'open' || taskToken !== undefined

/** The ledger move that replaces the ring read, with its entry in the list of rings. */
export const ringMove = (read: Stored<Ring> | undefined, ring: Ring): Move => ({
  kind: 'ring',
  key: keys.ring(ring.changeId, ring.name),
  from: read?.version ?? 0,
  value: folded(ring),
  list: { pk: lists.rings, sk: `${isUnsettled(ring) ? 'open' : 'ended'}#${ring.changeId}#${ring.name}` },
})

/** The place and session tags for the commands of a ring. */
export const spokeAccess = ({ changeId, planHash }: Ring, { place }: CommandOut): SpokeAccess | undefined =>
  place && { ...place, changeId, planHash }

export const isFinal = (host: HostProgress) => host.state !== 'waiting' && host.state !== 'sent'
