/**
 * A plan is a value: what is installed, on which hosts, in which order, under which limits, and how to roll it back.
 */

import * as z from 'zod'
import { Platform } from '../inventory/index.ts'
import type { RecordKind } from '../kit/ledger.ts'
import { tableOf } from '../kit/table.ts'

/** How a host returns: its packages go back, the kernel of before boots again, or not at all. */
export const Rung = z.enum(['package-downgrade', 'previous-kernel', 'none'])
export type Rung = z.infer<typeof Rung>

/** A host of a plan, with its place and position. */
export const PlannedHost = z.strictObject({
  hostId: z.string(),
  /** Which packages of the manifest it may get; absent in plans of version 1, whose packages are for all hosts. */
  platform: Platform.optional(),
  /** How it would return; absent in plans of version 1: as the plan says for all. */
  rung: Rung.optional(),
  /** Where the node is; absent: with the hub. */
  account: z.string().optional(),
  region: z.string().optional(),
  services: z.array(z.string()),
  zone: z.string(),
  /**
   * Position in the ring's order, from 0; the dispatcher never starts a later host before an earlier one that could go.
   */
  order: z.number().int().min(0),
  /** Expected start after the ring opens, from the list schedule. */
  startSeconds: z.number().min(0),
  durationSeconds: z.number().positive(),
})
export type PlannedHost = z.infer<typeof PlannedHost>

/** A ring of a plan with its hosts, soak and failure budget. */
export const PlannedRing = z.strictObject({
  name: z.string(),
  index: z.number().int().min(0),
  hosts: z.array(PlannedHost),
  soakSeconds: z.number().int().min(0),
  isCanary: z.boolean(),
  /** The ring halts at one failed host more than this. */
  failureBudget: z.number().int().min(0),
})
export type PlannedRing = z.infer<typeof PlannedRing>

/**
 * Hosts of a service that may be in work at once, in all and per zone: from minimum healthy, already floored, and the
 * service's own concurrency.
 */
export const ServiceLimit = z.strictObject({
  service: z.string(),
  hosts: z.number().int(),
  minimumHealthy: z.number().int().min(0),
  unavailableMax: z.number().int().min(0),
  unavailableMaxByZone: tableOf(z.number().int().min(0)),
  /** Services that this one depends on, directly or not. */
  dependsOn: z.array(z.string()),
})

/** An SSM document by name, version and the SHA-256 of its content. */
export const DocumentPin = z.strictObject({
  name: z.string(),
  version: z.string(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
})

/**
 * What is installed where, in which rings, and how it would be rolled back; approvers vote on its canonical JSON (RFC
 * 8785).
 */
export const Plan = z.strictObject({
  /** Version 2 names the platform of each package and host; plans of version 1 are read as they stand. */
  schemaVersion: z.literal([1, 2]),
  changeId: z.string(),
  service: z.string(),
  manifest: z.strictObject({
    /** Each platform its own fix: hosts of another platform never get it. No platform: for every host of the plan. */
    packages: z.array(z.strictObject({ name: z.string(), version: z.string(), platform: Platform.optional() })),
    /** Step name to the SSM document that does it, pinned by number and SHA-256. */
    documents: tableOf(DocumentPin),
    /** For Windows nodes: the exact list that the patch baseline installs; its SHA-256 names it in the bucket. */
    overrideList: z.strictObject({ yaml: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/) }).optional(),
  }),
  rings: z.array(PlannedRing),
  limits: z.array(ServiceLimit),
  conflicts: z.array(z.tuple([z.string(), z.string()])),
  concurrencyMax: z.number().int().min(1),
  rebootsMax: z.number().int().min(1),
  /** Hosts of the service that are excluded, each with its reason. */
  excluded: z.array(z.strictObject({ hostId: z.string(), reason: z.string() })),
  /** Services downstream of the hosts in the plan: the blast radius. */
  downstream: z.array(z.string()),
  /** Earliest window in which it fits; absent if any time is allowed. */
  window: z.strictObject({ startsAt: z.string(), endsAt: z.string() }).optional(),
  rollbackPlan: z.strictObject({
    /** Whether the hosts have a way back; each host's own rung stands with it. */
    rung: z.enum(['package-downgrade', 'none']),
    /**
     * The version each host returns to, by host then package; exactly the packages that the plan changes on that host.
     */
    previousVersions: tableOf(tableOf(z.string())),
    author: z.string(),
    /**
     * Who must review it by a vote of their own; absent: the policy asks for none. In plans of version 1 a name, of
     * somebody who was not asked.
     */
    reviewer: z.string().optional(),
    rtoMinutes: z.number().positive(),
  }),
  /** 2.3: a freeze that makes it miss its due date, and the role whose extra vote lets this plan work in it. */
  freeze: z
    .strictObject({
      /** When it could start without the vote; absent: not in sight. */
      until: z.string().optional(),
      breaksDueAt: z.string(),
      overrideRole: z.string().optional(),
    })
    .optional(),
  /** Seconds after its decision for which an approval of this plan counts; absent in plans of version 1: 30 days. */
  approvalValidSeconds: z.number().int().min(60).optional(),
  makespanSeconds: z.number().min(0),
})
export type Plan = z.infer<typeof Plan>

/** A plan in the ledger: one record per hash. */
export const PlanRecord: RecordKind<Plan> = { kind: 'plan', schema: Plan }
