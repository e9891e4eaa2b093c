/** `drydock migrate`: brings the records of the hub's table to today's shapes, or takes a step back. */
import type { Command } from 'commander'
import { type Migrated, migrateLedger, migrations, ownerSchemas } from '../../functions/migrations/index.ts'
import { connect } from '../connection.ts'
import { exitCodes } from '../exit-codes.ts'
import { ledgerItems, movePorts } from '../hub-ports.ts'
import { Ended, print, printJson } from '../output.ts'

interface Options {
  readonly dryRun: boolean
  readonly back?: string
  readonly whileOpen: boolean
  readonly as: string
  readonly json: boolean
}

/** Adds the verb. */
export function addMigrate(program: Command) {
  program
    .command('migrate')
    .description(
      'bring the records that an older Drydock wrote to the shapes of this one; exits 1 when some cannot be read',
    )
    .option('--dry-run', 'report what would move and write nothing', false)
    .option('--back <id>', 'undo this step and every later one')
    .option('--while-open', 'migrate even while rings are open', false)
    .requiredOption('--as <person>', 'your id in the catalogue, kept in evidence')
    .option('--json', 'one JSON document', false)
    .addHelpText('after', '\nExample: drydock migrate --dry-run --as sven')
    .action(async ({ dryRun, back, whileOpen, as: actor, json }: Options) => {
      const connection = await connect(program.opts<{ stack: string }>().stack)
      const done = await migrateLedger(
        { backTo: back, isDryRun: dryRun, isWhileOpen: whileOpen, actor },
        {
          ...movePorts(connection),
          items: ledgerItems(connection),
          migrations,
          schemaOf: ownerSchemas,
        },
      )
      if (json) printJson({ migration: done })
      else print(inWords(done))
      if (done.unreadable.length > 0)
        throw new Ended(
          exitCodes.error,
          `${done.unreadable.length} of ${done.seen} records cannot be read; left unchanged`,
        )
    })
}

const verbOf = ({ isDryRun, direction }: Migrated) =>
  isDryRun ? (direction === 'up' ? 'would move' : 'would go back') : direction === 'up' ? 'moved' : 'went back'

/** The text of what a migration did, or would do. */
export function inWords(done: Migrated): string {
  const { ids, seen, moved, unreadable, openRings, isDryRun } = done
  const steps = ids.length === 0 ? 'no step is due' : `steps ${ids.join(', ')}`
  return [
    `${steps}: ${moved} of ${seen} records ${ids.length === 0 ? 'moved' : verbOf(done)}`,
    ...(isDryRun && openRings.length > 0 ? [`open rings block the migration: ${openRings.join(', ')}`] : []),
    ...unreadable.map(({ key, kind, because }) => `cannot read ${kind} ${key.pk} / ${key.sk}: ${because}`),
  ].join('\n')
}
