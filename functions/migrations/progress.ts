/** Which migrations a table has been through, and the run that is under way. */
import * as z from 'zod'
import type { RecordKind } from '../kit/ledger.ts'
import type { Direction, Migration } from './migration.ts'

export const MigrationRun = z.strictObject({
  direction: z.enum(['up', 'down']),
  ids: z.array(z.string()),
  /** After which record the next page begins; absent: at the beginning. */
  after: z.strictObject({ pk: z.string(), sk: z.string() }).optional(),
  /** Records moved so far. */
  moved: z.number().int().min(0),
  startedAt: z.string(),
})
export type MigrationRun = z.infer<typeof MigrationRun>

export const Migrations = z.strictObject({
  schemaVersion: z.literal(1),
  /** Ids of the steps that every record has been through. */
  applied: z.array(z.string()),
  run: MigrationRun.optional(),
  /** When it last moved, ISO 8601 UTC. */
  at: z.string(),
})
export type Migrations = z.infer<typeof Migrations>

/** Under `keys.migrations`; absent where the table was never migrated. */
export const MigrationsRecord: RecordKind<Migrations> = { kind: 'migrations', schema: Migrations }

/** Steps that a table still lacks, in order; a step that is half done is one of them. */
export const pendingOf = (known: Pick<Migrations, 'applied'> | undefined, all: readonly Migration[]) =>
  all.filter(({ id }) => !known?.applied.includes(id))

/** Steps to take back so that `id` has never been: it and every later one that was begun; undefined where it was not. */
export function stepsBackTo(id: string, known: Migrations | undefined, all: readonly Migration[]) {
  const begun = [...(known?.applied ?? []), ...(known?.run?.ids ?? [])]
  if (!begun.includes(id)) return undefined
  const steps = all.filter((one) => begun.includes(one.id))
  return steps.slice(steps.findIndex((one) => one.id === id))
}

/** The record as a run begins: it goes on where the same run was cut off. */
export function begunRun(known: Migrations | undefined, direction: Direction, ids: readonly string[], at: string) {
  const { applied = [], run } = known ?? {}
  const isSameRun = run?.direction === direction && run.ids.join() === ids.join()
  const begun: MigrationRun = isSameRun ? run : { direction, ids: [...ids], moved: 0, startedAt: at }
  // What is being taken back does not stand for every record any more.
  const kept = direction === 'down' ? applied.filter((id) => !ids.includes(id)) : applied
  return { schemaVersion: 1, applied: kept, run: begun, at } as const satisfies Migrations
}

/** The record as a run ends. */
export function endedRun({ applied, run }: Migrations, at: string): Migrations {
  const ids = run?.direction === 'up' ? run.ids : []
  return { schemaVersion: 1, applied: [...new Set([...applied, ...ids])].sort(), at }
}
