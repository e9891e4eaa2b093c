/** `drydock replay`: decides again from what was stored, and compares byte by byte. */
import { createHash } from 'node:crypto'
import type { Command } from 'commander'
import { ChangeRecord } from '../../functions/changes/index.ts'
import { keys } from '../../functions/kit/keys.ts'
import type { Ledger } from '../../functions/kit/ledger.ts'
import { type Assessment, AssessmentRecord, replay } from '../../functions/risk/index.ts'
import { connect } from '../connection.ts'
import { exitCodes } from '../exit-codes.ts'
import { Ended, print, printJson } from '../output.ts'

export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

export function addReplay(program: Command) {
  program
    .command('replay <id>')
    .description(
      'decide a finding, or every finding of a change, again from its stored inputs; exits 1 when a byte differs',
    )
    .option('--json', 'one JSON document', false)
    .addHelpText('after', '\nExample: drydock replay 01JD3F7Q4VQ8X2M5N6P7R8S9T0')
    .action(async (id: string, options: { json: boolean }) => {
      const { ledger } = await connect(program.opts<{ stack: string }>().stack)
      const assessments = await assessmentsOf(ledger, id)
      const replays = assessments.map((assessment) => ({ assessment, ...replay(assessment, sha256) }))
      if (options.json)
        printJson({
          replays: replays.map(({ assessment, same, got }) => ({
            findingId: assessment.findingId,
            isSame: same,
            winner: assessment.winner,
            losers: assessment.losers,
            sha256: sha256(got),
          })),
        })
      else for (const { assessment, same } of replays) print(describe(assessment, same))
      if (replays.some(({ same }) => !same)) throw new Ended(exitCodes.error, 'a decision came out differently')
    })
}

async function assessmentsOf(ledger: Ledger, id: string): Promise<Assessment[]> {
  const findingIds =
    id.startsWith('F') && id.length === 26 && !/^[0-9A-Z]{26}$/.test(id)
      ? [id]
      : (await ledger.read(ChangeRecord, keys.change(id)))?.value.findingIds
  if (!findingIds) throw new Ended(exitCodes.error, `no finding or change ${id}`)
  const read = await Promise.all(
    findingIds.map((findingId) => ledger.read(AssessmentRecord, keys.assessment(findingId))),
  )
  const found = read.flatMap((record) => (record ? [record.value] : []))
  if (found.length === 0) throw new Ended(exitCodes.pending, `${id} is not assessed yet`)
  return found
}

function describe({ findingId, facts, winner, losers, order, reasons }: Assessment, isSame: boolean): string {
  const clock = ({ table, tableVersion, row, decision, dueAt }: Assessment['winner']) =>
    `${table} ${tableVersion}${row === undefined ? '' : ` row ${row}`}: ${decision}${dueAt ? `, due ${dueAt}` : ''}`
  return [
    `${findingId}  ${facts.vulnerabilityId ?? ''}  ${isSame ? 'same bytes' : 'DIFFERENT'}  order ${order}`,
    `  wins   ${clock(winner)}`,
    ...losers.map((loser) => `  loses  ${clock(loser)}`),
    ...reasons.map((reason) => `  because ${reason}`),
    ...Object.entries(facts.feeds).map(([feed, { version, date }]) => `  feed   ${feed} ${version} (${date})`),
  ].join('\n')
}
