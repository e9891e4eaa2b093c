/** Whether this machine can run Drydock and its local cloud. */
import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { projectRoot } from '../../tools/processes.ts'
import { type Check, fail, ok, warn } from './check.ts'

const nodeMin = 24

export async function checkMachine(): Promise<readonly Check[]> {
  const cdk = join(projectRoot, 'node_modules', 'aws-cdk', 'package.json')
  const cdkVersion = existsSync(cdk) ? String(JSON.parse(readFileSync(cdk, 'utf8')).version) : 'missing'
  const python = await promisify(execFile)('python3', ['--version'], { timeout: 5_000 }).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  )
  const node = process.versions.node
  return [
    Number(node.split('.')[0]) >= nodeMin ? ok('Node', node) : fail('Node', node, 'npm ci --ignore-scripts'),
    // npm's aws-cdk@latest is 3.0.0, published by accident and older than the library.
    cdkVersion.startsWith('2.') ? ok('CDK CLI', cdkVersion) : fail('CDK CLI', cdkVersion, 'npm ci --ignore-scripts'),
    python
      ? ok('Python for the local cloud', python)
      : warn(
          'Python for the local cloud',
          'missing',
          'apt-get install python3 python3-venv, or npm start -- --in-process',
        ),
  ]
}
