/** `drydock changes`: what is open, what it waits for, and the moves that only a person makes. */
import { SFNClient } from '@aws-sdk/client-sfn'
import type { Command } from 'commander'
import { sfnChangeDriver } from '../../functions/aws/change-driver.ts'
import { Settings } from '../../functions/aws/configuration.ts'
import { systemClock } from '../../functions/aws/runtime.ts'
import {
  type Change,
  ChangeRecord,
  holdEndInWords,
  holdsOf,
  type MovePorts,
  moveRecordedChange,
  namedVulnerabilities,
  replanChange,
  startDriver,
} from '../../functions/changes/index.ts'
import { heldChange } from '../../functions/driver/index.ts'
import { excerpt } from '../../functions/kit/display-text.ts'
import { keys, lists } from '../../functions/kit/keys.ts'
import { readPage } from '../../functions/kit/list-page.ts'
import { isoInstant } from '../../functions/kit/time.ts'
import { type Connection, connect } from '../connection.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { movePorts } from '../hub-ports.ts'
import { Ended, print, printJson, say, table } from '../output.ts'
import { addPages, nextOf, type PageOptions, sayMore } from '../pages.ts'

export function addChanges(program: Command) {
  const changes = program.command('changes').description('list, show, release, replan and cancel changes')
  addPages(changes.command('list', { isDefault: true }))
    .description('changes, open ones first, the newest of each first, a page at a time')
    .option('--json', 'one JSON document')
    .addHelpText('after', '\nExample: drydock changes list --json')
    .action(async ({ json, ...paging }: PageOptions & { json?: boolean }) => {
      const { ledger } = await connect(program.opts<{ stack: string }>().stack)
      const found = await readPage(ledger, ChangeRecord, lists.changes, { ...paging, newestFirst: true })
      if (json) return printJson({ changes: found.values, ...nextOf(found) })
      if (found.values.length === 0) return say(found.isFirst ? 'no changes yet' : 'no more changes')
      print(table(['CHANGE', 'SERVICE', 'CLASS', 'STATE', 'DUE', 'PRIORITY', 'NOTE'], found.values.map(rowOf)))
      sayMore(found)
    })
  changes
    .command('show <change>')
    .description('one change; exits 2 while it is open, 5 when rolled back, 6 when held, 4 when refused or expired')
    .option('--json', 'one JSON document')
    .addHelpText('after', '\nExample: drydock changes show 01JD3F7Q4VQ8X2M5N6P7R8S9T0')
    .action(async (changeId: string, options: { json?: boolean }) => {
      const { ledger } = await connect(program.opts<{ stack: string }>().stack)
      const read = await ledger.read(ChangeRecord, keys.change(changeId))
      if (!read) throw new Ended(exitCodes.error, `no change ${changeId}`)
      const now = isoInstant(systemClock.nowMs())
      const held = read.value.state === 'held' ? { held: heldChange(read.value, now) } : {}
      if (options.json) printJson({ change: read.value, ...held })
      else print(describe(read.value, now))
      throw new Ended(codeOf(read.value))
    })
  addMove(program, changes, 'release', 'let a held change continue', (_, changeId, ports, by) =>
    moveRecordedChange(changeId, { type: 'released' }, ports, by),
  )
  addMove(
    program,
    changes,
    'replan',
    'plan an expired, rejected, held or refused change again, and ask for votes',
    (because, changeId, ports, by) => replanChange(changeId, because, ports, by),
  )
  addMove(program, changes, 'cancel', 'end a change that has not started', (because, changeId, ports, by) =>
    moveRecordedChange(changeId, { type: 'cancelled', because }, ports, by),
  )
}

type Move = (
  because: string,
  changeId: string,
  ports: MovePorts,
  by: string,
) => Promise<{ readonly change: Change } | { readonly refused: string }>

function addMove(program: Command, changes: Command, verb: string, description: string, move: Move) {
  changes
    .command(`${verb} <change>`)
    .description(description)
    .requiredOption('--because <text>', 'the reason, kept in evidence')
    .requiredOption('--as <person>', 'your id in the catalogue, kept in evidence')
    .option('--json', 'one JSON document', false)
    .addHelpText(
      'after',
      `\nExample: drydock changes ${verb} 01JD3F7Q4VQ8X2M5N6P7R8S9T0 --because "cleared with finance" --as chloe`,
    )
    .action(async (changeId: string, options: { because: string; as: string; json: boolean }) => {
      const connection = await connect(program.opts<{ stack: string }>().stack)
      const ports = { ...movePorts(connection), driver: driverOf(connection) }
      const result = await move(options.because, changeId, ports, options.as)
      if ('refused' in result) throw new Ended(exitCodes.policy, `refused: ${result.refused}`)
      await startDriver(result.change.changeId, { because: `${verb} by ${options.as}`, isReplaced: true }, ports)
      if (options.json) return printJson({ change: result.change })
      say(`${result.change.changeId} is now ${result.change.state}`)
    })
}

/** Starts drivers of the hub's changes. */
const driverOf = ({ client, configuration }: Connection) =>
  sfnChangeDriver(configuration(Settings.pick({ changeMachineArn: true })).changeMachineArn, new SFNClient(client()))

const rowOf = (change: Change) => [
  change.changeId,
  change.service,
  change.class,
  change.state,
  change.dueAt ?? '-',
  String(change.priority),
  excerpt(`${heldNote(change)}${change.heldBecause ?? change.outcome ?? ''}`) ||
    (change.reassessedAt ? `more urgent since ${change.reassessedAt}` : ''),
]

/** What holds the change, what ends each hold, and how long it has been held. */
function heldLines(change: Change, now: string): string[][] {
  if (change.state !== 'held') return []
  const { holds, heldMinutes } = heldChange(change, now)
  return [
    ['held for', `${heldMinutes} ${heldMinutes === 1 ? 'minute' : 'minutes'}`],
    ...holds.map(({ gate, because, ends }) => ['held by', `${gate}: ${because} (ends ${ends})`]),
  ]
}

/** The note of a held change begins with what ends its hold, which is what people look for. */
function heldNote(change: Change): string {
  if (change.state !== 'held') return ''
  return [...new Set(holdsOf(change).map(({ endedBy }) => `ends ${holdEndInWords(endedBy)}`))].join(', ').concat(': ')
}

function describe(change: Change, now: string): string {
  const lines = [
    ['change', change.changeId],
    ['service', change.service],
    ['state', change.state],
    ...heldLines(change, now),
    ['class', change.class],
    ['due', change.dueAt ?? 'on system upgrade'],
    ...(change.deferred && change.dueAt === undefined
      ? [['deferred', `until ${change.deferred.until}: ${change.deferred.because}`]]
      : []),
    ['priority', `${change.priority} of 100`],
    ['forensic triage', change.needsForensicTriage ? 'needed' : 'not asked for'],
    ['reassessed', change.reassessedAt ? `more urgent since ${change.reassessedAt}` : 'never'],
    ['vulnerabilities', namedVulnerabilities(change).join(', ')],
    ['packages', change.packages.map(({ name, fixedVersion }) => `${name} ${fixedVersion}`).join(', ')],
    ['rings done', change.ringsDone.join(', ') || 'none'],
    ['quarantined', change.quarantined.map(({ hostId, reason }) => `${hostId} (${reason})`).join(', ') || 'none'],
    ['plan hash', change.planHash ?? 'not planned'],
    ['outcome', change.outcome ?? '-'],
    ...change.reasons.map((reason, index) => [index === 0 ? 'because' : '', reason]),
  ]
  return lines.map(([label = '', text = '']) => `${label.padEnd(16)}${text}`).join('\n')
}

/** The exit code for the state of a change. */
export function codeOf(change: Pick<Change, 'state'>): ExitCode {
  if (change.state === 'closed') return exitCodes.ok
  if (change.state === 'rolled-back') return exitCodes.rolledBack
  if (change.state === 'held') return exitCodes.held
  if (change.state === 'rejected' || change.state === 'expired') return exitCodes.approvalRefused
  return change.state === 'cancelled' || change.state === 'superseded' ? exitCodes.policy : exitCodes.pending
}
