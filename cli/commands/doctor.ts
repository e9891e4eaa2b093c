/** `drydock doctor`: what stands in the way, each with the command that mends it. */
import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Command } from 'commander'
import { AssetRecord, CatalogueRecord } from '../../functions/catalogue/index.ts'
import { keys, lists } from '../../functions/kit/keys.ts'
import { projectRoot } from '../../local/processes.ts'
import { connect } from '../connection.ts'
import { exitCodes } from '../exit-codes.ts'
import { Ended, print, printJson, table } from '../output.ts'

interface Check {
  readonly name: string
  readonly isRight: boolean
  readonly found: string
  readonly mend: string
}

export function addDoctor(program: Command) {
  program
    .command('doctor')
    .description('check this machine, the hub, and the nodes; exits 1 when something needs mending')
    .option('--json', 'one JSON document', false)
    .addHelpText('after', '\nExample: drydock doctor')
    .action(async (options: { json: boolean }) => {
      const checks = [...(await machineChecks()), ...(await hubChecks(program.opts<{ stack: string }>().stack))]
      if (options.json) printJson({ checks })
      else
        print(
          table(
            ['', 'CHECK', 'FOUND', 'MEND WITH'],
            checks.map((check) => [
              check.isRight ? 'ok' : 'NO',
              check.name,
              check.found,
              check.isRight ? '' : check.mend,
            ]),
          ),
        )
      if (checks.some((check) => !check.isRight)) throw new Ended(exitCodes.error)
    })
}

async function machineChecks(): Promise<Check[]> {
  const cdk = join(projectRoot, 'node_modules', 'aws-cdk', 'package.json')
  const cdkVersion = existsSync(cdk) ? String(JSON.parse(readFileSync(cdk, 'utf8')).version) : 'missing'
  const python = await promisify(execFile)('python3', ['--version'], { timeout: 5_000 }).then(
    ({ stdout }) => stdout.trim(),
    () => 'missing',
  )
  return [
    {
      name: 'Node',
      isRight: Number(process.versions.node.split('.')[0]) >= 24,
      found: process.versions.node,
      mend: 'npm ci --ignore-scripts',
    },
    // npm's aws-cdk@latest is 3.0.0, published by accident and older than the library.
    { name: 'CDK CLI', isRight: cdkVersion.startsWith('2.'), found: cdkVersion, mend: 'npm ci --ignore-scripts' },
    {
      name: 'Python for the local cloud',
      isRight: python !== 'missing',
      found: python,
      mend: 'apt-get install python3 python3-venv',
    },
  ]
}

async function hubChecks(stack: string): Promise<Check[]> {
  try {
    const { ledger } = await connect(stack)
    const catalogue = await ledger.read(CatalogueRecord, keys.catalogue())
    const assets = (await ledger.list(AssetRecord, lists.assets)).map(({ value }) => value)
    const untagged = assets.filter((asset) => asset.services.length === 0 || asset.stage === undefined)
    return [
      { name: 'hub', isRight: true, found: stack, mend: '' },
      {
        name: 'catalogue',
        isRight: catalogue !== undefined,
        found: catalogue ? `${catalogue.value.services.length} services` : 'none',
        mend: 'drydock catalogue load catalogue.yaml policy.yaml --as YOU',
      },
      {
        name: 'nodes known',
        isRight: assets.length > 0,
        found: String(assets.length),
        mend: 'wait for the inventory (every 30 minutes), or tag nodes patch-managed=true',
      },
      {
        name: 'nodes with service and stage',
        isRight: untagged.length === 0,
        found: `${assets.length - untagged.length} of ${assets.length}`,
        mend: `tag ${untagged
          .slice(0, 3)
          .map(({ hostId }) => hostId)
          .join(', ')} with patch-service and patch-stage`,
      },
    ]
  } catch (error) {
    return [
      {
        name: 'hub',
        isRight: false,
        found: error instanceof Error ? error.message : String(error),
        mend: 'npm start -- --keep, or npx cdk deploy DrydockHub',
      },
    ]
  }
}
