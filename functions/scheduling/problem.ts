/** A planning problem and its solution: the interface that any planner fills. */

import * as z from 'zod'
import { tableOf } from '../kit/table.ts'

/** Hosts with durations, dependencies and limits that are to be ordered in time. */
export const PlanningProblem = z.strictObject({
  hosts: z.array(
    z.strictObject({
      id: z.string(),
      services: z.array(z.string()).min(1).max(3),
      zone: z.string(),
      site: z.string().default('default'),
      ring: z.string(),
      durationSeconds: z.number().positive(),
      bytes: z.number().min(0).default(0),
      dueSeconds: z.number().optional(),
    }),
  ),
  services: z.array(
    z.strictObject({
      id: z.string(),
      maxUnavailable: z.number().int().min(0),
      /** One number for every zone, or one for each; a zone that is not named may not be touched. */
      maxUnavailablePerZone: z.union([z.number().int().min(0), tableOf(z.number().int().min(0))]).optional(),
      dependsOn: z.array(z.string()).default([]),
      windows: z.array(z.strictObject({ startSeconds: z.number(), endSeconds: z.number() })).optional(),
    }),
  ),
  conflicts: z.array(z.tuple([z.string(), z.string()])).default([]),
  /** By site. Downloads run ahead of their slots, one after the other; a host may start once its own is there. */
  bandwidthBytesPerSecond: tableOf(z.number().min(0)).default({}),
  concurrency: z.number().int().min(0),
  /** Each host reboots once in its slot, so two starts are at least the inverse of this apart. */
  rebootsPerSecond: z.number().positive().optional(),
})
export type PlanningProblem = z.infer<typeof PlanningProblem>

/** A start in seconds for each host, or what makes that impossible and whom it concerns. */
export type Schedule =
  | { readonly start: Readonly<Record<string, number>>; readonly makespanSeconds: number }
  | { readonly infeasible: string; readonly names: readonly string[] }
