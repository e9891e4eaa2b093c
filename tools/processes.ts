/** Child processes of the local cloud: started with a log file, awaited with a deadline, never left behind. */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import { DrydockError } from '../functions/kit/errors.ts'

export const projectRoot = resolve(import.meta.dirname, '..')
export const workDirectory = join(projectRoot, '.drydock')
/** What Node compiled of our sources, types stripped; cli/drydock.mjs names the same. */
export const compileCache = join(workDirectory, 'compile-cache')

export interface Program {
  readonly command: string
  readonly arguments: readonly string[]
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** Under .drydock/logs. */
  readonly logName: string
}

const running = new Set<ChildProcess>()

/** Starts a program in its own process group, its output going to its log file. */
export function startProgram({ command, arguments: args, environment, logName }: Program): {
  child: ChildProcess
  logFile: string
} {
  const logFile = join(workDirectory, 'logs', `${logName}.log`)
  mkdirSync(dirname(logFile), { recursive: true })
  // It writes there itself, so that the file is whole when it ends.
  const log = openSync(logFile, 'w')
  const child = spawn(command, [...args], {
    cwd: projectRoot,
    env: { ...process.env, ...environment },
    stdio: ['ignore', log, log],
    detached: true,
  })
  closeSync(log)
  running.add(child)
  child.once('exit', () => running.delete(child))
  return { child, logFile }
}

/**
 * Runs a program to its end.
 *
 * @throws DrydockError DD2420 when it cannot be started, fails, or takes longer than `timeoutMs`; the text names the
 * log.
 */
export async function runProgram(program: Program, timeoutMs: number): Promise<void> {
  const { child, logFile } = startProgram(program)
  const name = [program.command, ...program.arguments].join(' ')
  const timer = setTimeout(() => stopProgram(child), timeoutMs)
  const code = await new Promise<number | string>((done) => {
    child.once('error', (error) => done(error.message))
    child.once('exit', (exitCode, signal) => done(exitCode ?? signal ?? 'unknown'))
  })
  clearTimeout(timer)
  if (code !== 0) throw new DrydockError('DD2420', `${name} ended with ${code}; its output is in ${logFile}`)
}

export function stopProgram(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null) return
  try {
    process.kill(-child.pid, 'SIGTERM')
  } catch {
    // The group is gone already.
  }
}

/** Ends every program that is still running; the last resort of Ctrl-C and of a failed start. */
export function stopAllPrograms(): void {
  for (const child of running) stopProgram(child)
}

/** Ctrl-C, a closed terminal, a closed pipe, an uncaught error: nothing is left running. */
export function stopOnInterrupt(): void {
  process.once('exit', stopAllPrograms)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130))
}

/** A free TCP port on 127.0.0.1. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  await new Promise((done) => server.close(done))
  if (address === null || typeof address === 'string') throw new DrydockError('DD2421', 'no free port on 127.0.0.1')
  return address.port
}
