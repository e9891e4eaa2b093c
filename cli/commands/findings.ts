/** `drydock findings`: import scanner files, list known findings. */
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import type { Command } from 'commander'
import { eventBridgeImports } from '../../functions/aws/import-bus.ts'
import { systemClock } from '../../functions/aws/runtime.ts'
import { FindingRecord } from '../../functions/finding/index.ts'
import { importFile, type NormalisedItem, type Refusal } from '../../functions/intake/index.ts'
import { counted } from '../../functions/kit/display-text.ts'
import { lists } from '../../functions/kit/keys.ts'
import { readPage } from '../../functions/kit/list-page.ts'
import { connect } from '../connection.ts'
import { exitCodes } from '../exit-codes.ts'
import { Ended, print, printJson, say, table } from '../output.ts'
import { addPages, nextOf, type PageOptions, sayMore } from '../pages.ts'
import { readText } from '../read-findings.ts'
import { sha256 } from './replay.ts'

export function addFindings(program: Command) {
  const findings = program.command('findings').description('import and list findings')
  findings
    .command('import <file...>')
    .description(
      'send Inspector events and exports, Security Hub ASFF and OCSF (JSON, JSON Lines, gzip) to intake; exits 1 when anything was refused',
    )
    .option('--dry-run', 'show what would be recorded, and send nothing', false)
    .option('--json', 'one JSON document', false)
    .addHelpText('after', '\nExample: drydock findings import inspector-export.json --dry-run --json')
    .action(async (files: string[], options: { dryRun: boolean; json: boolean }) => {
      const read = files.map(readFindings)
      const sent = options.dryRun ? 0 : await send(program.opts<{ stack: string }>().stack, read)
      const items = read.flatMap(({ file, items }) => items.map((item) => ({ file, item })))
      if (options.json) printJson({ items: items.map(({ file, item }) => ({ file, ...item })), sent })
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
  addPages(findings.command('list', { isDefault: true }))
    .description('findings in the ledger, active ones first, a page at a time')
    .option('--json', 'one JSON document', false)
    .addHelpText('after', '\nExample: drydock findings list')
    .action(async ({ json, ...paging }: PageOptions & { json: boolean }) => {
      const { ledger } = await connect(program.opts<{ stack: string }>().stack)
      const found = await readPage(ledger, FindingRecord, lists.findings, paging)
      if (json) return printJson({ findings: found.values, ...nextOf(found) })
      if (found.values.length === 0) return say(found.isFirst ? 'no findings yet' : 'no more findings')
      print(
        table(
          ['FINDING', 'VULNERABILITY', 'RESOURCE', 'PACKAGES', 'STATUS', 'ROUTE'],
          found.values.map((finding) => rowOf('', { finding })),
        ),
      )
      sayMore(found)
    })
}

interface ReadFile {
  readonly file: string
  readonly items: readonly NormalisedItem[]
  /** The records that hold findings, packed into events. */
  readonly details: readonly string[]
}

/** A file's findings, and a refusal with its reason for everything else, the file itself included. */
export function readFindings(file: string): ReadFile {
  const context = { nowMs: systemClock.nowMs(), digest: sha256 }
  const refused = (error: unknown): Refusal => ({
    refused: 'NOT_JSON',
    detail: error instanceof Error ? error.message : String(error),
    at: '$',
  })
  try {
    const { items, details } = importFile(readText(file), context)
    return { file, items, details }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code !== undefined && String(error.code).startsWith('E'))
      throw new Ended(exitCodes.usage, `${file}: ${error.message}`)
    return { file, items: [refused(error)], details: [] }
  }
}

/** By the event bus, like a scanner's own event: intake decides, and files what it decided. */
async function send(stack: string, read: readonly ReadFile[]): Promise<number> {
  const findings = read.flatMap(({ items }) => items.filter((item) => 'finding' in item)).length
  const { isLocal, client } = await connect(stack)
  await eventBridgeImports(new EventBridgeClient(client())).publish(read.flatMap(({ details }) => details))
  say(
    `${counted(findings, 'finding')} sent to intake${isLocal ? ' of the local cloud' : ''}; "drydock findings list" shows what was recorded`,
  )
  return findings
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
