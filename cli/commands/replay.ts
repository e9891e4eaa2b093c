/** `drydock replay`: decides again from what was stored, and compares byte by byte. */
import { createHash } from 'node:crypto'
import type { Command } from 'commander'
import { PolicyRecord } from '../../functions/catalogue/index.ts'
import {
  ChangeRecord,
  findingIdsOf,
  terminalStates,
  type Urgency,
  type UrgencyStanding,
  urgencyStanding,
} from '../../functions/changes/index.ts'
import { FindingRecord } from '../../functions/finding/index.ts'
import { inParallel } from '../../functions/kit/in-parallel.ts'
import { keys } from '../../functions/kit/keys.ts'
import type { Ledger } from '../../functions/kit/ledger.ts'
import { type Assessment, AssessmentRecord, replay } from '../../functions/risk/index.ts'
import { connect } from '../connection.ts'
import { exitCodes } from '../exit-codes.ts'
import { Ended, print, printJson } from '../output.ts'

/** Records read at a time. */
const readsAtOnce = 50

export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

export function addReplay(program: Command) {
  program
    .command('replay <id>')
    .description(
      'decide a finding, or every finding of a change, again from stored inputs; exits 1 when a byte differs or the change is less urgent than its findings',
    )
    .option('--json', 'one JSON document', false)
    .addHelpText('after', '\nExample: drydock replay 01JD3F7Q4VQ8X2M5N6P7R8S9T0')
    .action(async (id: string, options: { json: boolean }) => {
      const { ledger } = await connect(program.opts<{ stack: string }>().stack)
      const assessments = await assessmentsOf(ledger, id)
      const replays = assessments.map((assessment) => ({ assessment, ...replay(assessment, sha256) }))
      const standing = await standingOn(ledger, id, assessments)
      if (options.json)
        printJson({
          ...(standing ? { change: standing } : {}),
          replays: replays.map(({ assessment, same, got }) => ({
            findingId: assessment.findingId,
            isSame: same,
            winner: assessment.winner,
            losers: assessment.losers,
            sha256: sha256(got),
          })),
        })
      else {
        for (const { assessment, same } of replays) print(describe(assessment, same))
        if (standing) print(describeStanding(standing))
      }
      if (standing && !standing.isHonoured)
        throw new Ended(
          exitCodes.error,
          `change ${id} is less urgent than one of its findings: is assess-finding running?`,
        )
      if (replays.some(({ same }) => !same))
        throw new Ended(exitCodes.error, 'a replayed decision differs from the stored one')
    })
}

async function assessmentsOf(ledger: Ledger, id: string): Promise<Assessment[]> {
  const found: Assessment[] = []
  for await (const page of findingIdsIn(ledger, id)) {
    const read = await inParallel(page, readsAtOnce, (findingId) =>
      ledger.read(AssessmentRecord, keys.assessment(findingId)),
    )
    found.push(...read.flatMap((record) => (record ? [record.value.assessment] : [])))
  }
  if (found.length === 0) throw new Ended(exitCodes.pending, `${id} is not assessed yet`)
  return found
}

async function* findingIdsIn(ledger: Ledger, id: string): AsyncGenerator<readonly string[]> {
  if (id.startsWith('F') && id.length === 26 && !/^[0-9A-Z]{26}$/.test(id)) return yield [id]
  const change = await ledger.read(ChangeRecord, keys.change(id))
  if (!change) throw new Ended(exitCodes.error, `no finding or change ${id}`)
  yield* findingIdsOf(change.value, ledger)
}

/** undefined: the id is a finding's, or the change has ended. */
async function standingOn(ledger: Ledger, id: string, assessments: readonly Assessment[]) {
  const [change, policy] = await Promise.all([
    ledger.read(ChangeRecord, keys.change(id)),
    ledger.read(PolicyRecord, keys.policy()),
  ])
  if (!change || !policy || terminalStates.includes(change.value.state)) return undefined
  const findings = await inParallel(assessments, readsAtOnce, ({ findingId }) =>
    ledger.read(FindingRecord, keys.finding(findingId)),
  )
  const active = assessments.filter((_, index) => findings[index]?.value.status === 'active')
  const { dueAt, priority, class: word, needsForensicTriage } = change.value
  const stands = { ...(dueAt === undefined ? {} : { dueAt }), priority, class: word, needsForensicTriage }
  return { changeId: id, stands, ...urgencyStanding(change.value, active, policy.value) }
}

function describeStanding({ stands, asked, isHonoured }: { readonly stands: Urgency } & UrgencyStanding): string {
  const words = ({ dueAt = 'on system upgrade', priority, class: word, needsForensicTriage }: Urgency) =>
    `${word}, due ${dueAt}, priority ${priority}${needsForensicTriage ? ', forensic triage' : ''}`
  const verdict = isHonoured ? 'as strict as its findings, or stricter' : 'LESS STRICT than its findings'
  return [`change  ${words(stands)}: ${verdict}`, ...(asked ? [`  asked  ${words(asked)}`] : [])].join('\n')
}

function describe(assessment: Assessment, isSame: boolean): string {
  const { findingId, facts, priority } = assessment
  return [
    `${findingId}  ${facts.vulnerabilityId ?? ''}  ${isSame ? 'same bytes' : 'DIFFERENT'}  priority ${priority}`,
    ...describeClocks(assessment),
    ...Object.entries(facts.feeds).map(([feed, { version, date }]) => `  feed   ${feed} ${version} (${date})`),
  ].join('\n')
}

/** The winning clock, the others and the reasons, one per line. */
export function describeClocks({ winner, losers, reasons }: Assessment): string[] {
  const clock = ({ table, tableVersion, row, decision, dueAt }: Assessment['winner']) =>
    `${table} ${tableVersion}${row === undefined ? '' : ` row ${row}`}: ${decision}${dueAt ? `, due ${dueAt}` : ''}`
  return [
    `  wins   ${clock(winner)}`,
    ...losers.map((loser) => `  loses  ${clock(loser)}`),
    ...reasons.map((reason) => `  because ${reason}`),
  ]
}
