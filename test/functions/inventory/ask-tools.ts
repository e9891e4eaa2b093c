/**
 * Asks dpkg and rpm themselves how pairs of versions are ordered.
 *
 * `node test/functions/inventory/ask-tools.ts` asks about all pairs and writes the answers; it needs both tools and some
 * five minutes, because dpkg takes one pair a process.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  answersFile,
  type Order,
  type Pair,
  packOrders,
  type Tool,
  versionPairs,
} from '../../../oracles/version-pairs.ts'

const programs: Readonly<Record<Tool, string>> = { deb: 'dpkg', rpm: 'rpm' }

export const versionOfTool = (tool: Tool): string | undefined => {
  const { status, stdout } = spawnSync(programs[tool], ['--version'], { encoding: 'utf8' })
  return status === 0 ? stdout.split('\n', 1)[0] : undefined
}

const dpkgLoop = `while read -r left right; do
  if dpkg --compare-versions "$left" lt "$right"; then echo -1
  elif dpkg --compare-versions "$left" gt "$right"; then echo 1
  elif dpkg --compare-versions "$left" eq "$right"; then echo 0
  else echo none; fi
done < "$1"`

const rpmLoop = (file: string) =>
  `%{lua: for line in io.lines("${file}") do local left, right = line:match("^(%S+) (%S+)$"); print(rpm.vercmp(left, right) .. "\\n") end}`

const orders: Readonly<Record<string, Order>> = { '-1': -1, '0': 0, '1': 1 }

export function askTool(tool: Tool, pairs: readonly Pair[]): Order[] {
  const directory = mkdtempSync(join(tmpdir(), 'drydock-versions-'))
  try {
    const file = join(directory, 'pairs')
    writeFileSync(file, `${pairs.map((pair) => pair.join(' ')).join('\n')}\n`)
    const command = tool === 'deb' ? ['sh', '-c', dpkgLoop, 'sh', file] : ['rpm', '--eval', rpmLoop(file)]
    const [program = '', ...words] = command
    const { stdout, error } = spawnSync(program, words, { encoding: 'utf8', maxBuffer: 2 ** 26 })
    if (error) throw error
    const answers = stdout.split('\n').filter((line) => line !== '')
    if (answers.length !== pairs.length)
      throw new Error(`${answers.length} answers of ${program} to ${pairs.length} pairs`)
    return answers.map((answer, index) => {
      const order = orders[answer]
      if (order === undefined) throw new Error(`${program} gave "${answer}" for ${pairs[index]?.join(' ')}`)
      return order
    })
  } finally {
    rmSync(directory, { recursive: true })
  }
}

if (import.meta.main) {
  for (const tool of ['rpm', 'deb'] as const) {
    const answers = askTool(tool, versionPairs(tool))
    writeFileSync(answersFile(tool), packOrders(answers))
    const count = (order: Order) => answers.filter((answer) => answer === order).length
    process.stdout.write(`${versionOfTool(tool)}: ${count(-1)} older, ${count(0)} the same, ${count(1)} newer\n`)
  }
}
