/** `drydock catalogue`: check and load an organisation's description of itself. */
import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { systemClock } from '../../functions/aws/runtime.ts'
import {
  type Catalogue,
  CatalogueRecord,
  type Closures,
  checkPolicyAgainstCatalogue,
  loadCatalogue,
  loadPolicy,
  nextClosuresOf,
  type Policy,
  PolicyRecord,
  type Problem,
} from '../../functions/catalogue/index.ts'
import { AssetRecord } from '../../functions/inventory/index.ts'
import { evidenceBy } from '../../functions/kit/evidence-by.ts'
import { canonicalJson } from '../../functions/kit/json.ts'
import { keys, lists } from '../../functions/kit/keys.ts'
import { readPage } from '../../functions/kit/list-page.ts'
import { isoInstant } from '../../functions/kit/time.ts'
import { connect } from '../connection.ts'
import { exitCodes } from '../exit-codes.ts'
import { movePorts } from '../hub-ports.ts'
import { Ended, print, printJson, say, table } from '../output.ts'
import { addPages, nextOf, type PageOptions, sayMore } from '../pages.ts'
import { sha256 } from './replay.ts'

export function addCatalogue(program: Command) {
  const catalogue = program
    .command('catalogue')
    .description('check and load the catalogue and the policy; show services and nodes')
  catalogue
    .command('check <catalogue> <policy>')
    .description(
      'check both files and show when calendars close next; exits 3 with line numbers when something is wrong',
    )
    .option('--json', 'one JSON document', false)
    .addHelpText('after', '\nExample: drydock catalogue check catalogue.yaml policy.yaml')
    .action(checkFiles)
  catalogue
    .command('load <catalogue> <policy>')
    .description('check both files and put them in force')
    .requiredOption('--as <person>', 'your id in the catalogue, kept in evidence')
    .option('--json', 'one JSON document', false)
    .addHelpText('after', '\nExample: drydock catalogue load catalogue.yaml policy.yaml --as chloe')
    .action(async (catalogueFile: string, policyFile: string, options: { as: string; json: boolean }) => {
      const { problems, catalogue, policy } = readBoth(catalogueFile, policyFile)
      if (!catalogue || !policy || problems.length > 0) throw new Ended(exitCodes.policy, describeProblems(problems))
      const sha256s = await load(program.opts<{ stack: string }>().stack, { catalogue, policy }, options.as)
      if (options.json) return printJson({ loaded: sha256s })
      say('the catalogue and the policy are in force')
    })
  addPages(catalogue.command('show', { isDefault: true }))
    .description('services, and nodes in the ledger a page at a time, nodes without a service included')
    .option('--json', 'one JSON document', false)
    .addHelpText('after', '\nExample: drydock catalogue show --json')
    .action(async ({ json, ...paging }: PageOptions & { json: boolean }) => {
      const { ledger } = await connect(program.opts<{ stack: string }>().stack)
      const services = (await ledger.read(CatalogueRecord, keys.catalogue()))?.value.services ?? []
      const found = await readPage(ledger, AssetRecord, lists.assets, paging)
      const assets = found.values
      if (json) return printJson({ services, assets, ...nextOf(found) })
      print(
        table(
          ['SERVICE', 'TIER', 'EXPOSURE', 'MINIMUM HEALTHY', 'DEPENDS ON'],
          services.map((one) => [
            one.name,
            one.tier,
            one.exposure,
            String(one.minimumHealthy),
            one.dependsOn.join(', ') || '-',
          ]),
        ),
      )
      print('')
      print(
        table(
          ['NODE', 'SERVICES', 'STAGE', 'ZONE', 'PLATFORM', 'AGENT', 'NOTE'],
          assets.map((asset) => [
            asset.hostId,
            asset.services.join(', ') || '(untagged)',
            asset.stage ?? '-',
            asset.zone,
            asset.platform,
            asset.agentVersion,
            [
              asset.isManaged ? (asset.isOnline ? '' : 'offline') : 'not managed',
              asset.zone === 'unknown' ? 'zone unknown: tag patch-zone' : '',
            ]
              .filter((note) => note !== '')
              .join(', '),
          ]),
        ),
      )
      sayMore(found)
    })
}

function checkFiles(catalogueFile: string, policyFile: string, { json }: { json: boolean }) {
  const { problems, catalogue } = readBoth(catalogueFile, policyFile)
  const calendars =
    catalogue && problems.length === 0 ? nextClosuresOf(catalogue, systemClock.nowMs(), closuresShown) : []
  if (json) printJson({ isRight: problems.length === 0, problems, calendars: calendars.map(readableClosures) })
  if (problems.length > 0) throw new Ended(exitCodes.policy, json ? '' : describeProblems(problems))
  if (json) return
  say('both files are valid')
  if (calendars.length > 0) print(closuresTable(calendars))
}

/** Closures of each calendar that a check shows. */
const closuresShown = 5

const readableClosures = ({ name, ssm, closures }: Closures) => ({
  name,
  ...(ssm === undefined ? {} : { ssm }),
  nextClosures: closures.map(({ startMs, endMs }) => ({ from: isoInstant(startMs), until: isoInstant(endMs) })),
})

/** The next closures of each calendar, for the person who loads it to check. */
function closuresTable(calendars: readonly Closures[]): string {
  const rows = calendars.flatMap(({ name, ssm, closures }) => {
    if (ssm !== undefined) return [[name, `kept by SSM (${ssm}): asked at run time`, '']]
    if (closures.length === 0) return [[name, 'not closed in the next 400 days', '']]
    return closures.map(({ startMs, endMs }) => [name, isoInstant(startMs), isoInstant(endMs)])
  })
  return table(['CALENDAR', 'CLOSED FROM', 'UNTIL'], rows)
}

interface FileProblem extends Problem {
  readonly file: string
}

/** Each file where it is valid, and the problems of both. */
function readBoth(catalogueFile: string, policyFile: string) {
  const of = (file: string, problems: readonly Problem[]): FileProblem[] =>
    problems.map((problem) => ({ file, ...problem }))
  const catalogue = loadCatalogue(readFileSync(catalogueFile, 'utf8'), systemClock.nowMs())
  const policy = loadPolicy(readFileSync(policyFile, 'utf8'))
  const problems = [
    ...('problems' in catalogue ? of(catalogueFile, catalogue.problems) : []),
    ...('problems' in policy ? of(policyFile, policy.problems) : []),
    ...('value' in catalogue && 'value' in policy
      ? of(policyFile, checkPolicyAgainstCatalogue(policy.value, catalogue.value))
      : []),
  ]
  return {
    problems,
    catalogue: 'value' in catalogue ? catalogue.value : undefined,
    policy: 'value' in policy ? policy.value : undefined,
  }
}

/** One line per problem: place, what is wrong, what was probably meant. */
export const describeProblems = (problems: readonly FileProblem[]) =>
  problems
    .map(
      ({ file, line, column, path, message, didYouMean }) =>
        `${file}:${line}:${column}: ${path}: ${message}${didYouMean ? `; did you mean "${didYouMean}"?` : ''}`,
    )
    .join('\n')

interface Both {
  readonly catalogue: Catalogue
  readonly policy: Policy
}

async function load(stack: string, { catalogue, policy }: Both, actor: string) {
  const ports = movePorts(await connect(stack))
  const { ledger } = ports
  const at = isoInstant(systemClock.nowMs())
  const sha256s = { catalogue: sha256(canonicalJson(catalogue)), policy: sha256(canonicalJson(policy)) }
  const evidence = (type: string, digest: string) => ({
    ...evidenceBy(ports, at, actor),
    type,
    changeId: 'none',
    body: { sha256: digest },
  })
  const [catalogueNow, policyNow] = await Promise.all([
    ledger.read(CatalogueRecord, keys.catalogue()),
    ledger.read(PolicyRecord, keys.policy()),
  ])
  const result = await ledger.commit({
    moves: [
      { kind: 'catalogue', key: keys.catalogue(), from: catalogueNow?.version ?? 0, value: catalogue },
      { kind: 'policy', key: keys.policy(), from: policyNow?.version ?? 0, value: policy },
    ],
    evidence: [evidence('catalogue.loaded', sha256s.catalogue), evidence('policy.loaded', sha256s.policy)],
  })
  if (!('committed' in result))
    throw new Ended(exitCodes.error, 'someone else loaded a catalogue at the same moment; check it and try again')
  return sha256s
}
