/** What the path of a vulnerability reads of the bodies of leaves, each by its type; what is not told is left out. */
import * as z from 'zod'
import { tableOf } from '../kit/table.ts'

export const Joined = z.looseObject({
  event: z.looseObject({
    findingId: z.string(),
    vulnerabilityIds: z.array(z.string()),
    packages: z.array(z.looseObject({ name: z.string(), fixedVersion: z.string() })).default([]),
    reasons: z.array(z.string()).default([]),
  }),
})
export const Recorded = z.looseObject({
  vulnerabilityId: z.string(),
  resource: z.looseObject({ id: z.string() }),
  severity: z.string().default(''),
  status: z.string().default(''),
})
const Winner = z.looseObject({
  table: z.string(),
  row: z.number().optional(),
  decision: z.string(),
  dueAt: z.string().optional(),
})
export const Assessed = z.looseObject({
  findingId: z.string(),
  dueAt: z.string().nullish(),
  winner: Winner.nullish(),
})
/** What a leaf says beside its own event: that the finding was recorded, and how it was decided. */
export const Decided = z.looseObject({
  finding: z.unknown().optional(),
  assessment: z.looseObject({ findingId: z.string(), winner: Winner }).optional(),
})
export const Planned = z.looseObject({
  planHash: z.string(),
  plan: z.looseObject({
    rings: z.array(
      z.looseObject({
        name: z.string(),
        /** A number where the plan stands beside the leaf, under its hash. */
        hosts: z.array(z.looseObject({ hostId: z.string() })).or(z.number()),
      }),
    ),
  }),
})
export const Cast = z.looseObject({ choice: z.string(), via: z.string().default(''), planHash: z.string() })
export const Rollout = z.looseObject({
  mode: z.string().default('patch'),
  ring: z.string(),
  detail: z.looseObject({
    ended: z
      .array(
        z.looseObject({
          hostId: z.string(),
          step: z.string(),
          outcome: z.string(),
          commandId: z.string().optional(),
          exitCode: z.number().optional(),
          because: z.string().optional(),
        }),
      )
      .default([]),
    intents: z
      .array(z.looseObject({ intentId: z.string(), hostIds: z.array(z.string()), step: z.string() }))
      .default([]),
    sent: tableOf(z.string()).default({}),
  }),
})
export const Validated = z.looseObject({
  ring: z.string(),
  verdict: z.string().optional(),
  because: z.string().optional(),
})
export const RolledBack = z.looseObject({ hosts: z.array(z.string()), reason: z.string() })
export const Moved = z.looseObject({
  state: z.string(),
  event: z.looseObject({
    type: z.string(),
    ring: z.string().optional(),
    because: z.string().optional(),
    outcome: z.string().optional(),
    quarantined: z.array(z.unknown()).optional(),
  }),
})
