/**
 * `npm run mutation [-- FILE... | --changed BASE | --recent COMMITS] [--minutes N] [--concurrency N]`: mutates files and
 * fails on each mutant that lives.
 */
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { filesChangedSince, filesLanded, targetsLanded } from './landed.ts'
import { countMutants, faultsOf, Report, tableOf } from './report.ts'
import { filesOf, leftOutOf, secondsOf, type Target, targets, targetsOf, targetsTouchedBy } from './targets.ts'

const here = import.meta.dirname
const root = join(here, '..')
const reports = join(root, '.drydock', 'mutation')
const stryker = join(here, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js')

const { values: options, positionals: files } = parseArgs({
  allowPositionals: true,
  options: {
    /** What differs from this commit, committed or not. */
    changed: { type: 'string' },
    /** What the last commits brought, as many as this along the first parent, so that a merge brings all it merged. */
    recent: { type: 'string' },
    /** A target that would not end by then does not start. */
    minutes: { type: 'string', default: '600' },
    concurrency: { type: 'string', default: '1' },
  },
})

function chosen(): readonly Target[] {
  if (options.changed !== undefined) return targetsTouchedBy(filesChangedSince(root, options.changed))
  if (options.recent !== undefined) return targetsLanded(filesLanded(root, Number(options.recent)))
  if (files.length === 0) return targets
  const picked = targetsOf(files)
  const unknown = files.filter((file) => !picked.some(({ mutate }) => mutate.includes(file)))
  if (unknown.length > 0) throw new Error(`not mutated: ${unknown.join(', ')}; mutation/targets.ts has the list`)
  return picked
}

/** How long a target takes here, in ms, if the machine is as quick as the one that its seconds are from. */
const msOf = (some: readonly Target[]) => (1000 * secondsOf(some)) / Number(options.concurrency)

/** A target that takes this many times as long as it says is cut off, unless there is time left. */
const patience = 3

/** Runs Stryker on one target; undefined where it was cut off. */
async function run({ name, mutate, tests }: Target, endMs: number): Promise<Report | undefined> {
  const report = join(reports, 'report.json')
  rmSync(report, { force: true })
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
  const timer = setTimeout(() => child.pid !== undefined && process.kill(-child.pid), endMs - Date.now())
  const code = await new Promise((resolve) => child.on('exit', resolve))
  clearTimeout(timer)
  if (Date.now() >= endMs) return undefined
  if (!existsSync(report)) throw new Error(`${name}: Stryker ended with ${code} and without a report`)
  const text = readFileSync(report, 'utf8')
  writeFileSync(join(reports, `${name}.json`), text)
  return Report.parse(JSON.parse(text))
}

function install() {
  if (existsSync(stryker)) return
  const args = ['--prefix', here, 'ci', '--ignore-scripts', '--no-audit', '--no-fund']
  execFileSync('npm', args, { stdio: 'inherit' })
}

/** Runs each target that fits into the time, in order; one that does not leaves its place to those behind it. */
async function runInTime(asked: readonly Target[]) {
  const endMs = Date.now() + Number(options.minutes) * 60_000
  const results = new Map<Target, Report | undefined>()
  for (const target of asked)
    if (Date.now() + msOf([target]) <= endMs)
      results.set(target, await run(target, Math.max(endMs, Date.now() + patience * msOf([target]))))
  return results
}

/** Mutates and prints what became of it; true where something ran, no mutant lives and no target was cut off. */
async function mutateAll(asked: readonly Target[]): Promise<boolean> {
  console.log(`to mutate, some ${Math.ceil(msOf(asked) / 60_000)} min: ${filesOf(asked)}`)
  const results = await runInTime(asked)
  const reported = [...results.values()].filter((report) => report !== undefined)
  const faults = reported.flatMap(faultsOf)
  console.log(`\n${tableOf(reported.flatMap(countMutants))}`)
  for (const fault of faults) console.log(`not killed: ${fault}`)
  const cut = [...results].filter(([, report]) => report === undefined).map(([target]) => target)
  if (cut.length > 0) console.log(`cut off, so the run fails: npm run mutation -- ${filesOf(cut)}`)
  for (const line of leftOutOf(asked, [...results.keys()], options.minutes)) console.log(line)
  return results.size > 0 && faults.length === 0 && cut.length === 0
}

const asked = chosen()
if (asked.length === 0) for (const line of leftOutOf([], [], options.minutes)) console.log(line)
else {
  install()
  mkdirSync(reports, { recursive: true })
  process.exitCode = (await mutateAll(asked)) ? 0 : 1
}
