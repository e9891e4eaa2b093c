/** Brings the records of a table to today's shapes, or back, by steps that can be resumed from any point. */
import { counted } from '../kit/display-text.ts'
import { DrydockError } from '../kit/errors.ts'
import { evidenceBy } from '../kit/evidence-by.ts'
import { inChunks } from '../kit/in-chunks.ts'
import { keys } from '../kit/keys.ts'
import type { EvidenceRecord, Ledger, Move, RecordKey, Stored, Transaction } from '../kit/ledger.ts'
import type { Clock, Ids } from '../kit/ports.ts'
import { retried } from '../kit/retried.ts'
import { isoInstant } from '../kit/time.ts'
import {
  changesOfReplacement,
  charactersOfReplacement,
  isKey,
  itemsOfReplacement,
  type Looked,
  lookAt,
  type Replacement,
  replacementOf,
  type Steps,
  type Unreadable,
} from './look-at.ts'
import type { Direction, Migration } from './migration.ts'
import type { LedgerItems } from './ports.ts'
import {
  begunRun,
  endedRun,
  type MigrationRun,
  type Migrations,
  MigrationsRecord,
  pendingOf,
  stepsBackTo,
} from './progress.ts'
import type { SchemaOf } from './schemas.ts'

/** A request to migrate a table, forward or back. */
export interface MigrateLedger {
  /** Undo this step and every later one; absent: apply every missing step. */
  readonly backTo?: string | undefined
  /** Report without writing. */
  readonly isDryRun: boolean
  /** Continue despite open rings. */
  readonly isWhileOpen: boolean
  readonly actor: string
}

/** The ports of a migration: table, ledger, clock and ids, and the steps. */
export interface MigratePorts {
  readonly ledger: Ledger
  readonly items: LedgerItems
  readonly clock: Clock
  readonly ids: Ids
  readonly account: string
  /** Every step, in order of id. */
  readonly migrations: readonly Migration[]
  readonly schemaOf: SchemaOf
}

/** The result of a migration: what was seen, moved and left. */
export interface Migrated extends Looked {
  readonly ids: readonly string[]
  readonly direction: Direction
  readonly isDryRun: boolean
}

/** Records of one page. */
const pageItems = 200

/**
 * Reads every record first, and moves none while rings are open. Each transaction moves records on the
 * condition that nobody moved them since they were read, together with the progress of the run: a crash or another
 * writer costs rereading a page, never a record. Records that the current schemas refuse, and those whose new key is
 * taken, are reported and left alone.
 *
 * @throws DrydockError DD2503 while rings are open, DD2504 when another run is under way, DD2505 for a step that was
 * not applied, DD2506 when others moved the same records at every try.
 */
export async function run(input: MigrateLedger, ports: MigratePorts): Promise<Migrated> {
  const known = await ports.ledger.read(MigrationsRecord, keys.migrations())
  const steps = stepsFor(input, known?.value, ports)
  const looked = await lookAt(ports.items, steps, pageItems)
  const ids = steps.migrations.map(({ id }) => id)
  const answer = { ids, direction: steps.direction, isDryRun: input.isDryRun, ...looked }
  if (input.isDryRun || ids.length === 0) return answer
  const [ring, ...more] = looked.openRings
  if (ring !== undefined && !input.isWhileOpen)
    throw new DrydockError(
      'DD2503',
      `${counted(more.length + 1, 'open ring')} (first ${ring}): pull the stop and wait until they have ended, or give --while-open`,
    )
  const { moved, taken } = await moveAll({ steps, ids, actor: input.actor }, known, ports)
  return { ...answer, moved, unreadable: [...looked.unreadable, ...taken] }
}

function stepsFor(
  { backTo }: MigrateLedger,
  known: Migrations | undefined,
  { migrations: all, schemaOf }: MigratePorts,
): Steps {
  if (backTo === undefined) return { direction: 'up', migrations: pendingOf(known, all), schemaOf }
  const migrations = stepsBackTo(backTo, known, all)
  if (!migrations) throw new DrydockError('DD2505', `this table has not been through ${backTo}; nothing to undo`)
  return { direction: 'down', migrations, schemaOf }
}

interface Running {
  readonly steps: Steps
  readonly ids: readonly string[]
  readonly actor: string
}

/** The progress record as last written; its `run.after` may be ahead of that. */
interface Progress {
  readonly version: number
  readonly value: Migrations & { readonly run: MigrationRun }
}

interface Moved {
  /** Records moved, including those before an interruption. */
  readonly moved: number
  /** Records that stay, because their new key is taken. */
  readonly taken: readonly Unreadable[]
}

async function moveAll(running: Running, known: Stored<Migrations> | undefined, ports: MigratePorts): Promise<Moved> {
  const { steps, ids } = running
  const { direction } = steps
  const begun = begunRun(known?.value, direction, ids, isoInstant(ports.clock.nowMs()))
  const body = { ids, direction }
  let progress: Progress = { version: known?.version ?? 0, value: begun }
  await save(progress, begun, { type: 'ledger.migration-begun', body }, running, ports)
  progress = { version: progress.version + 1, value: begun }
  const taken: Unreadable[] = []
  for (let isLast = false; !isLast; ) {
    const page = await movePage(progress, running, ports)
    taken.push(...page.taken)
    const { run } = page.progress.value
    isLast = page.next === undefined
    progress = { ...page.progress, value: { ...begun, run: page.next ? { ...run, after: page.next } : run } }
  }
  const { moved } = progress.value.run
  const ended = endedRun(progress.value, isoInstant(ports.clock.nowMs()))
  await save(progress, ended, { type: 'ledger.migrated', body: { ...body, moved } }, running, ports)
  return { moved, taken }
}

/** Moves what the steps change on one page, and rereads the page if another writer was faster. */
async function movePage(start: Progress, running: Running, ports: MigratePorts) {
  const { steps, ids } = running
  const from = start.value.run.after
  const what = `a record of the page after ${from ? `${from.pk} / ${from.sk}` : 'the beginning'}`
  const taken: Replacement[] = []
  let progress = start
  const next = await retried({ code: 'DD2506', what, advice: 'run it again' }, async () => {
    const page = await ports.items.page(from, pageItems)
    const replaced = page.items
      .filter(({ key }) => !taken.some((one) => isKey(one.from.key, key)))
      .flatMap((item) => replacementOf(item, steps) ?? [])
    for (const chunk of inChunks(replaced, charactersOfReplacement, itemsOfReplacement)) {
      const run = { ...progress.value.run, moved: progress.value.run.moved + chunk.length }
      const value = { ...progress.value, run, at: isoInstant(ports.clock.nowMs()) }
      const bodyOf = (some: readonly Replacement[]) => ({
        ...{ ids, direction: steps.direction },
        keys: some.map((one) => ({ ...one.from.key })),
      })
      const ofChanges = changesIn(chunk).map(([changeId, some]) => ({ changeId, body: bodyOf(some) }))
      const saved = { type: 'ledger.records-migrated', body: bodyOf(chunk), ofChanges, ...transactionOf(chunk) }
      const conflict = await save(progress, value, saved, running, ports)
      if (conflict) {
        const blocked = chunk.find((one) => isNewKey(conflict, one))
        if (blocked) taken.push(blocked)
        return undefined
      }
      progress = { version: progress.version + 1, value }
    }
    return { after: page.next }
  })
  return { progress, next: next.after, taken: taken.map(takenOf) }
}

/** Whether a replacement was creating this key. */
const isNewKey = (key: RecordKey, { from, to }: Replacement) =>
  !isKey(key, from.key) && to.some((one) => isKey(one.key, key))

const takenOf = ({ from: { key, kind } }: Replacement): Unreadable => ({
  key,
  kind,
  because: 'its new key is already taken by another record',
})

type Saved = Pick<EvidenceRecord, 'type' | 'body'> &
  Partial<Pick<Transaction, 'moves' | 'drops'>> & {
    /** What the leaves of changes say whose own records move: without them their versions would have a gap. */
    readonly ofChanges?: readonly Pick<EvidenceRecord, 'changeId' | 'body'>[]
  }

/** The changes whose own records move, each with what moves of it. */
function changesIn(chunk: readonly Replacement[]): readonly (readonly [string, readonly Replacement[]])[] {
  const changeIds = new Set(chunk.flatMap((one) => [...changesOfReplacement(one)]))
  return [...changeIds].map((id) => [id, chunk.filter((one) => changesOfReplacement(one).has(id))])
}

/**
 * Writes records, progress and leaves in one transaction.
 *
 * @returns the key of a record that has changed since it was read; nothing is written then.
 * @throws DrydockError DD2504 when another run moved the progress.
 */
async function save(
  { version }: Progress,
  value: Migrations,
  { type, body, ofChanges = [], moves = [], drops = [] }: Saved,
  { actor }: Running,
  ports: MigratePorts,
): Promise<RecordKey | undefined> {
  const by = () => evidenceBy(ports, isoInstant(ports.clock.nowMs()), actor)
  const result = await ports.ledger.commit({
    moves: [...moves, { kind: MigrationsRecord.kind, key: keys.migrations(), from: version, value }],
    drops,
    evidence: [{ ...by(), type, changeId: 'none', body }, ...ofChanges.map((one) => ({ ...by(), type, ...one }))],
  })
  if ('committed' in result) return undefined
  if (!isKey(result.conflict, keys.migrations())) return result.conflict
  throw new DrydockError('DD2504', 'another migration of this table is under way; wait for it, then run it again')
}

/** Each record in place, conditional on its version; one with a new key is created there and dropped here. */
function transactionOf(chunk: readonly Replacement[]): { moves: Move[]; drops: NonNullable<Transaction['drops']> } {
  const moves = chunk.flatMap(({ from, to }) =>
    to.map(
      ({ version: _, list, ...item }): Move => ({
        ...item,
        ...(list ? { list } : {}),
        from: isKey(item.key, from.key) ? from.version : 0,
      }),
    ),
  )
  const drops = chunk.flatMap(({ from, to }) =>
    to.some(({ key }) => isKey(key, from.key)) ? [] : [{ key: from.key, from: from.version }],
  )
  return { moves, drops }
}
