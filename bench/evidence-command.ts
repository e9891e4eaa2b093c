/** Runs a script of the project in its own process: its seconds, with the start of Node, and its peak of memory. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { projectRoot } from '../tools/processes.ts'

/** The script's own report of its peak: `maxRSS` of a child starts at its parent's. */
const tellPeak = `data:text/javascript,${encodeURIComponent(
  `import { readFileSync, writeSync } from 'node:fs'
   process.on('exit', () => {
     const { user, system } = process.cpuUsage()
     writeSync(3, readFileSync('/proc/self/status', 'utf8') + 'CpuMicroseconds: ' + (user + system) + '\\n')
   })`,
)}`

/** What one run took; `output` is what it printed. */
export interface Run {
  readonly seconds: number
  /** CPU time of all threads: on a busy machine wall time is mostly waiting for others. */
  readonly cpuSeconds: number
  readonly megabytes: number
  readonly output: string
}

/** @throws Error when the script does not exit with 0. */
export function runScript(...words: readonly string[]): Run {
  const startMs = performance.now()
  const { status, output } = spawnSync(process.execPath, ['--import', tellPeak, ...words], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
  })
  const seconds = (performance.now() - startMs) / 1_000
  if (status !== 0) throw new Error(`${words.join(' ')}: exit ${status}`)
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(output[3] ?? '')?.[1]
  const microseconds = /^CpuMicroseconds: (\d+)$/m.exec(output[3] ?? '')?.[1]
  const cpuSeconds = microseconds === undefined ? Number.NaN : Number(microseconds) / 1_000_000
  const megabytes = kilobytes === undefined ? Number.NaN : Number(kilobytes) / 1_024
  return { seconds, cpuSeconds, megabytes, output: output[1] ?? '' }
}

/** `drydock evidence verify`. */
export const runCommand = (directory: string, keyFile: string): Run =>
  runScript(join(projectRoot, 'cli', 'drydock.mjs'), 'evidence', 'verify', directory, '--key', keyFile)
