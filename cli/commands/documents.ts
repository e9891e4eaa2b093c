/** `drydock documents`: what a document would run on a host, to be read and rehearsed before anybody votes. */
import { createHash } from 'node:crypto'
import { type Command, Option } from 'commander'
import { type CommandDocument, documentContent, documentNames } from '../../documents/index.ts'
import { asProgram, parameterFaults, renderDocument } from '../../documents/render.ts'
import { windowsDocuments } from '../../documents/windows.ts'
import { exitCodes } from '../exit-codes.ts'
import { Ended, printExact, printJson } from '../output.ts'

/** Ids of a rehearsal: no change and no intent has them. */
const rehearsalId = (last: string) => `01J00000000000000REHEARSA${last}`

interface Options {
  readonly package: readonly string[]
  readonly platform: 'Linux' | 'Windows'
  readonly change: string
  readonly intent: string
  readonly overrideSha256: string
  readonly bucket: string
  readonly region: string
  readonly json: boolean
}

const each = (item: string, before: readonly string[]) => [...before, item]

/** Adds the verb to the command. */
export function addDocuments(program: Command) {
  program
    .command('documents')
    .description('the SSM documents that run on hosts')
    .command('render <document>')
    .description('what would run on a host, as SSM Agent would run it; needs no AWS')
    .option('--package <name=version>', 'a package, or a Windows update as KB5034127=installed; repeatable', each, [])
    .addOption(new Option('--platform <platform>', "in SSM's words").choices(['Linux', 'Windows']).default('Linux'))
    .option('--change <ulid>', 'the change', rehearsalId('C'))
    .option('--intent <ulid>', 'the intent', rehearsalId('N'))
    .option('--override-sha256 <sha256>', 'Windows: digest of the override list', '0'.repeat(64))
    .option('--bucket <name>', 'Windows: where override lists are', 'OVERRIDES-BUCKET')
    .option('--region <region>', "Windows: the bucket's region", 'eu-central-1')
    .option('--json', 'one JSON document', false)
    .addHelpText('after', '\nExample: drydock documents render Drydock-Install --package snapd=2.63+22.04ubuntu0.1')
    .action((name: string, options: Options) => render(name, options))
}

function render(name: string, options: Options) {
  const document = documentOf(name, options)
  const { platform } = options
  const given = new Map([
    ['changeId', options.change],
    ['intentId', options.intent],
    ['packages', options.package.join(' ')],
    ['overrideKey', `overrides/${options.overrideSha256}.yaml`],
    ['overrideSha256', options.overrideSha256],
  ])
  const values = Object.fromEntries(Object.keys(document.parameters).map((key) => [key, given.get(key) ?? '']))
  const faults = parameterFaults(document, values)
  if (faults.length > 0) throw new Ended(exitCodes.usage, `SSM would refuse this: ${faults.join('; ')}`)
  const rendered = renderDocument(document, values, platform)
  const sha256 = createHash('sha256').update(JSON.stringify(document)).digest('hex')
  if (options.json) return printJson({ document: name, sha256, platform, ...rendered })
  printExact(asProgram(rendered, platform))
}

function documentOf(name: string, { bucket, region }: Options): CommandDocument {
  const linux = documentNames.find((one) => one === name)
  if (linux) return documentContent(linux)
  const windows = windowsDocuments({ bucket, region })
  const found = new Map(Object.entries(windows)).get(name)
  if (found) return found
  throw new Ended(
    exitCodes.usage,
    `there is no document ${name}; there are ${[...documentNames, ...Object.keys(windows)].join(', ')}`,
  )
}
