/** The part of the Amazon States Language that our machines use, as the runner reads it. */

import * as z from 'zod'
import { tableOf } from '../../functions/kit/table.ts'

const names = z.array(z.string())
/** An object whose texts may be `{% expressions %}`. */
export const Template = tableOf(z.unknown())
const Retrier = z.looseObject({
  ErrorEquals: names,
  IntervalSeconds: z.number().default(1),
  MaxAttempts: z.number().default(3),
  BackoffRate: z.number().default(2),
})
const Catcher = z.looseObject({
  ErrorEquals: names,
  Next: z.string(),
  Output: z.unknown().optional(),
  Assign: Template.optional(),
})
export const State = z.looseObject({
  Type: z.enum(['Task', 'Choice', 'Wait', 'Pass', 'Succeed', 'Fail']),
  QueryLanguage: z.enum(['JSONata', 'JSONPath']).optional(),
  Resource: z.string().optional(),
  Arguments: z.unknown().optional(),
  Output: z.unknown().optional(),
  Assign: Template.optional(),
  Choices: z
    .array(
      z.looseObject({
        Condition: z.string(),
        Next: z.string(),
        Output: z.unknown().optional(),
        Assign: Template.optional(),
      }),
    )
    .optional(),
  Default: z.string().optional(),
  Seconds: z.union([z.number(), z.string()]).optional(),
  SecondsPath: z.string().optional(),
  TimeoutSeconds: z.union([z.number(), z.string()]).optional(),
  HeartbeatSeconds: z.number().optional(),
  Retry: z.array(Retrier).default([]),
  Catch: z.array(Catcher).default([]),
  Error: z.string().optional(),
  Cause: z.string().optional(),
  Next: z.string().optional(),
  End: z.boolean().optional(),
})
export type State = z.infer<typeof State>
export const Machine = z.looseObject({
  QueryLanguage: z.enum(['JSONata', 'JSONPath']).default('JSONPath'),
  StartAt: z.string(),
  States: tableOf(State),
})
export type Machine = z.infer<typeof Machine>
