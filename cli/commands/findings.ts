/** `drydock findings`: import scanner files, list what is known. */
import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { sqsNudges } from '../../functions/aws/nudges.ts'
import { systemClock, systemIds } from '../../functions/aws/runtime.ts'
import { type Finding, FindingRecord } from '../../functions/finding/index.ts'
import { importText, type NormalisedItem, recordFinding } from '../../functions/intake/index.ts'
import { lists } from '../../functions/kit/keys.ts'
import { connect } from '../connection.ts'
import { exitCodes } from '../exit-codes.ts'
import { Ended, print, printJson, say, table } from '../output.ts'
import { sha256 } from './replay.ts'

export function addFindings(program: Command) {
  const findings = program.command('findings').description('import and list findings')
  findings
    .command('import <file...>')
    .description(
      'take Inspector events and exports, Security Hub ASFF and OCSF, as JSON or JSON Lines; exits 1 when anything was refused',
    )
    .option('--dry-run', 'only show what would be recorded', false)
    .option('--json', 'one JSON document', false)
    .addHelpText('after', '\nExample: drydock findings import inspector-export.json --dry-run --json')
    .action(async (files: string[], options: { dryRun: boolean; json: boolean }) => {
      const items = files.flatMap((file) => readItems(file).map((item) => ({ file, item })))
      if (!options.dryRun)
        await record(
          program.opts<{ stack: string }>().stack,
          items.flatMap(({ item }) => ('finding' in item ? [item.finding] : [])),
        )
      if (options.json) printJson({ items: items.map(({ file, item }) => ({ file, ...item })) })
      else
        print(
          table(
            ['FINDING', 'VULNERABILITY', 'RESOURCE', 'PACKAGES', 'STATUS', 'ROUTE'],
            items.map(({ file, item }) => rowOf(file, item)),
          ),
        )
      const refused = items.filter(({ item }) => 'refused' in item).length
      if (refused > 0) throw new Ended(exitCodes.error, `${refused} of ${items.length} refused`)
    })
  findings
    .command('list', { isDefault: true })
    .description('every finding in the ledger')
    .option('--json', 'one JSON document', false)
    .addHelpText('after', '\nExample: drydock findings list')
    .action(async (options: { json: boolean }) => {
      const { ledger } = await connect(program.opts<{ stack: string }>().stack)
      const all = (await ledger.list(FindingRecord, lists.findings)).map(({ value }) => value)
      if (options.json) printJson({ findings: all })
      else
        print(
          table(
            ['FINDING', 'VULNERABILITY', 'RESOURCE', 'PACKAGES', 'STATUS', 'ROUTE'],
            all.map((finding) => rowOf('', { finding })),
          ),
        )
    })
}

function readItems(file: string): readonly NormalisedItem[] {
  const context = { nowMs: systemClock.nowMs(), digest: sha256 }
  try {
    return importText(readFileSync(file, 'utf8'), context)
  } catch (error) {
    throw new Ended(exitCodes.usage, `${file}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function rowOf(file: string, item: NormalisedItem): string[] {
  if ('refused' in item) return ['refused', item.refused, `${file} ${item.at}`, item.detail, '', '']
  const { finding } = item
  return [
    finding.findingId,
    finding.vulnerabilityId ?? finding.title,
    finding.resource.id,
    finding.packages.map(({ name, fixedVersion }) => `${name}${fixedVersion ? ` -> ${fixedVersion}` : ''}`).join(', '),
    finding.status,
    finding.route,
  ]
}

async function record(stack: string, findings: readonly Finding[]) {
  const { ledger } = await connect(stack)
  const ports = {
    ledger,
    nudges: sqsNudges(),
    clock: systemClock,
    ids: systemIds,
    account: process.env.DRYDOCK_ACCOUNT ?? 'unknown',
  }
  for (const finding of findings) await recordFinding(finding, ports)
  say(`${findings.length} recorded`)
}
