/**
 * Runs the benchmarks named on the command line, or all, and writes the page docs/performance.md and its log: whole, or
 * the sections of those named. With --cells only a part of a benchmark runs, and nothing is written.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { projectRoot } from '../tools/processes.ts'
import { benchBundles } from './bundles.ts'
import { benchDecisions } from './decisions.ts'
import { benchDispatcher } from './dispatcher.ts'
import { benchEvidence } from './evidence.ts'
import { benchIntake } from './intake.ts'
import { benchJudge } from './judge.ts'
import { pageOf, sectionOf, withSections } from './page.ts'
import { benchPages } from './pages.ts'
import { benchPlanner } from './planner.ts'
import { benchScenario } from './scenario.ts'
import { asMarkdown, type Bench } from './table.ts'
import { benchVersions } from './versions.ts'

const argument = (name: string) => process.argv.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3)

const benches: Readonly<Record<string, () => Bench[] | Promise<Bench[]>>> = {
  bundles: benchBundles,
  decisions: benchDecisions,
  dispatcher: () => benchDispatcher(),
  evidence: benchEvidence,
  intake: () => benchIntake(),
  judge: () =>
    benchJudge({
      cells: argument('cells') ?? '',
      runs: Number(argument('runs') ?? 1_000),
      cellRuns: Number(argument('cell-runs') ?? 240),
    }),
  pages: benchPages,
  planner: benchPlanner,
  scenario: benchScenario,
  versions: benchVersions,
}

const named = process.argv.slice(2).filter((word) => !word.startsWith('--'))
const unknown = named.filter((name) => !(name in benches))
if (unknown.length > 0) {
  process.stderr.write(`unknown benchmark ${unknown.join(', ')}; choose from ${Object.keys(benches).join(', ')}\n`)
  process.exit(64)
}
const results: Bench[] = []
for (const [name, bench] of Object.entries(benches)) {
  if (named.length > 0 && !named.includes(name)) continue
  process.stderr.write(`measuring ${name}\n`)
  results.push(...(await bench()))
}
const tables = results.map(asMarkdown).join('\n')
process.stdout.write(process.argv.includes('--json') ? `${JSON.stringify(results)}\n` : tables)
const when = `on ${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'})`
const pathOf = (name: string) => join(projectRoot, 'docs', name)
if (named.length === 0) {
  const measured = `Measured by \`npm run bench\` ${when}.`
  writeFileSync(pathOf('performance.md'), pageOf(results, measured))
  writeFileSync(pathOf('performance-log.md'), `# Performance log\n\n${measured}\n\n${tables}`)
} else if (argument('cells') === undefined) {
  const { user, system } = process.cpuUsage()
  const cost = `the whole run took ${Math.round((user + system) / 1e6)} s of processor time`
  const dated = results.map((bench) => ({ ...bench, notes: [`Measured ${when}; ${cost}.`, ...(bench.notes ?? [])] }))
  for (const [name, render] of [
    ['performance.md', sectionOf],
    ['performance-log.md', asMarkdown],
  ] as const)
    writeFileSync(pathOf(name), withSections(readFileSync(pathOf(name), 'utf8'), dated, render))
}
