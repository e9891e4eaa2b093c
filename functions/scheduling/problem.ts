/** A planning problem and its solution: the interface that any planner fills. */

import * as z from 'zod'
import { tableOf } from '../kit/table.ts'

/** Seconds from the beginning up to which instants are exact: some 272 years. No plan ends later. */
export const horizonSeconds = 2 ** 33

/** A number whose faults all read alike: the value, and what it should have been. */
const numberThat = (is: string, holds: (value: number) => boolean) => {
  const error = ({ input }: { readonly input?: unknown }) =>
    `${typeof input === 'number' ? input : JSON.stringify(input)} is not ${is}`
  return z.number({ error }).refine(holds, { error })
}
const duration = numberThat(
  'a duration: more than 0 and at most 2^33 s',
  (value) => value > 0 && value <= horizonSeconds,
)
const instant = numberThat(
  'an instant: at most 2^53 - 1 s from the beginning, before or behind it',
  (value) => Math.abs(value) <= Number.MAX_SAFE_INTEGER,
)
const count = numberThat(
  'a number of hosts: whole, from 0 to 2^53 - 1',
  (value) => value >= 0 && Number.isSafeInteger(value),
)
const bytes = numberThat(
  'a number of bytes: from 0 to 2^53 - 1',
  (value) => value >= 0 && value <= Number.MAX_SAFE_INTEGER,
)
const reboots = numberThat(
  'a number of reboots a second: at least one in 2^33 s, at most 2^53 - 1',
  (value) => value >= 1 / horizonSeconds && value <= Number.MAX_SAFE_INTEGER,
)

/** Hosts with durations, dependencies and limits that are to be ordered in time. */
export const PlanningProblem = z.strictObject({
  hosts: z.array(
    z.strictObject({
      id: z.string(),
      services: z.array(z.string()).min(1).max(3),
      zone: z.string(),
      site: z.string().default('default'),
      ring: z.string(),
      durationSeconds: duration,
      bytes: bytes.default(0),
      dueSeconds: instant.optional(),
    }),
  ),
  services: z.array(
    z.strictObject({
      id: z.string(),
      maxUnavailable: count,
      /** One number for every zone, or one for each; a zone that is not named may not be touched. */
      maxUnavailablePerZone: z
        .union([count, tableOf(count)], {
          error: ({ input }) =>
            `${JSON.stringify(input)} is neither a number of hosts (whole, from 0 to 2^53 - 1) nor one for each zone`,
        })
        .optional(),
      dependsOn: z.array(z.string()).default([]),
      windows: z.array(z.strictObject({ startSeconds: instant, endSeconds: instant })).optional(),
    }),
  ),
  conflicts: z.array(z.tuple([z.string(), z.string()])).default([]),
  /** By site. Downloads run ahead of their slots, one after the other; a host may start once its own is there. */
  bandwidthBytesPerSecond: tableOf(bytes).default({}),
  concurrency: count,
  /** Each host reboots once in its slot, so two starts are at least the inverse of this apart. */
  rebootsPerSecond: reboots.optional(),
})
export type PlanningProblem = z.infer<typeof PlanningProblem>

/** Why no schedule exists, as a proof, and whom it concerns. */
export interface Infeasible {
  readonly infeasible: string
  readonly names: readonly string[]
}

/** The search ended without a schedule, and nothing proves that there is none. */
export interface NoPlanFound {
  readonly noPlanFound: string
  readonly names: readonly string[]
}

/** A start in seconds for each host, or why there is none. */
export type Schedule =
  | { readonly start: Readonly<Record<string, number>>; readonly makespanSeconds: number }
  | Infeasible
  | NoPlanFound
