/** A ring in work: where each of its hosts stands, and which commands are out. */
import * as z from 'zod'
import { keys, lists } from '../kit/keys.ts'
import type { Move, RecordKind, Stored } from '../kit/ledger.ts'
import type { Reach } from './ports.ts'

export const stepNames = ['precheck', 'restore-point', 'install', 'reboot', 'verify', 'collect', 'rollback'] as const
export const StepName = z.enum(stepNames)
export type StepName = z.infer<typeof StepName>

/** Order of the steps on a host, by what the ring is for. */
export const stepsOf = {
  patch: ['precheck', 'restore-point', 'install', 'reboot', 'verify'],
  rollback: ['collect', 'rollback', 'reboot', 'verify'],
} as const satisfies Record<string, readonly StepName[]>

export const HostProgress = z.strictObject({
  step: StepName,
  /** `waiting` for its turn at the step; `sent`: a command is out; the others are final. */
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
})
export type HostProgress = z.infer<typeof HostProgress>

export const CommandOut = z.strictObject({
  step: StepName,
  hostIds: z.array(z.string()),
  packages: z.string(),
  /** Account and region of the hosts; absent: the hub's own. */
  place: z.strictObject({ account: z.string(), region: z.string() }).optional(),
  intendedAtMs: z.number(),
  deadlineMs: z.number(),
  commandId: z.string().optional(),
})
export type CommandOut = z.infer<typeof CommandOut>

/** DynamoDB's 400 KB item limit, at about 350 bytes a host. */
export const ringHostsMax = 1_000

export const Ring = z.strictObject({
  changeId: z.string(),
  name: z.string(),
  mode: z.enum(['patch', 'rollback']),
  planHash: z.string(),
  state: z.enum(['open', 'succeeded', 'failed', 'halted', 'stopped']),
  because: z.string().optional(),
  taskToken: z.string().optional(),
  openedAt: z.string(),
  endedAt: z.string().optional(),
  rtoDeadlineAt: z.string().optional(),
  failureBudget: z.number().int().min(0),
  /** Packages to reach on a host, as `name=version` items: the manifest, or the host's previous versions in a rollback. */
  packagesByHost: z.record(z.string(), z.string()),
  hosts: z.record(z.string(), HostProgress),
  commands: z.record(z.string(), CommandOut),
  sweepDueAtMs: z.number().optional(),
})
export type Ring = z.infer<typeof Ring>

export const RingRecord: RecordKind<Ring> = { kind: 'ring', schema: Ring }

export const ringMove = (read: Stored<Ring> | undefined, ring: Ring): Move => ({
  kind: 'ring',
  key: keys.ring(ring.changeId, ring.name),
  from: read?.version ?? 0,
  value: ring,
  list: { pk: lists.rings, sk: `${ring.state === 'open' ? 'open' : 'ended'}#${ring.changeId}#${ring.name}` },
})

/** How the commands of a ring get to where its hosts are. */
export const reachOf = ({ changeId, planHash }: Ring, { place }: CommandOut): Reach | undefined =>
  place && { ...place, changeId, planHash }

export const isFinal = (host: HostProgress) => host.state !== 'waiting' && host.state !== 'sent'
