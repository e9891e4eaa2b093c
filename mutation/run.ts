/**
 * `npm run mutation [-- FILE... | --changed BASE | --recent COMMITS] [--minutes N] [--concurrency N]`: mutates files and
 * fails on each mutant that lives.
 */
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { countMutants, faultsOf, Report, tableOf } from './report.ts'
import { fittingTargets, secondsOf, type Target, targets, targetsOf, targetsTouchedBy } from './targets.ts'

const here = import.meta.dirname
const root = join(here, '..')
const reports = join(root, '.drydock', 'mutation')
const stryker = join(here, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js')

const { values: options, positionals: files } = parseArgs({
  allowPositionals: true,
  options: {
    /** What differs from this commit, committed or not. */
    changed: { type: 'string' },
    /** What the last commits touch, as many as this; it needs no base and no merge base, only history. */
    recent: { type: 'string' },
    /** Minutes after which nothing runs: a target that would not end by then does not start. */
    minutes: { type: 'string', default: '600' },
    concurrency: { type: 'string', default: '1' },
  },
})

const git = (...args: readonly string[]) =>
  execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 }).split('\n')

function chosen(): readonly Target[] {
  if (options.changed !== undefined) return targetsTouchedBy(git('diff', '--name-only', options.changed, '--'))
  // A commit without its parent, as a shallow clone ends with, touches everything.
  if (options.recent !== undefined)
    return targetsTouchedBy(git('log', '-n', options.recent, '--name-only', '--format=', '--diff-merges=off'))
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

const filesOf = (some: readonly Target[]) => some.flatMap(({ mutate }) => mutate).join(' ')

/** Runs what fits into the time and says what does not; true where no mutant lives and no target was cut off. */
async function mutateAll(all: readonly Target[]): Promise<boolean> {
  const seconds = Number(options.minutes) * 60
  const endMs = Date.now() + seconds * 1000
  const picked = fittingTargets(all, seconds * Number(options.concurrency))
  console.log(`mutated, some ${Math.ceil(secondsOf(picked) / 60)} min of CPU: ${filesOf(picked)}`)
  const results = new Map<Target, Report | undefined>()
  for (const target of picked) results.set(target, Date.now() < endMs ? await run(target, endMs) : undefined)
  const done = [...results.values()].filter((report) => report !== undefined)
  const faults = done.flatMap(faultsOf)
  console.log(`\n${tableOf(done.flatMap(countMutants))}`)
  for (const fault of faults) console.log(`not killed: ${fault}`)
  const left = all.filter((target) => !picked.includes(target))
  if (left.length > 0) console.log(`not mutated, for ${options.minutes} min are too few: ${filesOf(left)}`)
  const cut = picked.filter((target) => results.get(target) === undefined)
  if (cut.length > 0) console.log(`out of minutes, so the run fails: npm run mutation -- ${filesOf(cut)}`)
  return picked.length > 0 && faults.length === 0 && cut.length === 0
}

const touched = chosen()
if (touched.length === 0) console.log('nothing that is mutated was touched')
else {
  install()
  mkdirSync(reports, { recursive: true })
  process.exitCode = (await mutateAll(touched)) ? 0 : 1
}
