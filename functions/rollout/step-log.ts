/** The execution log: the steps that ended on a host, recorded together once the host's work in the ring is over. */
import * as z from 'zod'
import { keys, lists } from '../kit/keys.ts'
import type { Move, RecordKind, Stored } from '../kit/ledger.ts'
import type { StepEnd } from './step-end.ts'

const StepFields = z.strictObject({
  step: z.string(),
  attempt: z.number().int(),
  commandId: z.string(),
  status: z.string(),
  exitCode: z.number(),
  startedAt: z.string().optional(),
  endedAt: z.string().optional(),
  outputLocation: z.string().optional(),
  outcome: z.string(),
  because: z.string().optional(),
  collected: z.strictObject({ sha256: z.string(), bytes: z.number(), isAttached: z.boolean() }).optional(),
})

/** A step that ended, and when that was recorded (ISO 8601, UTC). */
export const EndedStep = StepFields.extend({ at: z.string() })
/** A step that ended, and when that was recorded. */
export type EndedStep = z.infer<typeof EndedStep>

/** One step that ended on one host: command, status, outcome and times (ISO 8601, UTC). */
export const StepLog = StepFields.extend({ hostId: z.string(), changeId: z.string(), ring: z.string() })
/** One step that ended on one host. */
export type StepLog = z.infer<typeof StepLog>

/** A step, and when its end was recorded. */
export type FoundStep = StepLog & { readonly at: string }

const HostSteps = StepLog.pick({ hostId: true, changeId: true, ring: true }).extend({ steps: z.array(EndedStep) })

/** Steps as a record has them; one of an older Drydock has one, and its instant in its key. */
type LoggedSteps = readonly (StepLog & { readonly at?: string })[]

/** The execution log, one record for a host of a ring. */
export const StepLogRecord: RecordKind<LoggedSteps> = {
  kind: 'step',
  schema: z.union([
    HostSteps.transform(({ steps, ...host }) => steps.map((step) => ({ ...step, ...host }))),
    StepLog.transform((step) => [step]),
  ]),
}

/** The steps of a record: its key begins with the instant of the first, `STEP#<at>#…`. */
export const foundSteps = ({ key, value }: Stored<LoggedSteps>): FoundStep[] =>
  value.map((step) => ({ at: key.sk.split('#')[1] ?? '', ...step }))

/** The steps that ended on a host of a ring whose work there is not over. */
export const stepsOn = (
  { changeId, name }: { readonly changeId: string; readonly name: string },
  hostId: string,
  steps: readonly EndedStep[],
): FoundStep[] => steps.map((step) => ({ ...step, hostId, changeId, ring: name }))

/** The steps that ended on all hosts of a ring whose work there is not over. */
export const stepsInWork = (ring: {
  readonly changeId: string
  readonly name: string
  readonly endedSteps?: Readonly<Record<string, readonly EndedStep[]>> | undefined
}): FoundStep[] => Object.entries(ring.endedSteps ?? {}).flatMap(([hostId, steps]) => stepsOn(ring, hostId, steps))

/** A step's end as it is kept with its host. */
export const endedStep = ({ hostId: _, ...end }: StepEnd, at: string): EndedStep => ({ ...end, at })

/** The record of a host whose work in the ring is over, by when its first step ended. */
export function stepsMove(
  hostId: string,
  steps: readonly EndedStep[],
  { changeId, name }: { readonly changeId: string; readonly name: string },
): Move {
  const at = steps[0]?.at ?? ''
  return {
    kind: StepLogRecord.kind,
    key: keys.step(hostId, at, changeId, `${name}.${steps.length}`),
    from: 0,
    value: { hostId, changeId, ring: name, steps: [...steps] },
    list: { pk: lists.stepsOf(changeId), sk: `${at}#${hostId}#${name}` },
  }
}
