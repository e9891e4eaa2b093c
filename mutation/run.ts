/** `npm run mutation [-- FILE... | --changed BASE] [--minutes N] [--concurrency N]`: mutates files and fails on each mutant that lives. */
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { countMutants, faultsOf, Report, tableOf } from './report.ts'
import { type Target, targets, targetsOf } from './targets.ts'

const here = import.meta.dirname
const root = join(here, '..')
const reports = join(root, '.drydock', 'mutation')
const stryker = join(here, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js')

const { values: options, positionals: files } = parseArgs({
  allowPositionals: true,
  options: {
    changed: { type: 'string' },
    /** Minutes after which no further target runs, and the one that runs is ended. */
    minutes: { type: 'string', default: '600' },
    concurrency: { type: 'string', default: '1' },
  },
})

/** Committed or not: everything that differs from the base. */
const changedSince = (base: string) =>
  execFileSync('git', ['diff', '--name-only', base, '--'], { cwd: root, encoding: 'utf8' }).split('\n')

function chosen(): readonly Target[] {
  if (options.changed !== undefined) return targetsOf(changedSince(options.changed))
  if (files.length === 0) return targets
  const picked = targetsOf(files)
  const unknown = files.filter((file) => !picked.some(({ mutate }) => mutate.includes(file)))
  if (unknown.length > 0) throw new Error(`not mutated: ${unknown.join(', ')}; mutation/targets.ts has the list`)
  return picked
}

/** Runs Stryker on one target; undefined where time ran out. */
async function run({ name, mutate, tests }: Target, endMs: number): Promise<Report | undefined> {
  const report = join(reports, 'report.json')
  rmSync(report, { force: true })
  const leftMs = endMs - Date.now()
  if (leftMs <= 0) return undefined
  const args = [
    'run',
    'mutation/stryker.config.json',
    '--mutate',
    mutate.join(','),
    '--concurrency',
    options.concurrency,
  ]
  const child = spawn(process.execPath, [stryker, ...args], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, DRYDOCK_MUTATION_TESTS: tests.join(' ') },
  })
  const timer = setTimeout(() => child.pid !== undefined && process.kill(-child.pid), leftMs)
  const code = await new Promise((resolve) => child.on('exit', resolve))
  clearTimeout(timer)
  if (Date.now() >= endMs) return undefined
  if (!existsSync(report)) throw new Error(`${name}: Stryker ended with ${code} and without a report`)
  const text = readFileSync(report, 'utf8')
  writeFileSync(join(reports, `${name}.json`), text)
  return Report.parse(JSON.parse(text))
}

const picked = chosen()
if (picked.length === 0) console.log(`nothing that is mutated differs from ${options.changed}`)
else {
  if (!existsSync(stryker))
    execFileSync('npm', ['--prefix', here, 'ci', '--ignore-scripts', '--no-audit', '--no-fund'], { stdio: 'inherit' })
  mkdirSync(reports, { recursive: true })
  const endMs = Date.now() + Number(options.minutes) * 60_000
  const results = new Map<Target, Report | undefined>()
  for (const target of picked) results.set(target, await run(target, endMs))
  const done = [...results.values()].filter((report) => report !== undefined)
  const faults = done.flatMap(faultsOf)
  console.log(`\n${tableOf(done.flatMap(countMutants))}`)
  for (const fault of faults) console.log(`not killed: ${fault}`)
  const late = [...results].flatMap(([{ mutate }, report]) => (report ? [] : mutate))
  if (late.length > 0) console.log(`not mutated, the time was up: npm run mutation -- ${late.join(' ')}`)
  process.exitCode = faults.length > 0 ? 1 : 0
}
