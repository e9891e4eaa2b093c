/**
 * Runs scripts of package.json side by side: `node tools/steps.ts NAME...`. Each ends with one line and its seconds,
 * and how many tests ran; of one that fails the whole output is printed, and the others go on.
 */
import { readFileSync } from 'node:fs'
import { availableParallelism, loadavg } from 'node:os'
import { delimiter, join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { inParallel } from '../functions/kit/in-parallel.ts'
import { projectRoot, startProgram, stopOnInterrupt } from './processes.ts'

export interface Step {
  readonly name: string
  /** What the shell runs. */
  readonly script: string
}

export interface StepEnd {
  readonly name: string
  readonly isGood: boolean
  readonly seconds: number
  /** The file with everything that it printed. */
  readonly logFile: string
}

/**
 * The scripts of these names.
 *
 * @throws Error when package.json has none of a name: a step that does not exist must not pass.
 */
export function stepsOf(names: readonly string[], scripts: Readonly<Record<string, string>>): Step[] {
  return names.map((name) => {
    const script = scripts[name]
    if (script === undefined) throw new Error(`package.json has no script "${name}"`)
    return { name, script }
  })
}

/** How busy the machine is, so that seconds can be judged. */
export const loadText = (): string => `load average ${(loadavg()[0] ?? 0).toFixed(1)}`

/** Runs one step to its end; a failure is an answer too. */
export async function runStep({ name, script }: Step): Promise<StepEnd> {
  const startMs = performance.now()
  const { child, logFile } = startProgram({
    command: 'sh',
    arguments: ['-c', script],
    environment: { PATH: [join(projectRoot, 'node_modules', '.bin'), process.env.PATH].join(delimiter) },
    logName: `step-${name.replaceAll(':', '-')}`,
  })
  const code = await new Promise<number | null>((done) => {
    child.once('error', () => done(null))
    child.once('exit', (exitCode) => done(exitCode))
  })
  const seconds = (performance.now() - startMs) / 1000
  return { name, isGood: code === 0, seconds, logFile }
}

/** Runs the steps in their order, as many at a time as there are cores; `onEnd` hears of each. True if all are good. */
export async function runSteps(steps: readonly Step[], onEnd: (end: StepEnd) => void): Promise<boolean> {
  const ends = await inParallel(steps, availableParallelism(), async (step) => {
    const end = await runStep(step)
    onEnd(end)
    return end
  })
  return ends.every(({ isGood }) => isGood)
}

/** Of what a good step printed: how many tests ran and were skipped, and lines between asterisks, as of hosts that did not run. */
const tellingLines = /^ *(?:Tests {2}.*|\*{3} .* \*{3})$/gm

/** What is said of a step: a line, and below it what a good one has to tell, or everything that a failed one printed. */
export function lineOf({ name, isGood, seconds, logFile }: StepEnd): string {
  const printed = readFileSync(logFile, 'utf8')
  const told = isGood ? (stripVTControlCharacters(printed).match(tellingLines) ?? []) : [printed]
  return `${isGood ? 'ok    ' : 'FAILED'} ${name.padEnd(16)} ${seconds.toFixed(1).padStart(6)} s\n${told.map((text) => (isGood ? `       ${text.trim()}\n` : text)).join('')}`
}

if (import.meta.main) {
  stopOnInterrupt()
  const { scripts } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'))
  const isGood = await runSteps(stepsOf(process.argv.slice(2), scripts), (end) => process.stdout.write(lineOf(end)))
  process.stdout.write(
    `       in all           ${(performance.now() / 1000).toFixed(1).padStart(6)} s; ${loadText()}\n`,
  )
  process.exitCode = isGood ? 0 : 1
}
