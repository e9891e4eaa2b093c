/** Which migrations were applied to a table, and the run under way. */
import * as z from 'zod'
import type { RecordKind } from '../kit/ledger.ts'
import type { Direction, Migration } from './migration.ts'

export const MigrationRun = z.strictObject({
  direction: z.enum(['up', 'down']),
  ids: z.array(z.string()),
  /** The record after which the next page begins; absent: from the beginning. */
  after: z.strictObject({ pk: z.string(), sk: z.string() }).optional(),
  /** Records moved so far. */
  moved: z.number().int().min(0),
  startedAt: z.string(),
})
export type MigrationRun = z.infer<typeof MigrationRun>

/** The migration progress of a table: steps applied, and the run under way. */
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

/** Steps that a table still lacks, in order, including a half-done one. */
export const pendingOf = (known: Pick<Migrations, 'applied'> | undefined, all: readonly Migration[]) =>
  all.filter(({ id }) => !known?.applied.includes(id))

/** Steps to undo for `id`: it and every later one begun; undefined if it was never begun. */
export function stepsBackTo(id: string, known: Migrations | undefined, all: readonly Migration[]) {
  const begun = [...(known?.applied ?? []), ...(known?.run?.ids ?? [])]
  if (!begun.includes(id)) return undefined
  const steps = all.filter((one) => begun.includes(one.id))
  return steps.slice(steps.findIndex((one) => one.id === id))
}

/** The record at the start of a run, which continues an interrupted run of the same kind. */
export function begunRun(known: Migrations | undefined, direction: Direction, ids: readonly string[], at: string) {
  const { applied = [], run } = known ?? {}
  const isSameRun = run?.direction === direction && run.ids.join() === ids.join()
  const begun: MigrationRun = isSameRun ? run : { direction, ids: [...ids], moved: 0, startedAt: at }
  // A step being undone no longer applies to every record.
  const kept = direction === 'down' ? applied.filter((id) => !ids.includes(id)) : applied
  return { schemaVersion: 1, applied: kept, run: begun, at } as const satisfies Migrations
}

/** The record at the end of a run. */
export function endedRun({ applied, run }: Migrations, at: string): Migrations {
  const ids = run?.direction === 'up' ? run.ids : []
  return { schemaVersion: 1, applied: [...new Set([...applied, ...ids])].sort(), at }
}
