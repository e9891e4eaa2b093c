/** Parses every Windows document's whole program: PowerShell does not run here, but syntax errors are found. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { windowsDocuments } from '../documents/windows.ts'
import { workDirectory } from './processes.ts'

const environment = join(workDirectory, 'powershell')
const python = join(environment, 'bin', 'python')

/** Programs come as a JSON map on standard input; each syntax error goes to standard output. */
const parser = `
import json, sys, tree_sitter_powershell
from tree_sitter import Language, Parser
parser = Parser(Language(tree_sitter_powershell.language()))
def walk(name, node):
    if node.type == 'ERROR' or node.is_missing:
        print(f'{name}:{node.start_point[0] + 1}: {node.type}')
    for child in node.children:
        walk(name, child)
for name, program in json.load(sys.stdin).items():
    walk(name, parser.parse(program.encode()).root_node)
`

function install(): boolean {
  const run = (command: string, ...args: string[]) =>
    spawnSync(command, args, { stdio: 'inherit', timeout: 180_000 }).status === 0
  const packages = ['tree-sitter==0.26.1', 'tree-sitter-powershell==0.26.4']
  return run('python3', '-m', 'venv', environment) && run(python, '-m', 'pip', 'install', '--quiet', ...packages)
}

const programs = Object.fromEntries(
  Object.entries(windowsDocuments({ bucket: 'ours', region: 'eu-central-1' })).flatMap(([name, { mainSteps }]) =>
    mainSteps.flatMap(({ name: step, inputs: { runCommand } }) =>
      Array.isArray(runCommand) ? [[`${name}/${step}`, runCommand.join('\n')]] : [],
    ),
  ),
)
if (!existsSync(python) && !install()) {
  process.stderr.write('the PowerShell grammar cannot be installed from PyPI: Windows documents are not parsed\n')
  process.exit(1)
}
const { stdout, status } = spawnSync(python, ['-c', parser], { input: JSON.stringify(programs), encoding: 'utf8' })
process.stderr.write(stdout)
const isGood = status === 0 && stdout === ''
process.stderr.write(
  isGood ? `PowerShell: ${Object.keys(programs).length} programs parse\n` : 'PowerShell: faults above\n',
)
process.exitCode = isGood ? 0 : 1
